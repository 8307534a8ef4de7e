import { type FileHandle, open } from 'node:fs/promises';
import { DomainError, FormatError } from '../index.ts';

/** Bytes read at a time. */
const CHUNK = 1 << 20;
const NEWLINE = 0x0a;

/** A JSON Lines file: a header, then numbered lines that are only ever appended. */
export class SampleFile {
  /** Lines after the header. */
  lines: number;
  readonly #handle: FileHandle;
  #length: number;

  private constructor(handle: FileHandle, lines: number, length: number) {
    this.#handle = handle;
    this.lines = lines;
    this.#length = length;
  }

  /**
   * Opens a file, or begins it: with the same header it goes on after its last whole line, and what a torn write left behind is cut.
   *
   * @param isLine whether a line is the one that belongs at a place, counted from 0; asked for the last.
   * @throws FormatError for a file with another header or a last line out of its place; DomainError if it cannot be written.
   */
  static async open(
    path: string,
    header: object,
    isLine: (line: unknown, place: number) => boolean,
  ): Promise<SampleFile> {
    const handle = await opened(path);
    try {
      const found = await scan(handle);
      const first = Buffer.from(`${JSON.stringify(header)}\n`);
      if (found.length === 0) {
        if (!first.subarray(0, found.torn.length).equals(found.torn)) throw foreign(path, found.torn, header);
        await handle.truncate(0);
        await handle.write(first, 0, first.length, 0);
        return new SampleFile(handle, 0, first.length);
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
      return new SampleFile(handle, lines, found.length);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Appends lines, whole to the disk before it returns. */
  async append(lines: readonly object[]): Promise<void> {
    const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, this.#length + done);
      done += bytesWritten;
    }
    await this.#handle.datasync();
    this.#length += bytes.length;
    this.lines += lines.length;
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
  const piece = Buffer.alloc(CHUNK);
  let [newlines, length, position] = [0, 0, 0];
  let [first, last, rest] = [Buffer.alloc(0), Buffer.alloc(0), Buffer.alloc(0)];
  for (;;) {
    const { bytesRead } = await handle.read(piece, 0, CHUNK, position);
    if (bytesRead === 0) return { newlines, length, first, last, torn: rest };
    position += bytesRead;
    let from = 0;
    for (let at = piece.indexOf(NEWLINE); at >= 0 && at < bytesRead; at = piece.indexOf(NEWLINE, from)) {
      last = Buffer.concat([rest, piece.subarray(from, at)]);
      rest = Buffer.alloc(0);
      if (newlines === 0) first = last;
      newlines++;
      length += last.length + 1;
      from = at + 1;
    }
    rest = Buffer.concat([rest, piece.subarray(from, bytesRead)]);
  }
}

function parsed(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'));
  } catch {
    return null;
  }
}

/** The first field of the header that differs. */
function foreign(path: string, first: Buffer, header: object): FormatError {
  const other = parsed(first) as Record<string, unknown> | null;
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
