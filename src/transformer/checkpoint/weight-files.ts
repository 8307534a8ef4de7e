import { FormatError } from '../../core/errors.ts';
import { describeJson, isJsonObject, parseJsonObject, quoteName } from '../../formats/json.ts';
import type { SafetensorsHeader } from '../../formats/safetensors-header.ts';
import type { ByteSource, Folder } from './checkpoint.ts';
import { noWeights } from './missing-files.ts';
import { isFileName } from './named-file.ts';
import { readSafetensorsHeader } from './safetensors-header.ts';
import type { SmallFiles } from './small-files.ts';
import { readTorchHeader } from './torch-file.ts';

const WHERE = 'openCheckpoint';

/** Files that weights are in: a single one, or an index and what it lists. */
interface Layout {
  readonly single: string;
  readonly index: string;
  readonly read: (name: string, bytes: ByteSource) => Promise<SafetensorsHeader>;
}

/** The first that a folder has is read. */
const LAYOUTS: readonly [Layout, ...Layout[]] = [
  { single: 'model.safetensors', index: 'model.safetensors.index.json', read: readSafetensorsHeader },
  { single: 'pytorch_model.bin', index: 'pytorch_model.bin.index.json', read: readTorchHeader },
];

/** One file of weights with its checked header. */
export interface WeightFile {
  readonly name: string;
  readonly bytes: ByteSource;
  readonly header: SafetensorsHeader;
}

/** The files that hold a checkpoint's weights. */
export interface WeightFiles {
  readonly files: readonly WeightFile[];
  /** Which shard each stored name is in, as an index has it; null without one. */
  readonly promised: { readonly index: string; readonly shardOf: ReadonlyMap<string, string> } | null;
}

/**
 * Opens model.safetensors, or the shards that model.safetensors.index.json lists, in the order of their names; where there is neither, the same of
 * pytorch_model.bin.
 *
 * @throws FormatError if there are no weights, or a shard is missing or has a path in its name.
 */
export async function openWeightFiles(folder: Folder, small: SmallFiles): Promise<WeightFiles> {
  for (const layout of LAYOUTS) {
    const { single, index, read } = layout;
    const bytes = await folder.open(single);
    if (bytes !== null) return { files: [{ name: single, bytes, header: await read(single, bytes) }], promised: null };
    const list = await small.read(index);
    if (list !== null) return openShards(folder, layout, readIndex(index, list));
  }
  throw await noWeights(folder, LAYOUTS[0].single, LAYOUTS[0].index);
}

async function openShards(
  folder: Folder,
  { index, read }: Layout,
  shardOf: ReadonlyMap<string, string>,
): Promise<WeightFiles> {
  const files: WeightFile[] = [];
  for (const name of [...new Set(shardOf.values())].sort()) {
    const bytes = await folder.open(name);
    if (bytes === null) {
      throw new FormatError(
        `${WHERE}: ${folder.label} must contain ${name}, which ${index} lists, but it does not. Download it as well.`,
        { source: name },
      );
    }
    files.push({ name, bytes, header: await read(name, bytes) });
  }
  return { files, promised: { index, shardOf } };
}

/** Shard of each tensor. */
function readIndex(index: string, bytes: Uint8Array): ReadonlyMap<string, string> {
  const map = parseJsonObject(bytes, { where: WHERE, source: index, uniqueKeys: true }).get('weight_map');
  if (!isJsonObject(map) || Object.keys(map).length === 0) {
    throw new FormatError(
      `${WHERE}: weight_map in ${index} must map tensors to files, but it is ${describeJson(map)}.`,
      { source: index, field: 'weight_map' },
    );
  }
  const shardOf = new Map<string, string>();
  for (const [tensor, shard] of Object.entries(map)) {
    if (typeof shard !== 'string' || !isFileName(shard)) {
      throw new FormatError(
        `${WHERE}: weight_map in ${index} must name files without a path, but ${quoteName(tensor)} is in ${describeJson(shard)}.`,
        { source: index, field: tensor },
      );
    }
    shardOf.set(tensor, shard);
  }
  return shardOf;
}
