import { FormatError } from '../../core/errors.ts';
import { describeJson, isJsonObject, parseJsonObject, quoteName } from '../../formats/json.ts';
import type { SafetensorsHeader } from '../../formats/safetensors-header.ts';
import type { ByteSource, Folder } from './checkpoint.ts';
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
  if (index === null) throw await noWeights(folder);
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

async function noWeights(folder: Folder): Promise<FormatError> {
  const names = await folder.names();
  const other = names.find((name) => /\.(bin|pt|pth|gguf|ckpt|h5|msgpack|onnx)$/i.test(name));
  const found = other === undefined ? `has only ${listNames(names)}` : `has ${quoteName(other)} instead`;
  const advice =
    other === undefined
      ? 'Download the weights as well.'
      : 'Convert it in Python: AutoModelForCausalLM.from_pretrained(folder).save_pretrained(folder, safe_serialization=True).';
  return new FormatError(`${WHERE}: ${folder.label} must contain ${SINGLE} or ${INDEX}, but it ${found}. ${advice}`, {
    source: SINGLE,
  });
}

/** Some file names in a message. */
export function listNames(names: readonly string[]): string {
  if (names.length === 0) return 'no files';
  const shown = names.slice(0, 6).map(quoteName).join(', ');
  return names.length > 6 ? `${shown} and ${names.length - 6} more` : shown;
}
