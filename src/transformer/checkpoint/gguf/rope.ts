import type { GgufMetadata } from '../../../formats/gguf/metadata.ts';
import { exp } from '../../../math/exp.ts';
import { log } from '../../../math/log.ts';

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
 * @param key the full key of one that stands without the architecture's name
 * @param divisors `rope_freqs.weight`, what the frequencies are divided by; null without it
 * @throws FormatError where the metadata contradict themselves.
 */
export function ropeParameters(
  metadata: GgufMetadata,
  key: (name: string) => string,
  divisors: Float32Array | null,
): Readonly<Record<string, unknown>> | undefined {
  const type = metadata.text(key('rope.scaling.type')) ?? 'none';
  const factor = metadata.number(key('rope.scaling.factor')) ?? metadata.number(key('rope.scale_linear'));
  const context = metadata.integer(key('rope.scaling.original_context_length'));
  if (divisors !== null) {
    if (type !== 'none') throw metadata.fault(key('rope.scaling.type'), 'be none beside a tensor rope_freqs.weight');
    return divisorParameters(divisors, metadata.number(key('rope.freq_base')) ?? DEFAULT_THETA, context);
  }
  if (type === 'none' && (factor === undefined || factor === 1)) return undefined;
  return {
    rope_type: type === 'none' ? 'linear' : type,
    ...(factor === undefined ? {} : { factor }),
    ...(context === undefined ? {} : { original_max_position_embeddings: context }),
  };
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

/** What Llama 3.1's scaling divides a frequency by: 1/((1 − s)/factor + s), s the share of the way from LOW to HIGH turns within the original context. */
function llama3Divisor(frequency: number, factor: number, context: number): number {
  const s = Math.min(1, Math.max(0, ((context * frequency) / (2 * Math.PI) - LOW) / (HIGH - LOW)));
  return 1 / ((1 - s) / factor + s);
}
