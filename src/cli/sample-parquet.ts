import { access } from 'node:fs/promises';
import type { SchemaElement } from 'hyparquet';
import { FormatError, VERSION } from '../index.ts';
import { foreign } from './sample-file.ts';
import type { TrajectoryLine } from './trajectory-lines.ts';

/** Key of the header among the file's metadata. */
const HEADER = 'tmech';
/** Tokens of a row group, so many are in memory at a time. */
const TOKENS_IN_GROUP = 1 << 19;
const ROWS_IN_GROUP = 1 << 16;

const required = { repetition_type: 'REQUIRED' } as const;
const string = { type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const;
const SCHEMA: SchemaElement[] = [
  { name: 'trajectories', num_children: 5 },
  { name: 'stream', type: 'INT64', ...required },
  { name: 'text', type: 'INT32', ...required },
  ...listOf('tokens', { type: 'INT32' }),
  ...listOf('labels', string),
  { name: 'logProbability', type: 'DOUBLE', ...required },
];

function listOf(name: string, element: Omit<SchemaElement, 'name'>): SchemaElement[] {
  return [
    { name, converted_type: 'LIST', num_children: 1, ...required },
    { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
    { name: 'element', ...element, ...required },
  ];
}

/** Rows of a row group for trajectories of L tokens. */
export function rowsInGroup(L: number): number {
  return Math.max(1, Math.min(ROWS_IN_GROUP, Math.floor(TOKENS_IN_GROUP / Math.max(1, L))));
}

/** A Parquet file, a row group at a time: one row for each trajectory, and the header as JSON under the key `tmech`. */
export async function* parquetBytes(
  header: object,
  groups: AsyncIterable<readonly TrajectoryLine[]>,
): AsyncGenerator<Uint8Array> {
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer');
  const sink = new ByteWriter(1 << 20);
  const writer = new ParquetWriter({
    writer: sink,
    schema: SCHEMA,
    kvMetadata: [{ key: HEADER, value: JSON.stringify(header) }],
    createdBy: `transformer-mechanics version ${VERSION}`,
  });
  const written = () => {
    const bytes = sink.getBytes().slice();
    sink.index = 0;
    return bytes;
  };
  for await (const rows of groups) {
    writer.write({ columnData: columnsOf(rows), rowGroupSize: rows.length });
    yield written();
  }
  writer.finish();
  yield written();
}

function columnsOf(rows: readonly TrajectoryLine[]) {
  return [
    { name: 'stream', data: rows.map(({ stream }) => BigInt(stream)) },
    { name: 'text', data: rows.map(({ text }) => text) },
    { name: 'tokens', data: rows.map(({ tokens }) => tokens) },
    { name: 'labels', data: rows.map(({ labels }) => labels) },
    { name: 'logProbability', data: rows.map(({ logProbability }) => logProbability) },
  ];
}

/** A finished file. */
export interface ParquetTrajectories {
  readonly rows: number;
  /** Its trajectories from a row on, a row group at a time. @throws FormatError where they cannot be read. */
  from(row: number): AsyncGenerator<TrajectoryLine[]>;
}

/**
 * Opens a Parquet file of this run; null if there is no such file.
 *
 * @throws FormatError for a file with another header, or another kind of file.
 */
export async function openParquet(path: string, header: object): Promise<ParquetTrajectories | null> {
  try {
    await access(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
  }
  const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } = await import('hyparquet');
  const reading = async <R>(read: () => Promise<R>): Promise<R> => {
    try {
      return await read();
    } catch (cause) {
      throw new FormatError(
        `tmech: ${path} must be a readable Parquet file, but ${(cause as Error).message}. Name another file, or remove it.`,
        { source: path },
        { cause },
      );
    }
  };
  const file = await reading(() => asyncBufferFromFile(path));
  const metadata = await reading(() => parquetMetadataAsync(file));
  const found = metadata.key_value_metadata?.find(({ key }) => key === HEADER)?.value ?? '';
  if (found !== JSON.stringify(header)) throw foreign(path, Buffer.from(found), header);
  const rows = Number(metadata.num_rows);
  return {
    rows,
    async *from(row) {
      let end = 0;
      for (const { num_rows } of metadata.row_groups) {
        const start = end;
        end += Number(num_rows);
        if (end <= row) continue;
        const read = { file, metadata, rowStart: Math.max(start, row), rowEnd: end };
        const lines = await reading(() => parquetReadObjects(read));
        yield lines.map((line) => ({ ...line, stream: Number(line.stream) }) as TrajectoryLine);
      }
    },
  };
}
