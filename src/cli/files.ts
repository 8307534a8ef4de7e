import { access, constants, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DomainError, FormatError } from '../index.ts';

/** Makes a directory and checks that files can be written in it, before any work is done. @throws DomainError */
export async function prepareDirectory(option: string, path: string): Promise<string> {
  const directory = resolve(path);
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK);
  } catch (error) {
    throw new DomainError(
      `tmech: ${option} must name a directory that can be written, but ${directory} cannot be (${reasonOf(error)}). Choose another.`,
    );
  }
  return directory;
}

/** Checks that a file can be written where the user wants it, before any work is done. @throws DomainError */
export async function prepareFile(option: string, path: string): Promise<string> {
  const file = resolve(path);
  await prepareDirectory(option, dirname(file));
  return file;
}

/** Writes a whole file or nothing: to a temporary name beside it, then renamed. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `.${process.pid}-${Date.now()}.tmp`);
  try {
    await writeFile(temporary, content, { flag: 'wx' });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new DomainError(`tmech: ${path} must be writable, but it is not (${reasonOf(error)}). Choose another place.`);
  }
}

/** The JSON value in a file. @throws FormatError if it cannot be read or parsed. */
export async function readJson(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new FormatError(
      `tmech: ${path} must be a readable file, but it is not (${reasonOf(error)}). Check the path.`,
      { source: path },
    );
  }
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

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code ?? message).replaceAll('\n', ' ');
}
