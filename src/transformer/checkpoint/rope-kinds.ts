import { describeJson } from '../../formats/json.ts';
import { log } from '../../math/log.ts';
import type { RotaryTable } from '../config.ts';
import type { ConfigFields } from './config-fields.ts';

/** What a scaling needs beside its own fields. */
export interface RopeContext {
  /** The base θ. */
  readonly theta: number;
  readonly maxPositions: number;
  /** The fields around the scaling's. */
  readonly outer: ConfigFields;
  /** Other names of kinds, with those they mean. */
  readonly kinds?: ReadonlyMap<string, string> | undefined;
}

/**
 * The frequencies ω_c = θ^(−2c/R) of a plain rotation, scaled:
 *
 * - `default`: as they are; so is `dynamic`, which changes sequences longer than `max_position_embeddings` only, and such are refused.
 * - `linear`: ω_c / factor.
 * - `llama3`: see {@link llama3}.
 * - `yarn`: see {@link yarn}; `longrope`, and `su` as it was called first: see {@link longrope}.
 *
 * @throws FormatError for any other kind, by name, and for fields that do not fit.
 */
export function ropeScaling(rope: ConfigFields, plain: Float64Array, context: RopeContext): RotaryTable {
  // The older files call the type `type`.
  const older = rope.value('type');
  const type = rope.value('rope_type') ?? older ?? 'default';
  if (older !== undefined && older !== type)
    throw rope.fault('type', `agree with rope_type ${describeJson(type)}`, older);
  switch (context.kinds?.get(type as string) ?? type) {
    case 'default':
      return { frequencies: plain, factor: 1, long: null };
    case 'dynamic':
      rope.positive('factor');
      rope.ignore(['original_max_position_embeddings']);
      return { frequencies: plain, factor: 1, long: null };
    case 'linear': {
      const factor = rope.positive('factor');
      return { frequencies: plain.map((frequency) => frequency / factor), factor: 1, long: null };
    }
    case 'llama3':
      return { frequencies: plain.map(llama3(rope)), factor: 1, long: null };
    case 'yarn':
      return yarn(rope, plain, context);
    case 'su':
    case 'longrope':
      return longrope(rope, plain, context);
    default:
      throw rope.fault('rope_type', 'be default, linear, dynamic, llama3, yarn or longrope', type);
  }
}

/**
 * Llama 3.1's scaling. With r = (original context)·ω/2π, the turns that a pair makes within the original context:
 * r ≥ high: ω stays; r ≤ low: ω/factor; between them s = (r − low)/(high − low) mixes (1 − s)·ω/factor + s·ω.
 */
function llama3(rope: ConfigFields): (frequency: number) => number {
  const factor = rope.positive('factor');
  const low = rope.positive('low_freq_factor');
  const high = rope.positive('high_freq_factor');
  const context = rope.positive('original_max_position_embeddings');
  if (low >= high) throw rope.fault('low_freq_factor', `be below high_freq_factor = ${high}`, low);
  return (frequency) => {
    const s = llama3Share(frequency, context, low, high);
    return ((1 - s) * frequency) / factor + s * frequency;
  };
}

/** s: the share of the way from `low` to `high` turns that a pair makes within the original context, from 0 to 1. */
export function llama3Share(frequency: number, context: number, low: number, high: number): number {
  const turns = (context * frequency) / (2 * Math.PI);
  return Math.min(1, Math.max(0, (turns - low) / (high - low)));
}

/**
 * YaRN. Pair c keeps ω_c while c ≤ low, has ω_c/factor from high on, and between them s = (c − low)/(high − low) mixes (1 − s)·ω_c + s·ω_c/factor;
 * low and high are the pairs that turn `beta_fast` and `beta_slow` times within the original context n, where c = R·ln(n/(2πβ))/(2 ln θ), rounded outwards
 * unless `truncate` is false. What turns is multiplied by `attention_factor`, else by m(1) or m(mscale)/m(mscale_all_dim), where
 * m(x) = 1 + 0.1·x·ln factor.
 *
 * @source B. Peng, J. Quesnelle, H. Fan, E. Shippole, arXiv:2309.00071, §3.2–3.4; the defaults of transformers.
 */
