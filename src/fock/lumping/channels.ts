import { lumpedBest, lumpedSpread } from '../../backend/plain.ts';
import { mapLog } from '../../math/log.ts';
import type { StartLump } from './start-lumps.ts';

/**
 * What a walk carries along every path of the lumped chain: the product of the steps' p_A^a·p_B^b, summed over the paths to a state,
 * or the product of p_A for the likeliest of them.
 */
export interface Channel {
  readonly a: number;
  /** 0 where there is one model. */
  readonly b: number;
  readonly best?: boolean;
}

/** P itself: of two models, the first's. */
export const PROBABILITY: Channel = { a: 1, b: 0 };
/** The most probable path. */
export const MOST_PROBABLE: Channel = { a: 1, b: 0, best: true };

/**
 * One step of a channel from a single scaled number by the laws `p` and, of a second model, `q`: the scaled numbers it leads to, and
 * their sum (or the largest).
 */
export function spreadOne(
  { a, b, best }: Channel,
  from: Float64Array,
  p: Float64Array,
  q: Float64Array | null,
): { readonly to: Float64Array; readonly total: Float64Array } {
  const S = p.length;
  const sources = oneSource(S);
  const [to, total] = [new Float64Array(2 * S), new Float64Array(2)];
  if (best) lumpedBest(from, sources, p, S, to, new Uint8Array(S), 1, 0, 1, total);
  else {
    const logQ = b === 0 || q === null ? null : logarithms(q);
    lumpedSpread(from, sources, p, logarithms(p), a, logQ, b, S, to, 1, 0, 1, total);
  }
  return { to, total };
}

/** A channel's number at a lump before the first step: Σ w_A^a·w_B^b over its texts, or the largest weight. */
export function startTotal(channel: Channel, { members }: StartLump): Float64Array {
  const [first, second] = [0, 1].map((which) => Float64Array.from(members, ({ weights }) => weights[which] ?? 0));
  return spreadOne(channel, Float64Array.of(1, 0), first!, second!).total;
}

/** Sources of a single state: all but one of S queries come from nowhere. */
export function oneSource(S: number): Int32Array {
  return new Int32Array(S).fill(-1).fill(0, 0, 1);
}

/** ln of every element. */
export function logarithms(p: Float64Array): Float64Array {
  const logs = new Float64Array(p.length);
  mapLog(p, logs, p.length);
  return logs;
}
