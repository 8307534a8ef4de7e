import type { GgufMetadata } from '../../../formats/gguf/metadata.ts';
import type { GgufTensor } from '../../../formats/gguf/tensor-table.ts';
import { type GgufArchitecture, USUAL_FIELDS } from './architectures.ts';
import { ropeParameters } from './rope.ts';

/** What a model's fields are read from. */
export interface GgufSource {
  readonly metadata: GgufMetadata;
  readonly tensors: ReadonlyMap<string, GgufTensor>;
  /** `rope_freqs.weight`, null without it. */
  readonly divisors: Float32Array | null;
}

/** Fields of config.json, and the keys they come from. */
export interface GgufFields {
  readonly values: ReadonlyMap<string, unknown>;
  /** The key of a field, or what else in the file gives it. */
  readonly keys: ReadonlyMap<string, string>;
  /** Keys of the architecture that gave no field. */
  readonly unknown: readonly string[];
}

/** Parts of keys that never change what is computed, or are read elsewhere. */
const IGNORED = new Set([
  'vocab_size',
  'rope.scaling.finetuned',
  'pooling_type',
  'tensor_data_layout',
  'attention.causal',
]);
const ROPE = ['rope.scaling.type', 'rope.scaling.factor', 'rope.scale_linear', 'rope.scaling.original_context_length'];
const EMBEDDING = 'token_embd.weight';

/**
 * The fields that config.json would have, from the metadata and the tensors.
 *
 * @throws FormatError naming the key for values of a wrong type, and for what no family computes.
 */
export function ggufFields(name: string, architecture: GgufArchitecture, source: GgufSource): GgufFields {
  const { metadata, tensors } = source;
  const keyOf = (part: string): string => `${name}.${part}`;
  const values = new Map<string, unknown>();
  const keys = new Map<string, string>();
  const give = (field: string, value: unknown, key: string): void => {
    if (value === undefined) return;
    values.set(field, value);
    keys.set(field, key);
  };
  for (const [part, field] of Object.entries({ ...USUAL_FIELDS, ...architecture.fields }))
    give(field, scalarOf(metadata, keyOf(part)), keyOf(part));
  for (const [field, value] of Object.entries(architecture.always ?? {})) give(field, value, 'general.architecture');
  for (const [field, tensor] of Object.entries(architecture.biases ?? {})) give(field, tensors.has(tensor), tensor);
  give('vocab_size', tensors.get(EMBEDDING)?.shape[0], EMBEDDING);
  give('tie_word_embeddings', !tensors.has('output.weight'), 'output.weight');
  give('partial_rotary_factor', rotaryShare(metadata, keyOf), keyOf('rope.dimension_count'));
  give('rope_parameters', ropeParameters(metadata, keyOf, source.divisors), keyOf('rope.scaling.type'));
  give('bos_token_id', metadata.integer('tokenizer.ggml.bos_token_id'), 'tokenizer.ggml.bos_token_id');
  give('eos_token_id', metadata.integer('tokenizer.ggml.eos_token_id'), 'tokenizer.ggml.eos_token_id');
  checkHeads(metadata, keyOf);
  const read = new Set([...keys.values(), ...[...IGNORED, ...ROPE, 'attention.value_length'].map(keyOf)]);
  const unknown = metadata.keys().filter((key) => key.startsWith(`${name}.`) && !read.has(key));
  return { values, keys, unknown };
}

/** A truth value, or a number as the shortest decimal that is stored as it is. */
function scalarOf(metadata: GgufMetadata, key: string): number | boolean | undefined {
  return metadata.value(key)?.type === 'bool' ? metadata.flag(key) : metadata.number(key);
}

/** The share of a head's coordinates that turn, such that their number is found again from it; undefined where nothing says how wide heads are. */
function rotaryShare(metadata: GgufMetadata, keyOf: (part: string) => string): number | undefined {
  const [D, H] = [metadata.integer(keyOf('embedding_length')), metadata.integer(keyOf('attention.head_count'))];
  const K = metadata.integer(keyOf('attention.key_length')) ?? (D ?? Number.NaN) / (H ?? Number.NaN);
  const R = metadata.integer(keyOf('rope.dimension_count')) ?? K;
  if (!(R >= 1 && R <= K)) return undefined;
  const share = R / K;
  return Math.trunc(K * share) === R ? share : (R + 0.5) / K;
}

/** Keys and values of one width, and a mask that hides what comes later, are all that is computed. */
function checkHeads(metadata: GgufMetadata, keyOf: (part: string) => string): void {
  const width = metadata.integer(keyOf('attention.key_length'));
  const values = metadata.integer(keyOf('attention.value_length'));
  if (values !== undefined && width !== undefined && values !== width)
    throw metadata.fault(keyOf('attention.value_length'), `agree with ${keyOf('attention.key_length')} = ${width}`);
  if (metadata.flag(keyOf('attention.causal')) === false)
    throw metadata.fault(
      keyOf('attention.causal'),
      'be true',
      undefined,
      'This package does not compute models without it.',
    );
}
