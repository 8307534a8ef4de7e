import type { SchemaElement } from 'hyparquet';
import { VERSION } from '../index.ts';
import { ChecksumChain, type TrajectoryLine } from './trajectory-lines.ts';

/** Key of the header among the file's metadata. */
export const HEADER = 'tmech';
/** Tokens of a row group, so many are in memory at a time. */
const TOKENS_IN_GROUP = 1 << 19;
const ROWS_IN_GROUP = 1 << 16;

const required = { repetition_type: 'REQUIRED' } as const;
const string = { type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const;
const SCHEMA: SchemaElement[] = [
  { name: 'trajectories', num_children: 6 },
  { name: 'stream', type: 'INT64', ...required },
  { name: 'text', type: 'INT32', ...required },
  ...listOf('tokens', { type: 'INT32' }),
  ...listOf('labels', string),
  { name: 'logProbability', type: 'DOUBLE', ...required },
  { name: 'crc', ...string, ...required },
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

/** A Parquet file, a row group at a time: one row for each trajectory with its checksum, and the header as JSON under the key `tmech`. */
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
  const chain = new ChecksumChain(header);
  const written = () => {
    const bytes = sink.getBytes().slice();
    sink.index = 0;
    return bytes;
  };
  for await (const rows of groups) {
    writer.write({ columnData: columnsOf(rows, chain), rowGroupSize: rows.length });
    yield written();
  }
  writer.finish();
  yield written();
}

function columnsOf(rows: readonly TrajectoryLine[], chain: ChecksumChain) {
  return [
    { name: 'stream', data: rows.map(({ stream }) => BigInt(stream)) },
    { name: 'text', data: rows.map(({ text }) => text) },
    { name: 'tokens', data: rows.map(({ tokens }) => tokens) },
    { name: 'labels', data: rows.map(({ labels }) => labels) },
    { name: 'logProbability', data: rows.map(({ logProbability }) => logProbability) },
    { name: 'crc', data: rows.map((row) => chain.nextOf(row)) },
  ];
}
