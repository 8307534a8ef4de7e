import type { GgufMetadata } from '../../../formats/gguf/metadata.ts';
import { type GgufArchitecture, type GgufFacts, USUAL_FIELDS } from './architectures.ts';
import { ROPE_KEYS, ropeParameters } from './rope.ts';
import type { RopeTensors } from './rope-tensors.ts';

/** Fields of config.json, and the keys they come from. */
export interface GgufFields {
  readonly values: ReadonlyMap<string, unknown>;
  /** The key of a field, or what else in the file gives it. */
  readonly keys: ReadonlyMap<string, string>;
  /** Keys of the architecture that gave no field. */
  readonly unknown: readonly string[];
}

/** Keys that never change what is computed, or are read elsewhere. */
const IGNORED = [
  'vocab_size',
  'rope.dimension_count',
  'rope.scaling.finetuned',
  'pooling_type',
  'tensor_data_layout',
  'attention.causal',
  'attention.value_length',
  ...ROPE_KEYS,
];
const EMBEDDING = 'token_embd.weight';

/**
 * The fields that config.json would have, from the metadata and the tensors.
 *
 * @throws FormatError naming the key for values of a wrong type, and for what no family computes.
 */
export function ggufFields(architecture: GgufArchitecture, facts: GgufFacts, rope: RopeTensors): GgufFields {
  const { metadata, keyOf, has } = facts;
  const values = new Map<string, unknown>();
  const keys = new Map<string, string>();
  const give = (field: string, value: unknown, key: string): void => {
    // Of several keys for a field the one counts that is there.
    if (value !== undefined || !keys.has(field)) keys.set(field, key);
    if (value !== undefined) values.set(field, value);
  };
  const named = Object.entries({ ...USUAL_FIELDS, ...architecture.fields });
  for (const [part, field] of named) if (field !== null) give(field, scalarOf(metadata, keyOf(part)), keyOf(part));
  for (const [field, tensor] of Object.entries(architecture.present ?? {})) give(field, has(tensor), tensor);
  for (const [field, value] of Object.entries(architecture.more?.(facts) ?? {})) give(field, value, field);
  give('vocab_size', facts.rowsOf(EMBEDDING), EMBEDDING);
  give('tie_word_embeddings', !has('output.weight'), 'output.weight');
  give('partial_rotary_factor', rotaryShare(metadata, keyOf), keyOf('rope.dimension_count'));
  give('rope_parameters', ropeParameters(facts, rope), keyOf('rope.scaling.type'));
  give('bos_token_id', metadata.integer('tokenizer.ggml.bos_token_id'), 'tokenizer.ggml.bos_token_id');
  give('eos_token_id', metadata.integer('tokenizer.ggml.eos_token_id'), 'tokenizer.ggml.eos_token_id');
  checkHeads(metadata, keyOf, architecture.encoder !== true);
  const others = architecture.others?.keys ?? [];
  const read = new Set([...named.map(([part]) => part), ...others, ...IGNORED].map(keyOf));
  const unknown = metadata.keys().filter((key) => key.startsWith(keyOf('')) && !read.has(key));
  return { values, keys, unknown };
}

/** A truth value, a text, or a number as the shortest decimal that is stored as it is. 0 stands for a window, a cap or experts that are not there: null. */
function scalarOf(metadata: GgufMetadata, key: string): number | boolean | string | null | undefined {
  const type = metadata.value(key)?.type;
  if (type === 'bool') return metadata.flag(key);
  if (type === 'string') return metadata.text(key);
  const value = metadata.number(key);
  return value === 0 && /(window|softcapping|expert_count|clamp_kqv|alibi_bias)$/.test(key) ? null : value;
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

/** Keys and values of one width, and the architecture's usual mask, are all that is computed. */
function checkHeads(metadata: GgufMetadata, keyOf: (part: string) => string, causal: boolean): void {
  const width = metadata.integer(keyOf('attention.key_length'));
  const values = metadata.integer(keyOf('attention.value_length'));
  if (values !== undefined && width !== undefined && values !== width)
    throw metadata.fault(keyOf('attention.value_length'), `agree with ${keyOf('attention.key_length')} = ${width}`);
  if ((metadata.flag(keyOf('attention.causal')) ?? true) !== causal)
    throw metadata.fault(
      keyOf('attention.causal'),
      `be ${causal}`,
      undefined,
      'This package does not compute models without it.',
    );
}
