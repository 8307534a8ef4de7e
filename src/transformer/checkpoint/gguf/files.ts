import { FormatError } from '../../../core/errors.ts';
import { type GgufHeader, isGguf } from '../../../formats/gguf/header.ts';
import { quoteName } from '../../../formats/json.ts';
import type { ByteSource, Folder } from '../checkpoint.ts';
import { readGgufHeader } from './read-header.ts';

const WHERE = 'openCheckpoint';
/** Most shards of a model; a larger number means a damaged name. */
const MOST_SHARDS = 4096;

/** One GGUF file with its checked header. */
export interface GgufFile {
  readonly name: string;
  readonly bytes: ByteSource;
  readonly header: GgufHeader;
}

/** The name of a shard, counted from 1, and those of all shards of its model; null for the name of a whole model. */
export function shardNames(name: string): { readonly shard: number; readonly all: readonly string[] } | null {
  const [, stem, shard, count] = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/.exec(name) ?? [];
  const shards = Number(count);
  if (stem === undefined || shards < 1 || shards > MOST_SHARDS) return null;
  const all = Array.from({ length: shards }, (_, i) => `${stem}-${String(i + 1).padStart(5, '0')}-of-${count}.gguf`);
  return { shard: Number(shard), all };
}

/**
 * The GGUF file of a folder that holds one model in this format and nothing else, or its shards in order; null where there is none. A file is told by
 * its first bytes, whatever its name, where it stands alone; among others it is looked for by its name.
 *
 * @throws FormatError if there are several models, a shard is missing, or a header is damaged.
 */
export async function openGgufFiles(folder: Folder): Promise<readonly GgufFile[] | null> {
  const names = await folder.names();
  const candidates = names.length === 1 ? names : names.filter((name) => /\.gguf$/i.test(name));
  const found: string[] = [];
  for (const name of candidates) if (await beginsAsGguf(folder, name)) found.push(name);
  const [first] = found;
  if (first === undefined) return null;
  const all = shardNames(first)?.all ?? [first];
  const other = found.find((name) => !all.includes(name));
  if (other !== undefined) {
    throw new FormatError(
      `${WHERE}: ${folder.label} must hold one model, but it has ${quoteName(first)} and ${quoteName(other)}. Give one of the files instead of the folder.`,
      { source: other },
    );
  }
  const files: GgufFile[] = [];
  for (const name of all) files.push(await openGgufFile(folder, name));
  checkShards(files);
  return files;
}

async function beginsAsGguf(folder: Folder, name: string): Promise<boolean> {
  const bytes = await folder.open(name);
  if (bytes === null || bytes.size < 4) return false;
  const start = new Uint8Array(4);
  await bytes.read(0, start);
  return isGguf(start);
}

async function openGgufFile(folder: Folder, name: string): Promise<GgufFile> {
  const bytes = await folder.open(name);
  if (bytes === null) {
    throw new FormatError(
      `${WHERE}: ${folder.label} must hold every shard of the model, but ${quoteName(name)} is missing. Download it as well.`,
      { source: name },
    );
  }
  return { name, bytes, header: await readGgufHeader(name, bytes) };
}

/** The keys `split.no` and `split.count` must say what the names say. */
function checkShards(files: readonly GgufFile[]): void {
  for (const [i, { name, header }] of files.entries()) {
    const { metadata } = header;
    const [no, count] = [metadata.integer('split.no') ?? 0, metadata.integer('split.count') ?? 1];
    // Files that were never split, or of one shard, may say 0.
    if (Math.max(1, count) === files.length && no === i) continue;
    throw new FormatError(
      `${WHERE}: ${quoteName(name)} must be shard ${i + 1} of ${files.length}, as its name says, but its metadata say ${no + 1} of ${count}. Give the shards their own names, those of -00001-of-…, in one folder.`,
      { source: name, field: 'split.no' },
    );
  }
}
