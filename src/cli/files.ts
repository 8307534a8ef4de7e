import { access, constants, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DomainError, FormatError, MechanicsError } from '../index.ts';
import { Interrupted, UsageError } from './run.ts';

/**
 * The absolute path of a directory that exists or can be made, checked before any work is done; nothing is made yet.
 *
 * @throws UsageError for an empty path; DomainError if nothing can be written there.
 */
export async function checkDirectory(option: string, path: string): Promise<string> {
  if (path === '')
    throw new UsageError(`tmech: ${option} must name a place, but it is empty. Leave it out or name one.`);
  const directory = resolve(path);
  let nearest = directory;
  for (;;) {
    try {
      if (!(await stat(nearest)).isDirectory()) throw notWritable(option, directory, `${nearest} is no directory`);
      await access(nearest, constants.W_OK);
      return directory;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(nearest) === nearest) {
        throw error instanceof DomainError ? error : notWritable(option, directory, reasonOf(error));
      }
      nearest = dirname(nearest);
    }
  }
}

function notWritable(option: string, directory: string, reason: string): DomainError {
  return new DomainError(
    `tmech: ${option} must name a directory that can be written, but ${directory} cannot be (${reason}). Choose another.`,
  );
}

/** The same for a file. */
export async function checkFile(option: string, path: string): Promise<string> {
  if (path !== '') await checkDirectory(option, dirname(resolve(path)));
  return path === '' ? checkDirectory(option, path) : resolve(path);
}

/** What a file is made of; what an iterable throws ends the writing. */
type FileContent = string | Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** Writes a whole file or nothing, making its directory: to a temporary name beside it, then, on the disk, renamed. */
export async function writeWhole(path: string, content: FileContent): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = join(dirname(path), `.${process.pid}-${Date.now()}.tmp`);
  try {
    await writeFile(temporary, content, { flag: 'wx', flush: true });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    if (error instanceof MechanicsError || error instanceof Interrupted) throw error;
    throw new DomainError(`tmech: ${path} must be writable, but it is not (${reasonOf(error)}). Choose another place.`);
  }
}

/** The folder that `--out` names, checked; null without one, or where nothing may be written. */
export async function outDirectory(
  { writes }: { readonly writes: boolean },
  out: string | undefined,
): Promise<string | null> {
  return out !== undefined && writes ? await checkDirectory('--out', out) : null;
}

/** Writes files into a folder by {@link writeWhole}, one after another. */
export async function writeAll(
  directory: string,
  files: Iterable<readonly [name: string, content: FileContent]>,
): Promise<void> {
  for (const [name, content] of files) await writeWhole(join(directory, name), content);
}

/** All bytes of a file. @throws FormatError if it cannot be read. */
export async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new FormatError(
      `tmech: ${path} must be a readable file, but it is not (${reasonOf(error)}). Check the path.`,
      { source: path },
    );
  }
}

/** UTF-8 bytes of a file, or of a named part of it, as text, without a byte-order mark. @throws FormatError for other bytes. */
export function textOf(bytes: Uint8Array, path: string, part = ''): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FormatError(
      `tmech: ${part}${path} must hold UTF-8 text, but its bytes are not. Check the path, or save the file as UTF-8.`,
      { source: path },
      { cause },
    );
  }
}

/** The JSON value in a file. @throws FormatError if it cannot be read or parsed. */
export async function readJson(path: string): Promise<unknown> {
  const text = textOf(await readBytes(path), path);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FormatError(
      `tmech: ${path} must hold JSON, but it does not (${reasonOf(error)}). Mend the file.`,
      { source: path },
      { cause: error },
    );
  }
}

/** What the system says of a failed access, on one line. */
function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code ?? message).replaceAll('\n', ' ');
}
