import { FormatError } from '../../core/errors.ts';
import { quoteName } from '../../formats/json.ts';
import type { StoredTensor } from '../../formats/safetensors-header.ts';
import type { TensorEntry, WeightType } from './checkpoint.ts';
import type { TensorPlan } from './family.ts';
import type { WeightFile } from './weight-files.ts';

const WHERE = 'openCheckpoint';

/** Bytes of one stored weight. */
export const WEIGHT_BYTES: Readonly<Record<WeightType, number>> = { F32: 4, F16: 2, BF16: 2 };

/** The stored tensors, sorted by whether the model uses them. */
export interface TensorTable {
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly ignored: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Matches the stored tensors with the plan.
 *
 * @throws FormatError if a tensor is missing, has another shape, is stored twice, or has a type that cannot be read.
 */
export function matchTensors(plan: TensorPlan, files: readonly WeightFile[]): TensorTable {
  const tensors = new Map<string, TensorEntry>();
  const ignored: string[] = [];
  const warnings: string[] = [];
  for (const file of files) {
    for (const stored of file.header.tensors) {
      const name = plan.canonicalName(stored.name);
      const shape = plan.shapes.get(name);
      if (shape === undefined) {
        ignored.push(name);
        if (!plan.isSpare(name))
          warnings.push(`${file.name} has a tensor the configuration does not use: ${quoteName(stored.name)}.`);
        continue;
      }
      const twin = tensors.get(name);
      if (twin !== undefined) {
        throw tensorFault(
          file.name,
          stored.name,
          `be stored once, but ${twin.file === file.name ? 'another tensor of the file' : twin.file} has it too`,
        );
      }
      tensors.set(name, entryOf(file.name, name, stored, shape));
    }
  }
  for (const [name, shape] of plan.shapes) {
    if (!tensors.has(name)) throw missing(name, shape, files);
  }
  return { tensors, ignored, warnings };
}

function entryOf(file: string, name: string, stored: StoredTensor, shape: readonly number[]): TensorEntry {
  if (stored.shape.join() !== shape.join()) {
    throw tensorFault(
      file,
      stored.name,
      `have shape [${shape.join(', ')}] for this configuration, but it has [${stored.shape.join(', ')}]`,
    );
  }
  if (!isWeightType(stored.dtype)) {
    throw tensorFault(file, stored.name, `have dtype F32, F16 or BF16, but it has ${stored.dtype}`);
  }
  return { name, file, dtype: stored.dtype, shape, begin: stored.begin, end: stored.end };
}

function isWeightType(dtype: string): dtype is WeightType {
  return Object.hasOwn(WEIGHT_BYTES, dtype);
}

function tensorFault(source: string, field: string, must: string): FormatError {
  return new FormatError(`${WHERE}: tensor ${quoteName(field)} of ${source} must ${must}.`, { source, field });
}

function missing(name: string, shape: readonly number[], files: readonly WeightFile[]): FormatError {
  const sources = files.map((file) => file.name);
  const among = sources.length === 1 ? String(sources[0]) : `the ${sources.length} shards`;
  const advice =
    name === 'lm_head.weight' || name === 'embed_out.weight'
      ? ' If the model shares its embedding, config.json must say tie_word_embeddings: true.'
      : '';
  return new FormatError(
    `${WHERE}: ${among} must contain tensor ${name} with shape [${shape.join(', ')}], but there is none.${advice}`,
    { source: sources[0] ?? '', field: name },
  );
}
