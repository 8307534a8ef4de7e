import { type FileHandle, open } from 'node:fs/promises';
import { FormatError, type fock } from '../index.ts';
import { type ChunkShape, chunkValues, TYPE } from './parquet-pages.ts';
import { countOf, structOf, structsOf, ThriftReader, type ThriftStruct, textFieldOf } from './parquet-thrift.ts';
import { accessing, unwritable } from './sample-access.ts';
import { foreign } from './sample-file.ts';
import { HEADER, rowsInGroup } from './sample-parquet.ts';
import { ChecksumChain, faultOfTrajectory, type TrajectoryLine } from './trajectory-lines.ts';

/** The columns in their order; true for lists. */
const COLUMNS = [
  ['stream', 'INT64', false],
  ['text', 'INT32', false],
  ['tokens', 'INT32', true],
  ['labels', 'BYTE_ARRAY', true],
  ['logProbability', 'DOUBLE', false],
  ['crc', 'BYTE_ARRAY', false],
] as const;
/** The footer has some 900 bytes for a row group. */
const LONGEST_FOOTER = 2 ** 26;
const MAGIC = 'PAR1';

/** A finished file of trajectories. */
export interface ParquetTrajectories {
  readonly rows: number;
  /** All trajectories, a row group at a time. @throws FormatError naming the first row that is not the trajectory of its place. */
  groups(): AsyncGenerator<TrajectoryLine[]>;
  close(): Promise<void>;
}

/** Where a column chunk lies. */
interface Chunk {
  readonly from: number;
  readonly bytes: number;
  readonly codec: number;
  readonly shape: ChunkShape;
}

interface Footer {
  /** The JSON text under {@link HEADER}. */
  readonly header: string;
  readonly rows: number;
  /** The column chunks of each row group. */
  readonly groups: readonly (readonly Chunk[])[];
}

/**
 * Opens a Parquet file of this run; null if there is no such file. What it claims of itself is held against its length and the model before
 * anything is allocated for it.
 *
 * @throws FormatError for a file with another header, or one that no run can have written.
 */