function yarn(rope: ConfigFields, plain: Float64Array, { theta, maxPositions, outer }: RopeContext): RotaryTable {
  const original = originalContext(rope, outer, maxPositions);
  const factor = rope.positive('factor', maxPositions / original);
  const [fast, slow] = [rope.positive('beta_fast', 32), rope.positive('beta_slow', 1)];
  if (fast < slow) throw rope.fault('beta_fast', `be at least beta_slow = ${slow}`, fast);
  const R = 2 * plain.length;
  const pairAt = (turns: number) => (R * log(original / (turns * 2 * Math.PI))) / (2 * log(theta));
  const whole = rope.boolean('truncate', true);
  const low = Math.max(whole ? Math.floor(pairAt(fast)) : pairAt(fast), 0);
  const end = Math.min(whole ? Math.ceil(pairAt(slow)) : pairAt(slow), R - 1);
  // A ramp of no width would divide by zero.
  const high = low === end ? low + 0.001 : end;
  const frequencies = plain.map((frequency, c) => {
    const s = Math.min(1, Math.max(0, (c - low) / (high - low)));
    return (frequency / factor) * s + frequency * (1 - s);
  });
  const m = (x: number) => yarnStrength(factor, x);
  const [all, one] = [rope.value('mscale_all_dim'), rope.value('mscale')];
  const usual = all && one ? m(rope.positive('mscale')) / m(rope.positive('mscale_all_dim')) : m(1);
  return { frequencies, factor: rope.positive('attention_factor', usual), long: null };
}

/** m(x), by which YaRN multiplies what turns. */
export function yarnStrength(factor: number, x = 1): number {
  return factor <= 1 ? 1 : 0.1 * x * log(factor) + 1;
}

/**
 * LongRoPE: ω_c/short_c in sequences of up to n tokens, the original context, and ω_c/long_c for all tokens of a longer one. What turns is multiplied by
 * `attention_factor`, else by √(1 + ln s/ln n), or 1 where s ≤ 1, with s = `factor`, else `max_position_embeddings`/n.
 *
 * @source Y. Ding et al., arXiv:2402.13753; the factor as M. Abdin et al., arXiv:2404.14219, and transformers have it.
 */
function longrope(rope: ConfigFields, plain: Float64Array, { maxPositions, outer }: RopeContext): RotaryTable {
  const beyond = originalContext(rope, outer, maxPositions);
  const scaled = (name: string) => {
    const factors = factorsOf(rope, name, plain.length);
    return plain.map((frequency, c) => frequency / factors[c]!);
  };
  const usual = longropeStrength(rope.positive('factor', maxPositions / beyond), beyond);
  const [frequencies, long] = [scaled('short_factor'), scaled('long_factor')];
  return { frequencies, factor: rope.positive('attention_factor', usual), long: { beyond, frequencies: long } };
}

/** By what LongRoPE multiplies what turns, for a context that is `s` times the original one of n tokens. */
export function longropeStrength(s: number, n: number): number {
  return s <= 1 ? 1 : Math.sqrt(1 + log(s) / log(n));
}

/** A list of positive numbers, one for each pair. */
function factorsOf(rope: ConfigFields, name: string, pairs: number): readonly number[] {
  const list = rope.value(name);
  const positive = (value: unknown) => typeof value === 'number' && Number.isFinite(value) && value > 0;
  if (!Array.isArray(list) || list.length !== pairs || !list.every(positive))
    throw rope.fault(name, `list ${pairs} numbers above zero, one for each pair that turns`, list);
  return list as number[];
}

/** The context before it was extended: outside of the scaling, where it counts first, in it, or all positions. */
function originalContext(rope: ConfigFields, outer: ConfigFields, maxPositions: number): number {
  const name = 'original_max_position_embeddings';
  const within = rope.positive(name, maxPositions);
  return outer.positive(name, within);
}
