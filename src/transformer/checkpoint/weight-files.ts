import { FormatError } from '../../core/errors.ts';
import { describeJson, isJsonObject, parseJsonObject, quoteName } from '../../formats/json.ts';
import type { SafetensorsHeader } from '../../formats/safetensors-header.ts';
import type { ByteSource, Folder } from './checkpoint.ts';
import { noWeights } from './missing-files.ts';
import { isFileName } from './named-file.ts';
import { readSafetensorsHeader } from './safetensors-header.ts';
import type { SmallFiles } from './small-files.ts';

const WHERE = 'openCheckpoint';
const SINGLE = 'model.safetensors';
export const INDEX = 'model.safetensors.index.json';

/** One safetensors file with its checked header. */
export interface WeightFile {
  readonly name: string;
  readonly bytes: ByteSource;
  readonly header: SafetensorsHeader;
}

/** The files that hold a checkpoint's weights. */
export interface WeightFiles {
  readonly files: readonly WeightFile[];
  /** The shard of each stored name as the index has it; null without an index. */
  readonly promised: ReadonlyMap<string, string> | null;
}

/**
 * Opens model.safetensors, or the shards that model.safetensors.index.json lists, in the order of their names.
 *
 * @throws FormatError if there are no weights, or a shard is missing or has a path in its name.
 */
export async function openWeightFiles(folder: Folder, small: SmallFiles): Promise<WeightFiles> {
  const single = await folder.open(SINGLE);
  if (single !== null) return { files: [await openWeightFile(SINGLE, single)], promised: null };
  const index = await small.read(INDEX);
  if (index === null) throw await noWeights(folder, SINGLE, INDEX);
  const shardOf = readIndex(index);
  const files: WeightFile[] = [];
  for (const name of [...new Set(shardOf.values())].sort()) {
    const bytes = await folder.open(name);
    if (bytes === null) {
      throw new FormatError(
        `${WHERE}: ${folder.label} must contain ${name}, which ${INDEX} lists, but it does not. Download it as well.`,
        { source: name },
      );
    }
    files.push(await openWeightFile(name, bytes));
  }
  return { files, promised: shardOf };
}

async function openWeightFile(name: string, bytes: ByteSource): Promise<WeightFile> {
  return { name, bytes, header: await readSafetensorsHeader(name, bytes) };
}

/** Shard of each tensor. */
function readIndex(bytes: Uint8Array): ReadonlyMap<string, string> {
  const map = parseJsonObject(bytes, { where: WHERE, source: INDEX, uniqueKeys: true }).get('weight_map');
  if (!isJsonObject(map) || Object.keys(map).length === 0) {
    throw new FormatError(
      `${WHERE}: weight_map in ${INDEX} must map tensors to files, but it is ${describeJson(map)}.`,
      { source: INDEX, field: 'weight_map' },
    );
  }
  const shardOf = new Map<string, string>();
  for (const [tensor, shard] of Object.entries(map)) {
    if (typeof shard !== 'string' || !isFileName(shard)) {
      throw new FormatError(
        `${WHERE}: weight_map in ${INDEX} must name files without a path, but ${quoteName(tensor)} is in ${describeJson(shard)}.`,
        { source: INDEX, field: tensor },
      );
    }
    shardOf.set(tensor, shard);
  }
  return shardOf;
}
