import { GgufMetadata } from '../../src/formats/gguf/metadata.ts';
import type { GgufValue } from '../../src/formats/gguf/values.ts';

/** The tokens of a GGUF file. */
export interface GgufTokens {
  readonly tokens: readonly string[];
  readonly types: readonly number[];
  readonly scores?: readonly number[];
  readonly merges?: readonly string[];
  readonly architecture?: string;
  readonly add_space_prefix?: boolean;
  readonly bos?: number;
  readonly eos?: number;
  readonly unknown?: number;
}

/** A tokenizer of GGUF metadata. */
export interface GgufTokenizerCase {
  readonly name: string;
  readonly model: string;
  /** What may stand in `tokenizer.ggml.pre`, all to the same effect. */
  readonly names?: readonly string[];
  readonly vocabulary: GgufTokens;
}

/** Metadata as the reader of GGUF files gives them, of numbers, texts, truth values and lists of them. */
export function ggufMetadata(values: Readonly<Record<string, unknown>>): GgufMetadata {
  const entries = Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, ggufValue(value)] as const],
  );
  return new GgufMetadata(new Map(entries), { where: 'openCheckpoint', source: 'model.gguf' });
}

/** The metadata of a case. */
export function metadataOf({ model, vocabulary }: GgufTokenizerCase, pre?: string): GgufMetadata {
  const { tokens, types, scores, merges, architecture, add_space_prefix, bos, eos, unknown } = vocabulary;
  return ggufMetadata({
    'general.architecture': architecture ?? 'test',
    'tokenizer.ggml.model': model,
    'tokenizer.ggml.pre': pre ?? 'default',
    'tokenizer.ggml.tokens': tokens,
    'tokenizer.ggml.token_type': Int32Array.from(types),
    'tokenizer.ggml.scores': scores === undefined ? undefined : Float32Array.from(scores),
    'tokenizer.ggml.merges': merges,
    'tokenizer.ggml.bos_token_id': bos ?? (model === 'bert' ? 2 : 0),
    'tokenizer.ggml.eos_token_id': eos,
    'tokenizer.ggml.unknown_token_id': unknown ?? (model === 'bert' ? 1 : undefined),
    'tokenizer.ggml.seperator_token_id': model === 'bert' ? 3 : undefined,
    'tokenizer.ggml.add_space_prefix': add_space_prefix,
  });
}

function ggufValue(value: unknown): GgufValue {
  if (typeof value === 'string') return { type: 'string', value };
  if (typeof value === 'boolean') return { type: 'bool', value };
  if (typeof value === 'number') return { type: Number.isInteger(value) && value >= 0 ? 'u32' : 'f32', value };
  if (value instanceof Float32Array) return { type: 'array', of: 'f32', value };
  if (value instanceof Int32Array) return { type: 'array', of: 'i32', value };
  return { type: 'array', of: 'string', value: value as readonly string[] };
}
