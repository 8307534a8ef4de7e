import { type FileHandle, open } from 'node:fs/promises';
import { FormatError, formats } from '../index.ts';

/** Most bytes of a file that is read whole. */
const MOST = 2 ** 31;
/** Most bytes of a text: a longer one is no string of every engine. */
const MOST_TEXT = 2 ** 29 - 2 ** 16;
/** Most bytes of a prompt on standard input; no model takes as many tokens. */
const MOST_INPUT = 2 ** 24;
/** Most bytes of what is no regular file: it may never end. */
const MOST_IN_STREAM = 2 ** 28;
/** Bytes read at a time where the size is not known before. */
const PIECE = 2 ** 16;

/** All bytes of a file, which may be a pipe. @throws FormatError if it cannot be read, or has more than `most` bytes. */
export async function readBytes(path: string, most: number = MOST): Promise<Buffer> {
  return reading(path, async () => {
    const handle = await open(path);
    try {
      return await bytesOf(handle, path, most);
    } finally {
      await handle.close();
    }
  });
}

async function bytesOf(handle: FileHandle, path: string, mostOfFile: number): Promise<Buffer> {
  const info = await handle.stat();
  const size = info.isFile() ? info.size : 0;
  const most = info.isFile() ? mostOfFile : Math.min(mostOfFile, MOST_IN_STREAM);
  if (size > most) throw tooLong(path, most);
  let bytes = Buffer.alloc(size > 0 ? size + 1 : PIECE);
  for (let length = 0; ; ) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length, null);
    if (bytesRead === 0) return bytes.subarray(0, length);
    length += bytesRead;
    if (length > most) throw tooLong(path, most);
    if (length === bytes.length) bytes = Buffer.concat([bytes, Buffer.alloc(Math.min(length, most + 1 - length))]);
  }
}

/** Text from standard input. @throws FormatError for bytes that are not UTF-8, or too many. */
export async function standardInput(): Promise<string> {
  const name = 'standard input';
  const pieces: Buffer[] = [];
  let length = 0;
  await reading(name, async () => {
    for await (const piece of process.stdin as AsyncIterable<Buffer>) {
      length += piece.length;
      if (length > MOST_INPUT) throw tooLong(name, MOST_INPUT);
      pieces.push(piece);
    }
  });
  return textOf(Buffer.concat(pieces), name);
}

function tooLong(path: string, most: number): FormatError {
  return new FormatError(`tmech: ${path} must have at most ${most} bytes, but it has more. Check the path.`, {
    source: path,
  });
}

/** Work that reads a file. @throws FormatError where the system refuses. */
export async function reading<R>(path: string, work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof FormatError || code === undefined) throw error;
    throw new FormatError(`tmech: ${path} must be a readable file, but it is not (${code}). Check the path.`, {
      source: path,
    });
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
  const text = textOf(await readBytes(path, MOST_TEXT), path);
  try {
    return formats.parseJson(text);
  } catch (error) {
    throw new FormatError(
      `tmech: ${path} must hold JSON, but it does not (${(error as Error).message}). Mend the file.`,
      { source: path },
      { cause: error },
    );
  }
}
