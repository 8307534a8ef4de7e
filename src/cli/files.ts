import { access, constants, lstat, mkdir, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DomainError, MechanicsError } from '../index.ts';
import { Interrupted, UsageError } from './invocation.ts';

/**
 * The absolute path of a directory that exists or can be made, checked before any work is done by making a file in the nearest directory
 * there is, which is removed at once.
 *
 * @throws UsageError for an empty path; DomainError if nothing can be written there.
 */
export async function checkDirectory(option: string, path: string): Promise<string> {
  if (path === '')
    throw new UsageError(`tmech: ${option} must name a place, but it is empty. Leave it out or name one.`);
  const directory = resolve(path);
  try {
    const nearest = await nearestDirectory(directory);
    await access(nearest, constants.W_OK);
    const probe = temporaryIn(nearest);
    await (await open(probe, 'wx')).close();
    await rm(probe);
    return directory;
  } catch (error) {
    throw new DomainError(
      `tmech: ${option} must name a directory that can be written, but ${directory} cannot be (${reasonOf(error)}). Choose another.`,
    );
  }
}

/** The directory itself or the closest one above it that exists. */
async function nearestDirectory(directory: string): Promise<string> {
  const found = await infoOf(directory);
  if (found === null) return nearestDirectory(dirname(directory));
  if (!found.isDirectory()) throw new Error(`${directory} is no directory`);
  return directory;
}

/** What is at a path, links followed; null if nothing is. @throws Error for a link that leads nowhere. */
async function infoOf(path: string) {
  const unlessAbsent = (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  };
  const found = await stat(path).catch(unlessAbsent);
  if (found !== null) return found;
  // Another process may have made a file since.
  const itself = await lstat(path).catch(unlessAbsent);
  if (itself?.isSymbolicLink()) throw new Error(`${path} is a link that leads nowhere`);
  return itself;
}

/** The same for a file: its directory can be written, and the file is a regular one or not there yet. */
export async function checkFile(option: string, path: string): Promise<string> {
  await placeOfFile(option, path);
  return resolve(path);
}

/** {@link checkFile}, with links followed, so that two names of one file are one place. */
export async function placeOfFile(option: string, path: string): Promise<string> {
  if (path === '') return checkDirectory(option, path);
  const file = resolve(path);
  await checkDirectory(option, dirname(file));
  try {
    return await replaceable(file);
  } catch (error) {
    throw new DomainError(
      `tmech: ${option} must name a file that can be written, but ${file} cannot be (${reasonOf(error)}). Choose another.`,
    );
  }
}

/** The regular file that a path leads to, which need not exist. @throws Error for anything else that is there. */
async function replaceable(path: string): Promise<string> {
  const found = await infoOf(path);
  if (found === null) return path;
  if (found.isFile()) return realpath(path);
  throw new Error(`${path} is ${found.isDirectory() ? 'a directory' : found.isFIFO() ? 'a pipe' : 'a device'}`);
}

/** What a file is made of; what an iterable throws ends the writing. */
type FileContent = string | Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * Writes a whole file or nothing, making its directory: to a temporary name beside it, then, on the disk, renamed. A link stays and what it
 * leads to is written; what is no regular file is refused.
 */
export async function writeWhole(path: string, content: FileContent): Promise<void> {
  let temporary: string | null = null;
  try {
    await mkdir(dirname(path), { recursive: true });
    const target = await replaceable(path);
    temporary = temporaryIn(dirname(target));
    await writeFile(temporary, content, { flag: 'wx', flush: true });
    await rename(temporary, target);
  } catch (error) {
    if (temporary !== null) await rm(temporary, { force: true }).catch(() => {});
    if (error instanceof MechanicsError || error instanceof Interrupted) throw error;
    throw new DomainError(`tmech: ${path} must be writable, but it is not (${reasonOf(error)}). Choose another place.`);
  }
}

/** Bytes written between two reports. */
const PIECE = 2 ** 22;

/** Bytes as pieces to write, each of which is reported when the next is asked for. */
export function* inPieces(bytes: Uint8Array, onWritten: (done: number) => void): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE) {
    yield bytes.subarray(at, at + PIECE);
    onWritten(Math.min(bytes.length, at + PIECE));
  }
}

let made = 0;

/** A name that no other file of this or another process has. */
function temporaryIn(directory: string): string {
  return join(directory, `.${process.pid}-${Date.now()}-${made++}.tmp`);
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

/** What the system says of a failed access. */
function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
