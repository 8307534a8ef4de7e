import { FormatError } from '../../core/errors.ts';
import { GGML_TYPES } from '../../formats/gguf/types.ts';
import { quoteName } from '../../formats/json.ts';
import type { BlockType, TensorEntry, WeightType } from './checkpoint.ts';
import type { LocatedTensor, StoredTensors } from './stored-tensors.ts';
import { unwrappedName } from './tensor-names.ts';
import type { TensorPlan } from './tensor-plan.ts';
import type { WeightFile, WeightFiles } from './weight-files.ts';

const WHERE = 'openCheckpoint';

/** Types of weights that are read from GGUF files only. */
const BLOCK_TYPES: ReadonlySet<string> = new Set<BlockType>([
  'Q4_0',
  'Q4_1',
  'Q5_0',
  'Q5_1',
  'Q8_0',
  'Q2_K',
  'Q3_K',
  'Q4_K',
  'Q5_K',
  'Q6_K',
  'IQ4_NL',
  'IQ4_XS',
]);

/** The stored tensors, sorted by whether the model uses them. */
export interface TensorTable {
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly ignored: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Matches the stored tensors with the plan.
 *
 * @param promised the shard of each stored name in an index, null without one
 * @throws FormatError if a tensor is missing, has another shape, is stored twice, or has a type that cannot be read.
 */
export function matchTensors(
  plan: TensorPlan,
  { places, aliases, wrappers }: StoredTensors,
  { files, promised }: WeightFiles,
): TensorTable {
  const tensors = new Map<string, TensorEntry>();
  const used = new Set<string>();
  const canonical = (stored: string): string => plan.canonicalName(unwrappedName(stored).name);
  const shardOf = (name: string): string | undefined =>
    [...(promised?.shardOf ?? [])].find(([stored]) => canonical(stored) === name)?.[1];
  for (const [name, shape] of plan.shapes) {
    const source = sourceOf(name, plan, { places, aliases });
    if (source === null) {
      const shard = shardOf(name);
      const place = shard === undefined ? undefined : `${shard} has none, though ${promised!.index} puts it there`;
      throw missing(name, shape, files, place, name === plan.head?.unembedding);
    }
    used.add(source);
    tensors.set(name, entryOf(name, shape, places.get(source)!));
  }
  const warnings: string[] = [];
  if (wrappers.size > 0) {
    const parts = [...wrappers].map((part) => `${part}.`).join(', ');
    warnings.push(`Names of tensors carry ${parts} of a training wrapper; they are read without.`);
  }
  const ignored = [...places.keys()].filter((name) => !used.has(name));
  const others = ignored.map((name) => plan.otherPart(name)).filter((part) => part !== null);
  if (others.length > 0) {
    const parts = [...new Set(others)].join(', ');
    warnings.push(
      `The text model alone is read: ${others.length} tensors of other parts of a larger model (${parts}) are left out.`,
    );
  }
  const expected = (name: string): boolean => plan.isSpare(name) || plan.otherPart(name) !== null;
  for (const name of ignored) {
    if (expected(name)) continue;
    for (const { file, stored } of places.get(name)!)
      warnings.push(`${file.name} has a tensor the configuration does not use: ${quoteName(stored.name)}.`);
  }
  for (const [stored, shard] of promised?.shardOf ?? []) {
    const name = canonical(stored);
    if (!places.has(name) && !aliases.has(name) && !expected(name))
      warnings.push(`${promised!.index} puts tensor ${quoteName(stored)} into ${shard}, which has none of that name.`);
  }
  return { tensors, ignored, warnings };
}

/** The name under which the values of a tensor are stored: its own, that of the tensor it is an alias of, or that of the head it shares. */
function sourceOf(
  name: string,
  { head, shapes }: TensorPlan,
  { places, aliases }: Pick<StoredTensors, 'places' | 'aliases'>,
): string | null {
  const shared = name === head?.embedding && !shapes.has(head.unembedding) ? head.unembedding : undefined;
  return [name, aliases.get(name), shared].find((source) => source !== undefined && places.has(source)) ?? null;
}

function entryOf(name: string, shape: readonly number[], places: readonly LocatedTensor[]): TensorEntry {
  const [{ file, stored }, twin] = places as [LocatedTensor, LocatedTensor?];
  if (twin !== undefined) {
    const where = twin.file === file ? 'another tensor of the file' : file.name;
    throw tensorFault(twin.file.name, twin.stored.name, `be stored once, but ${where} has it too`);
  }
  if (stored.shape.join() !== shape.join()) {
    throw tensorFault(
      file.name,
      stored.name,
      `have shape [${shape.join(', ')}] for this configuration, but it has [${stored.shape.join(', ')}]`,
    );
  }
  if (!isWeightType(stored.dtype)) {
    const [known, advice] =
      (GGML_TYPES.get(stored.dtype)?.elements ?? 1) > 1
        ? [`, ${[...BLOCK_TYPES].join(', ')}`, 'Get the model in another quantisation']
        : ['', 'Convert it in Python: model.float().save_pretrained(folder)'];
    throw tensorFault(
      file.name,
      stored.name,
      `have dtype F32, F16 or BF16${known}, but it has ${stored.dtype}. ${advice}`,
    );
  }
  if (stored.shape.length < 2 && isBlockType(stored.dtype))
    throw tensorFault(
      file.name,
      stored.name,
      `have dtype F32, F16 or BF16, being a vector, but it has ${stored.dtype}`,
    );
  return { name, file: file.name, dtype: stored.dtype, shape, begin: stored.begin, end: stored.end };
}

function isWeightType(dtype: string): dtype is WeightType {
  return dtype === 'F32' || dtype === 'F16' || dtype === 'BF16' || isBlockType(dtype);
}

/** true for a type that holds numbers in blocks. */
export function isBlockType(dtype: string): dtype is BlockType {
  return BLOCK_TYPES.has(dtype);
}

/** Numbers that are stored; a tensor that several names share counts once. */
export function numbersIn(tensors: Iterable<TensorEntry>): number {
  const counts = new Map<string, number>();
  for (const { file, begin, shape } of tensors)
    counts.set(
      `${begin} ${file}`,
      shape.reduce((product, size) => product * size, 1),
    );
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

function tensorFault(source: string, field: string, must: string): FormatError {
  return new FormatError(`${WHERE}: tensor ${quoteName(field)} of ${source} must ${must}.`, { source, field });
}

function missing(
  name: string,
  shape: readonly number[],
  files: readonly WeightFile[],
  promised: string | undefined,
  isHead: boolean,
): FormatError {
  const sources = files.map((file) => file.name);
  const among = sources.length === 1 ? String(sources[0]) : `the ${sources.length} shards`;
  const stored = files.flatMap((file) => file.header.tensors.map((tensor) => tensor.name));
  return new FormatError(
    `${WHERE}: ${among} must contain tensor ${name} with shape [${shape.join(', ')}], but ${insteadOf(name, stored, promised, isHead)}`,
    { source: sources[0] ?? '', field: name },
  );
}

/** What there is instead of a tensor, and what to do. */
function insteadOf(name: string, stored: readonly string[], promised: string | undefined, isHead: boolean): string {
  if (stored.some((other) => /\.lora_[AB]\./.test(other)))
    return 'the file holds a LoRA adapter. Merge it first: model.merge_and_unload().save_pretrained(folder).';
  const longer = stored.find((other) => other.endsWith(`.${name}`));
  if (longer !== undefined) {
    const prefix = quoteName(longer.slice(0, -name.length));
    return `there is only ${quoteName(longer)}. Take the prefix ${prefix} off the names of the tensors.`;
  }
  if (promised !== undefined) return `${promised}. Download it again.`;
  return isHead
    ? 'there is none. If the model shares its embedding, config.json must say tie_word_embeddings: true.'
    : 'there is none.';
}
