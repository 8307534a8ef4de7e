import type { GgufMetadata } from '../../../formats/gguf/metadata.ts';
import { exp } from '../../../math/exp.ts';
import { log } from '../../../math/log.ts';
import { llama3Share, longropeStrength, yarnStrength } from '../rope-kinds.ts';
import type { GgufFacts } from './architectures.ts';
import type { RopeTensors } from './rope-tensors.ts';

/** Llama 3.1's bounds, as all its models have them. */
const [LOW, HIGH] = [1, 4];
/** Original contexts of models with that scaling. */
const CONTEXTS = [8192, 4096, 2048, 16_384, 32_768];
/** How near the divisors must come: converters compute them in f32. */
const NEAR = 1e-6;
const DEFAULT_THETA = 10_000;

/**
 * The object `rope_parameters` that config.json would have; undefined without scaling.
 *
 * @throws FormatError where the metadata contradict themselves.
 */
export function ropeParameters(
  { metadata, keyOf }: Pick<GgufFacts, 'metadata' | 'keyOf'>,
  { divisors, long, short }: RopeTensors,
): Readonly<Record<string, unknown>> | undefined {
  const type = metadata.text(keyOf('rope.scaling.type')) ?? 'none';
  const factor = metadata.number(keyOf('rope.scaling.factor')) ?? metadata.number(keyOf('rope.scale_linear'));
  const original = metadata.integer(keyOf('rope.scaling.original_context_length'));
  const context = original === undefined ? {} : { original_max_position_embeddings: original };
  if (divisors !== null) {
    if (type !== 'none') throw metadata.fault(keyOf('rope.scaling.type'), 'be none beside a tensor rope_freqs.weight');
    return divisorParameters(divisors, metadata.number(keyOf('rope.freq_base')) ?? DEFAULT_THETA, original);
  }
  if (long !== null || short !== null) {
    if (long === null || short === null || original === undefined) {
      throw metadata.fault(
        keyOf('rope.scaling.original_context_length'),
        'come with both of rope_factors_long.weight and rope_factors_short.weight, or neither',
      );
    }
    const scale = (metadata.integer(keyOf('context_length')) ?? original) / original;
    const factors = { short_factor: [...short], long_factor: [...long] };
    const usual = longropeStrength(scale, original);
    return { rope_type: 'longrope', ...factors, ...context, ...strength(metadata, keyOf, usual) };
  }
  if (type === 'yarn') {
    const usual = yarnStrength(factor ?? 1);
    const bounds = { beta_fast: 'rope.scaling.yarn_beta_fast', beta_slow: 'rope.scaling.yarn_beta_slow' };
    return {
      rope_type: type,
      factor,
      ...context,
      ...numbers(metadata, keyOf, bounds),
      ...strength(metadata, keyOf, usual),
    };
  }
  if (type === 'none' && (factor === undefined || factor === 1)) return undefined;
  return { rope_type: type === 'none' ? 'linear' : type, ...(factor === undefined ? {} : { factor }), ...context };
}

/** Keys about scaling that {@link ropeParameters} reads. */
export const ROPE_KEYS: readonly string[] = [
  'rope.scaling.type',
  'rope.scaling.factor',
  'rope.scale_linear',
  'rope.scaling.original_context_length',
  'rope.scaling.attn_factor',
  'rope.scaling.yarn_attn_factor',
  'rope.scaling.yarn_beta_fast',
  'rope.scaling.yarn_beta_slow',
];

/** `attention_factor`, where it is not the usual one as f32 has it. */
function strength(metadata: GgufMetadata, keyOf: GgufFacts['keyOf'], usual: number): { attention_factor?: number } {
  const stored =
    metadata.number(keyOf('rope.scaling.attn_factor')) ?? metadata.number(keyOf('rope.scaling.yarn_attn_factor'));
  return stored === undefined || Math.fround(stored) === Math.fround(usual) ? {} : { attention_factor: stored };
}

/** The numbers of some keys, those that are there. */
function numbers(metadata: GgufMetadata, keyOf: GgufFacts['keyOf'], keys: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(keys).flatMap(([field, key]) => {
      const value = metadata.number(keyOf(key));
      return value === undefined ? [] : [[field, value] as const];
    }),
  );
}

/** Llama 3.1's parameters where its formula gives the divisors, else the divisors as a list of factors. */
function divisorParameters(
  divisors: Float32Array,
  theta: number,
  known: number | undefined,
): Readonly<Record<string, unknown>> {
  const factor = divisors.reduce((most, divisor) => Math.max(most, divisor), 1);
  const frequencies = Array.from(divisors, (_, c) => exp((-c / divisors.length) * log(theta)));
  const near = (context: number): boolean =>
    frequencies.every((frequency, c) => Math.abs(llama3Divisor(frequency, factor, context) / divisors[c]! - 1) < NEAR);
  const context = [...(known === undefined ? [] : [known]), ...CONTEXTS].find(near);
  if (context === undefined) {
    const factors = [...divisors];
    return { rope_type: 'longrope', short_factor: factors, long_factor: factors, attention_factor: 1 };
  }
  return {
    rope_type: 'llama3',
    factor,
    low_freq_factor: LOW,
    high_freq_factor: HIGH,
    original_max_position_embeddings: context,
  };
}

/** What Llama 3.1's scaling divides a frequency by: 1/((1 − s)/factor + s). */
function llama3Divisor(frequency: number, factor: number, context: number): number {
  const s = llama3Share(frequency, context, LOW, HIGH);
  return 1 / ((1 - s) / factor + s);
}
