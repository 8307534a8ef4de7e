import type { Backend, BackendKind } from '../../backend/backend.ts';
import type { DiagonalState } from '../diagonal-state.ts';
import { vonNeumannEntropy } from '../information.ts';
import type { NextTokenLaw } from '../next-token-law.ts';
import type { HeaviestPath } from './back-pointers.ts';
import { type Channel, MOST_PROBABLE, PROBABILITY } from './channels.ts';
import { CountLaw, type CountVectors, countVectorsOf } from './count-law.ts';
import { type LumpingOptions, planLumping } from './plan.ts';
import { checkAlphas, renyiChannels, renyiEntropy } from './renyi.ts';
import { isLarger, logOfScaled, valueOfScaled } from './scaled-number.ts';
import { followGroups, type StepSums } from './step-sums.ts';

/** Options of `lump`. */
export interface LumpOptions extends LumpingOptions {
  /** Orders of the Rényi entropies, each positive; 1 and Infinity give their limits. Default none. */
  readonly alphas?: readonly number[] | undefined;
}

/** The exact state after one step. Entropies in nats. */
export interface LumpedStep {
  /** ℓ, from 1. */
  readonly step: number;
  /** Lumped states that stand for it. */
  readonly states: number;
  /** Law of the token of this step, V numbers. */
  readonly marginal: Float64Array;
  /** Von Neumann entropy S(ρ_ℓ) = S(ρ_0) + Σ_{k ≤ ℓ} conditional entropies. */
  readonly entropy: number;
  /** Σ_h w_h H(p_ℓ(·|h)) over the state before. */
  readonly conditionalEntropy: number;
  /** Tr ρ², 0 where it underflows. */
  readonly purity: number;
  /** ln Tr ρ². */
  readonly logPurity: number;
  /** −ln of the largest weight. */
  readonly minEntropy: number;
  /** Rényi entropies of the orders asked for, in their order. */
  readonly renyi: Float64Array;
  /** Tr ρ: 1 but for rounding. */
  readonly trace: number;
}

/** An exact evolution, described by numbers that need no list of its strings. */
export interface Lumped {
  /** Number of tokens. */
  readonly V: number;
  /** Orders of the Rényi entropies. */
  readonly alphas: readonly number[];
  /** S(ρ_0) in nats. */
  readonly startEntropy: number;
  /** Steps 1 … L. */
  readonly steps: readonly LumpedStep[];
  /**
   * The heaviest string of ρ_L: the text (a string of the start state), the tokens appended, ln of its weight. Of equally heavy ones
   * always the same.
   */
  readonly mostProbable: { readonly text: number; readonly tokens: Int32Array; readonly logProbability: number };
  /** How often each token occurs in the strings of ρ_L. */
  readonly counts: CountLaw;
  /** Which implementation ran. */
  readonly backend: BackendKind;
}

/**
 * Exact numbers of an open system in polynomial time, for laws whose scores do not depend on positions. Then p(y|h) depends on h
 * only through its token counts c and its last token q, so (c, q) → (c + e_y, y) is a Markov chain. From one text, L steps over S
 * tokens that can be generated end in S·C(L+S−2, S−1) of its states instead of up to S^L strings. Along it run the sums
 *
 *     r_ℓ(c + e_y, y) = Σ_q r_{ℓ−1}(c, q) p_ℓ(y|c, q)^α,   Tr ρ_ℓ^α = Σ r_ℓ,   r_0(s) = Σ_{h ∈ s} w_h^α
 *
 * with max for Σ to find the most probable string. S(ρ_ℓ) follows from the chain rule. Every number has an exponent of its own, so
 * nothing underflows.
 *
 * @param laws step ℓ uses law ((ℓ−1) mod number of laws) + 1.
 * @param start a mixture of texts, of one length or several.
 * @throws DomainError where a law depends on the order of tokens (`whyNotLumpable`), or for a bad order; ShapeError as `propagate`;
 *   CapacityError before anything is allocated; the signal's reason.
 * @accuracy relative error about L·(N + 10)·u of every trace and probability, u = 2⁻⁵³; the same bits from both backends.
 * @cost S² transitions for each of the Σ_ℓ C(ℓ+S−2, S−1) count vectors; 32 bytes for each state and order, 1 for each back-pointer.
 * @source own: lumpability as J. G. Kemeny, J. L. Snell, Finite Markov Chains (1960), §6.3; Chen, eqs. 3, 5, 7.
 * @example
 * const { steps, mostProbable, counts } = await lump(backend, model.laws, model.start, 200, { alphas: [0.5, Infinity] });
 */
export async function lump(
  backend: Backend,
  laws: readonly NextTokenLaw[],
  start: DiagonalState,
  L: number,
  options: LumpOptions = {},
): Promise<Lumped> {
  const { alphas = [] } = options;
  checkAlphas('lump', alphas);
  const channels = [PROBABILITY, MOST_PROBABLE, ...renyiChannels([2, ...alphas])];
  const plan = planLumping('lump', backend, [{ laws, start }], () => channels, L, options);
  const paths: HeaviestPath[] = [];
  const vectors: CountVectors[] = [];
  const sums = await plan.run(() =>
    followGroups(plan, start.V, (walk) => {
      paths.push(walk.heaviest(channels.indexOf(MOST_PROBABLE)));
      vectors.push(countVectorsOf(walk, channels.indexOf(PROBABILITY)));
    }),
  );
  const startEntropy = vonNeumannEntropy(start);
  let entropy = startEntropy;
  const steps = sums.map((sum) => {
    entropy += sum.entropy.value;
    return stepOf(sum, channels, alphas, entropy);
  });
  return {
    V: start.V,
    alphas,
    startEntropy,
    steps,
    mostProbable: heaviestOf(paths),
    counts: new CountLaw(start.V, vectors),
    backend: backend.kind,
  };
}

function stepOf(sum: StepSums, channels: readonly Channel[], alphas: readonly number[], entropy: number): LumpedStep {
  const logTrace = (a: number) => logOfScaled(sum.totals[channels.findIndex((channel) => channel.a === a)]!);
  const minEntropy = -logOfScaled(sum.totals[channels.indexOf(MOST_PROBABLE)]!);
  return {
    step: sum.step,
    states: sum.states,
    marginal: sum.marginal,
    entropy,
    conditionalEntropy: sum.entropy.value,
    purity: valueOfScaled(sum.totals[channels.findIndex(({ a }) => a === 2)]!),
    logPurity: logTrace(2),
    minEntropy,
    renyi: Float64Array.from(alphas, (alpha) => renyiEntropy(alpha, logTrace, entropy, minEntropy)),
    trace: valueOfScaled(sum.totals[channels.indexOf(PROBABILITY)]!),
  };
}

function heaviestOf(paths: readonly HeaviestPath[]): Lumped['mostProbable'] {
  const { weight, lump, tokens } = paths.reduce((best, path) =>
    isLarger(path.weight, 0, best.weight, 0) ? path : best,
  );
  const text = lump.members.reduce((best, member) => (member.weights[0]! > best.weights[0]! ? member : best));
  return { text: text.index, tokens, logProbability: logOfScaled(weight) };
}
