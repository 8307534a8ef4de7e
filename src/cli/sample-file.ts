import { type FileHandle, open } from 'node:fs/promises';
import { DomainError, FormatError, formats } from '../index.ts';
import { type LineBatch, lineBatches } from './file-lines.ts';

const NEWLINE = 0x0a;

/** Whether a value is the line that belongs at a place, counted from 0. */
export type IsLine<T> = (value: unknown, place: number) => value is T;

/** A JSON Lines file: a header, then numbered lines that are only ever appended. */
export class SampleFile<T extends object> {
  /** Lines after the header. */
  lines: number;
  readonly path: string;
  readonly #isLine: IsLine<T>;
  readonly #handle: FileHandle;
  #length: number;

  private constructor(path: string, isLine: IsLine<T>, handle: FileHandle, lines: number, length: number) {
    this.path = path;
    this.#isLine = isLine;
    this.#handle = handle;
    this.lines = lines;
    this.#length = length;
  }

  /**
   * Opens a file, or begins it: with the same header it goes on after its last whole line, and what a torn write left behind is cut.
   *
   * @param isLine asked for the last line.
   * @throws FormatError for a file with another header or a last line out of its place; DomainError if it cannot be written.
   */
  static async open<T extends object>(path: string, header: object, isLine: IsLine<T>): Promise<SampleFile<T>> {
    const handle = await opened(path);
    try {
      const found = await scan(handle);
      const first = Buffer.from(`${JSON.stringify(header)}\n`);
      if (found.length === 0) {
        if (!first.subarray(0, found.torn.length).equals(found.torn)) throw foreign(path, found.torn, header);
        await handle.truncate(0);
        await handle.write(first, 0, first.length, 0);
        return new SampleFile(path, isLine, handle, 0, first.length);
      }
      if (!Buffer.concat([found.first, Buffer.of(NEWLINE)]).equals(first)) throw foreign(path, found.first, header);
      const lines = found.newlines - 1;
      if (lines > 0 && !isLine(parsed(found.last), lines - 1)) {
        throw new FormatError(
          `tmech: ${path} must hold trajectories in the order of their streams, but its last line is not number ${lines - 1}. Name another file.`,
          { source: path },
        );
      }
      await handle.truncate(found.length);
      return new SampleFile(path, isLine, handle, lines, found.length);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Appends lines, whole to the disk before it returns. */
  async append(lines: readonly T[]): Promise<void> {
    const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, this.#length + done);
      done += bytesWritten;
    }
    await this.#handle.datasync();
    this.#length += bytes.length;
    this.lines += lines.length;
  }

  /** All lines in groups. @throws FormatError for a line that is not the one that belongs in its place. */
  async *groups(size: number): AsyncGenerator<T[]> {
    let group: T[] = [];
    let place = -1;
    for await (const { lines } of lineBatches(this.#handle)) {
      for (const line of lines) {
        if (place >= 0) {
          const value = parsed(line);
          if (!this.#isLine(value, place)) {
            throw new FormatError(
              `tmech: line ${place + 2} of ${this.path} must be trajectory ${place} of this run, but it is not. Remove the file, and run the command again.`,
              { source: this.path },
            );
          }
          group.push(value);
        }
        place++;
        if (group.length === size) {
          yield group;
          group = [];
        }
      }
    }
    if (group.length > 0) yield group;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

async function opened(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw unwritable(path, error);
  }
  try {
    return await open(path, 'wx+');
  } catch (error) {
    throw unwritable(path, error);
  }
}

function unwritable(path: string, error: unknown): DomainError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new DomainError(
    `tmech: --sample must name a file that can be written, but ${path} cannot be (${code ?? message}). Choose another.`,
  );
}

interface Scan {
  /** Whole lines. */
  readonly newlines: number;
  /** Bytes of the whole lines. */
  readonly length: number;
  readonly first: Buffer;
  readonly last: Buffer;
  /** What follows the last whole line. */
  readonly torn: Buffer;
}

/** Reads a file once, in pieces. */
async function scan(handle: FileHandle): Promise<Scan> {
  let [newlines, length] = [0, 0];
  let [first, last]: Buffer[] = [Buffer.alloc(0), Buffer.alloc(0)];
  let end: LineBatch | null = null;
  for await (const batch of lineBatches(handle)) {
    const { lines } = batch;
    if (newlines === 0) first = lines[0] ?? first;
    newlines += lines.length;
    for (const line of lines) length += line.length + 1;
    last = lines.at(-1) ?? last;
    end = batch;
  }
  return { newlines, length, first: first!, last: last!, torn: end?.rest ?? Buffer.alloc(0) };
}

function parsed(line: Buffer): unknown {
  try {
    return formats.parseJson(line.toString('utf8'));
  } catch {
    return null;
  }
}

/** A file with another header: the first field of it that differs. */
export function foreign(path: string, first: Uint8Array, header: object): FormatError {
  const other = parsed(Buffer.from(first)) as Record<string, unknown> | null;
  const differs = Object.entries(header).find(
    ([name, value]) => JSON.stringify(other?.[name]) !== JSON.stringify(value),
  )?.[0];
  const reason =
    other === null || typeof other !== 'object' || other.kind !== (header as { kind?: unknown }).kind
      ? 'it does not begin like one'
      : `its header has another '${differs}'`;
  return new FormatError(
    `tmech: ${path} must be a file of trajectories of this run, to go on with, but ${reason}. Name another file, or remove it.`,
    { source: path },
  );
}