export async function openParquet(
  path: string,
  model: fock.ChenModel,
  header: object,
): Promise<ParquetTrajectories | null> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unwritable(path, error);
  }
  try {
    const footer = await reading(path, async () => footerOf(await footerBytes(handle), model.steps));
    if (footer.header !== JSON.stringify(header)) throw foreign(path, Buffer.from(footer.header), header);
    return {
      rows: footer.rows,
      groups: () => checkedGroups(path, handle, footer, model, header),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function* checkedGroups(
  path: string,
  handle: FileHandle,
  { groups }: Footer,
  model: fock.ChenModel,
  header: object,
): AsyncGenerator<TrajectoryLine[]> {
  const chain = new ChecksumChain(header);
  let place = 0;
  for (const chunks of groups) {
    const columns = await reading(path, async () => {
      const read: (number | string)[][] = [];
      for (const { from, bytes, codec, shape } of chunks)
        read.push(chunkValues(await bytesOf(handle, from, bytes), codec, shape));
      return read;
    });
    const [stream, text, tokens, labels, logProbability, crc] = columns as [
      number[],
      number[],
      number[],
      string[],
      number[],
      string[],
    ];
    const L = model.steps;
    const lines = stream.map((_, k) => ({
      stream: stream[k]!,
      text: text[k]!,
      tokens: tokens.slice(k * L, (k + 1) * L),
      labels: labels.slice(k * L, (k + 1) * L),
      logProbability: logProbability[k]!,
    }));
    for (const [k, line] of lines.entries()) {
      const fault =
        faultOfTrajectory(model, line, place) ??
        (chain.nextOf(line) === crc[k]
          ? null
          : `its checksum ${JSON.stringify(crc[k]).slice(0, 16)} does not fit the rows up to there`);
      if (fault !== null) {
        throw new FormatError(
          `tmech: row ${place} of ${path} must be a trajectory of this run, but ${fault}. Remove the file, and run the command again.`,
          { source: path },
        );
      }
      place++;
    }
    yield lines;
  }
}

/** The footer's structure, and behind which byte of the file it begins. */
async function footerBytes(handle: FileHandle): Promise<{ readonly footer: Buffer; readonly dataEnd: number }> {
  const { size } = await handle.stat();
  if (size < 12) throw new Error(`it has ${size} bytes`);
  const start = await bytesOf(handle, 0, 4);
  const end = await bytesOf(handle, size - 8, 8);
  if (start.toString('latin1') !== MAGIC || end.toString('latin1', 4) !== MAGIC)
    throw new Error(`it does not begin and end with ${MAGIC}`);
  const length = end.readUInt32LE(0);
  if (length > Math.min(size - 12, LONGEST_FOOTER)) throw new Error(`it claims a footer of ${length} bytes`);
  const dataEnd = size - 8 - length;
  return { footer: await bytesOf(handle, dataEnd, length), dataEnd };
}

function footerOf({ footer, dataEnd }: { readonly footer: Buffer; readonly dataEnd: number }, L: number): Footer {
  const file = new ThriftReader(footer).struct();
  const header = file.has(5) ? structsOf(file, 5, 'metadata').find((one) => textFieldOf(one, 1) === HEADER) : undefined;
  // Another program's file is told by its header; its columns are its own.
  if (header === undefined) return { header: '', rows: 0, groups: [] };
  const rows = countOf(file, 3, 'number of rows', Number.MAX_SAFE_INTEGER);
  let [counted, end] = [0, 4];
  const groups = structsOf(file, 4, 'row groups').map((group) => {
    const inGroup = countOf(group, 3, 'number of rows in a group', rowsInGroup(L));
    counted += inGroup;
    const columns = structsOf(group, 1, 'columns');
    if (columns.length !== COLUMNS.length) throw new Error(`it has ${columns.length} columns, not ${COLUMNS.length}`);
    return columns.map((column, c) => {
      const chunk = chunkOf(structOf(column, 3, 'column metadata'), c, inGroup, L, dataEnd);
      // Chunks follow one another, so no byte of the file counts twice.
      if (chunk.from !== end) throw new Error('its columns do not follow one another');
      end = chunk.from + chunk.bytes;
      return chunk;
    });
  });
  if (counted !== rows) throw new Error(`it claims ${rows} rows, and ${counted} in its groups`);
  return { header: textFieldOf(header, 2), rows, groups };
}

function chunkOf(about: ThriftStruct, c: number, rows: number, L: number, dataEnd: number): Chunk {
  const [name, type, isList] = COLUMNS[c]!;
  const path = about.get(3);
  const first = Array.isArray(path) && path[0] instanceof Uint8Array ? Buffer.from(path[0]).toString() : '';
  if (first !== name || about.get(1) !== TYPE[type]) throw new Error(`its column ${c} is not ${name} of type ${type}`);
  const from = countOf(about, about.has(11) ? 11 : 9, 'place of a column', dataEnd);
  return {
    from,
    bytes: countOf(about, 7, 'size of a column', dataEnd - from),
    codec: countOf(about, 4, 'compression', 255),
    shape: { type, rows, length: isList ? L : null },
  };
}

async function bytesOf(handle: FileHandle, from: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await handle.read(bytes, done, length - done, from + done);
    if (bytesRead === 0) throw new Error('it became shorter while it was read');
    done += bytesRead;
  }
  return bytes;
}

/** Reading in which every fault is one of the file. */
function reading<R>(path: string, read: () => Promise<R>): Promise<R> {
  return accessing(path, async () => {
    try {
      return await read();
    } catch (cause) {
      if (typeof (cause as NodeJS.ErrnoException).syscall === 'string') throw cause;
      throw new FormatError(
        `tmech: ${path} must be a readable Parquet file, but ${(cause as Error).message}. Name another file, or remove it.`,
        { source: path },
        { cause },
      );
    }
  });
}
