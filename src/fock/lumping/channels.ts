import { lawPowers } from '../../backend/ts/fock/law-powers.ts';
import type { StartLump } from './start-lumps.ts';

/**
 * What a walk carries along every path of the lumped chain: the product of the steps' p_A^a·p_B^b, summed over the paths to a state,
 * or its maximum.
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

/** p_A^a·p_B^b of two laws (or of A's alone), as scaled numbers. */
export function powersOf({ a, b }: Channel, pA: Float64Array, pB: Float64Array | null): Float64Array {
  const powers = new Float64Array(2 * pA.length);
  lawPowers(pA, a, b === 0 ? null : pB, b, powers, pA.length);
  return powers;
}

/** The powers of the weights of a lump's texts, scaled: what its paths start from. */
export function startPowers(channel: Channel, { members }: StartLump): Float64Array {
  const [first, second] = [0, 1].map((which) => Float64Array.from(members, ({ weights }) => weights[which] ?? 0));
  return powersOf(channel, first!, second!);
}
