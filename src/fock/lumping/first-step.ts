import { LUMPED_SUMS } from '../../backend/contract/lumping.ts';
import { lumpedExpectations } from '../../backend/plain.ts';
import { evaluateLaw, type NextTokenLaw } from '../next-token-law.ts';
import { type Channel, logarithms, oneSource, spreadOne, startTotal } from './channels.ts';
import type { CountIndex } from './count-index.ts';
import { addScaled, isLarger } from './scaled-number.ts';
import { SlotSums } from './slot-sums.ts';
import type { StartGroup, StartLump } from './start-lumps.ts';

/** What the first step of a group leaves behind. */
export interface FirstStep {
  /** Of each channel: its states of λ = 1, scaled. */
  readonly vectors: readonly Float64Array[];
  /** Σ over states (for a maximum, the maximum) of each channel, scaled. */
  readonly totals: readonly Float64Array[];
  /** By state, the lump that the heaviest string comes from. */
  readonly back: Int32Array;
  readonly sums: SlotSums;
  readonly states: number;
}

/** The step from the texts themselves: on the host, by the laws' own probabilities. One law for each model. */
export function firstStep(
  group: StartGroup,
  index: CountIndex,
  channels: readonly Channel[],
  laws: readonly NextTokenLaw[],
): FirstStep {
  const S = group.slots.length;
  const stride = index.vectors(group.spare);
  const vectors = channels.map(() => new Float64Array(2 * S * stride));
  const totals = channels.map(() => new Float64Array(2));
  const back = new Int32Array(S * stride);
  const sums = new SlotSums(S);
  for (const [which, lump] of group.lumps.entries()) {
    const rank = index.rank(group.offsets[which]!);
    const [p, q = null] = laws.map((law) => slotLaw(law, lump, group));
    for (const [c, channel] of channels.entries()) {
      const { to, total } = spreadOne(channel, startTotal(channel, lump), p!, q);
      if (!channel.best) addScaled(totals[c]!, 0, [total[0]!, total[1]!]);
      else if (isLarger(total, 0, totals[c]!, 0)) totals[c]!.set(total);
      for (let y = 0; y < S; y++) {
        const state = y * stride + rank;
        if (!channel.best) addScaled(vectors[c]!, state, [to[2 * y]!, to[2 * y + 1]!]);
        else if (isLarger(to, y, vectors[c]!, state)) {
          vectors[c]!.set(to.subarray(2 * y, 2 * y + 2), 2 * state);
          back[state] = which;
        }
      }
    }
    const own = new Float64Array(LUMPED_SUMS.marginals + S);
    const from = startTotal(channels[0]!, lump);
    lumpedExpectations(from, oneSource(S), p!, logarithms(p!), q, q && logarithms(q), S, 1, own);
    sums.add(own);
  }
  return { vectors, totals, back, sums, states: S * stride };
}

/** The law of the first step after a lump, by slot. */
function slotLaw(law: NextTokenLaw, { history }: StartLump, { slots }: StartGroup): Float64Array {
  const p = evaluateLaw(law, history);
  return Float64Array.from(slots, (token) => p[token]!);
}
