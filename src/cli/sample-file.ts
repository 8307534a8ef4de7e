import { type FileHandle, open } from 'node:fs/promises';
import { DomainError, FormatError, type fock, formats } from '../index.ts';
import { lineBatches } from './file-lines.ts';
import { accessing, unwritable } from './sample-access.ts';
import {
  ChecksumChain,
  faultOfTrajectory,
  type SealedLine,
  type TrajectoryLine,
  unsealed,
} from './trajectory-lines.ts';

/** Only longer lines are measured against the longest that the model can give. */
const SHORT_LINE = 1 << 20;

/** A JSON Lines file: a header, then numbered trajectories with checksums that are only ever appended. */
export class SampleFile {
  /** Lines after the header. */
  lines = 0;
  readonly path: string;
  readonly #model: fock.ChenModel;
  readonly #header: object;
  readonly #handle: FileHandle;
  #chain: ChecksumChain;
  #length = 0;

  private constructor(path: string, model: fock.ChenModel, header: object, handle: FileHandle) {
    this.path = path;
    this.#model = model;
    this.#header = header;
    this.#handle = handle;
    this.#chain = new ChecksumChain(header);
  }

  /**
   * Opens a file, or begins it: with the same header it goes on after its last whole line, and what a torn write left behind is cut.
   * Every line is checked before.
   *
   * @param onRead called with the bytes checked and their number. What it throws ends the work.
   * @throws FormatError for a file with another header, and naming the first line that is not the trajectory of its place; DomainError
   *   if it cannot be read and written.
   */
  static async open(
    path: string,
    model: fock.ChenModel,
    header: object,
    onRead: (done: number, total: number) => void,
  ): Promise<SampleFile> {
    const handle = await opened(path);
    const file = new SampleFile(path, model, header, handle);
    try {
      await accessing(path, () => file.#begin(onRead));
      return file;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async #begin(onRead: (done: number, total: number) => void): Promise<void> {
    const { size } = await this.#handle.stat();
    for await (const group of this.#checked()) {
      this.lines += group.length;
      onRead(this.#length, size);
    }
    await this.#handle.truncate(this.#length);
    if (this.#length === 0) await this.#write(Buffer.from(`${JSON.stringify(this.#header)}\n`));
  }

  /** Appends trajectories, whole to the disk before it returns. @throws DomainError where the disk or another program does not let it. */
  async append(lines: readonly TrajectoryLine[]): Promise<void> {
    await accessing(this.path, async () => {
      const { size } = await this.#handle.stat();
      if (size !== this.#length) {
        throw new DomainError(
          `tmech: ${this.path} must be written by this run alone, but its length changed from ${this.#length} to ${size} bytes meanwhile. End the other program, and run the command again.`,
        );
      }
      await this.#write(Buffer.from(lines.map((line) => this.#chain.sealed(line)).join('')));
    });
    this.lines += lines.length;
  }

  /** All trajectories in groups. @throws FormatError as {@link SampleFile.open}. */
  async *groups(size: number): AsyncGenerator<TrajectoryLine[]> {
    let group: TrajectoryLine[] = [];
    for await (const lines of this.#checked()) {
      for (const line of lines) {
        group.push(line);
        if (group.length < size) continue;
        yield group;
        group = [];
      }
    }
    if (group.length > 0) yield group;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  async #write(bytes: Buffer): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, this.#length + done);
      done += bytesWritten;
    }
    await this.#handle.datasync();
    this.#length += bytes.length;
  }

  /** Reads the file from its beginning: its trajectories, a piece of the file at a time. */
  async *#checked(): AsyncGenerator<TrajectoryLine[]> {
    const header = Buffer.from(JSON.stringify(this.#header));
    this.#chain = new ChecksumChain(this.#header);
    this.#length = 0;
    let place = -1;
    let torn: Buffer = Buffer.alloc(0);
    let bare: FormatError | null = null;
    for await (const { lines, rest } of lineBatches(this.#handle)) {
      const found: TrajectoryLine[] = [];
      for (const line of lines) {
        if (place >= 0) {
          const { crc, ...trajectory } = this.#read(line, place);
          if (crc === undefined) bare ??= this.#fault(place, 'it has no checksum');
          if (bare === null) this.#checkSum(line, place);
          found.push(trajectory);
        } else if (!line.equals(header)) throw foreign(this.path, line, this.#header);
        place++;
        this.#length += line.length + 1;
      }
      torn = rest;
      if (place < 0 && torn.length > header.length) throw foreign(this.path, torn, this.#header);
      if (torn.length > SHORT_LINE && torn.length > this.#longestLine()) throw this.#fault(place, 'it is too long');
      yield found;
    }
    if (bare !== null) throw bare;
    if (place >= 0) this.#checkTorn(torn, place);
    else if (!header.subarray(0, torn.length).equals(torn)) throw foreign(this.path, torn, this.#header);
  }

  #read(line: Buffer, place: number): SealedLine {
    let value: unknown;
    try {
      value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line));
    } catch {
      throw this.#fault(place, 'it is no JSON');
    }
    const fault = faultOfTrajectory(this.#model, value, place);
    if (fault !== null) throw this.#fault(place, fault);
    return value as SealedLine;
  }

  #checkSum(line: Buffer, place: number): void {
    const parts = unsealed(line);
    if (parts === null) throw this.#fault(place, 'it does not end in its checksum');
    if (this.#chain.next(parts.body) !== parts.crc)
      throw this.#fault(place, `its checksum ${parts.crc} does not fit the file up to there`);
  }

  /** A write that was cut short leaves the beginning of the next line. */
  #checkTorn(torn: Buffer, place: number): void {
    const start = Buffer.from(`{"stream":${place},`);
    const common = Math.min(start.length, torn.length);
    if (!torn.subarray(0, common).equals(start.subarray(0, common)) || torn.includes(0))
      throw this.#fault(place, 'it is not the beginning of it');
  }

  #fault(place: number, reason: string): FormatError {
    return new FormatError(
      `tmech: line ${place + 2} of ${this.path} must be trajectory ${place} of this run, but ${reason}. Cut the file before that line to go on from there, or name another file.`,
      { source: this.path },
    );
  }

  #longestLine(): number {
    const { laws, start, steps } = this.#model;
    let label = 0;
    for (let token = 0; token < start.V; token++)
      label = Math.max(label, Buffer.byteLength(JSON.stringify(laws[0]!.label(token))));
    return 256 + steps * (label + 12);
  }
}

async function opened(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw unwritable(path, error);
  }
  return accessing(path, () => open(path, 'wx+'));
}

function parsed(line: Uint8Array): unknown {
  try {
    return formats.parseJson(Buffer.from(line).toString('utf8'));
  } catch {
    return null;
  }
}

/** A file with another header: the first field of it that differs. */
export function foreign(path: string, first: Uint8Array, header: object): FormatError {
  const other = parsed(first) as Record<string, unknown> | null;
  const differs = Object.entries(header).find(
    ([name, value]) => JSON.stringify(other?.[name]) !== JSON.stringify(value),
  )?.[0];
  const reason =
    other === null || typeof other !== 'object' || other.kind !== (header as { kind?: unknown }).kind
      ? 'it does not begin like one'
      : differs === undefined
        ? 'its header is written in another way'
        : `its header has another '${differs}'`;
  return new FormatError(
    `tmech: ${path} must be a file of trajectories of this run, to go on with, but ${reason}. Name another file, or remove it.`,
    { source: path },
  );
}
