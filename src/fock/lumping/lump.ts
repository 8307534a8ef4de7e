import type { Backend, BackendKind } from '../../backend/backend.ts';
import { log } from '../../backend/ts/math/log.ts';
import { checkInteger } from '../../core/checks.ts';
import { CompensatedSum } from '../../core/sums.ts';
import type { DiagonalState } from '../diagonal-state.ts';
import { checkEvolution } from '../evolution.ts';
import type { NextTokenLaw } from '../next-token-law.ts';
import { checkCapacity, groupSize, LUMPING_BYTES } from './capacity.ts';
import { type Channel, MOST_PROBABLE, PROBABILITY, startTotal } from './channels.ts';
import { CountLaw, type CountVectors, countVectorsOf } from './count-law.ts';
import { countingTables } from './counting.ts';
import { breathe, drive, type LumpingProgress } from './drive.ts';
import { checkAlphas, renyiChannels, renyiEntropy } from './renyi.ts';
import { addScaled, isLarger, logOfScaled, valueOfScaled } from './scaled-number.ts';
import { type StartGroup, startGroups, startTexts } from './start-lumps.ts';
import { type HeaviestPath, LumpedWalk, type WalkStep } from './walk.ts';

export interface LumpingOptions extends LumpingProgress {
  /** x_0, the token that the vacuum goes to; default 0. */
  readonly vacuumToken?: number | undefined;
  /** Most bytes that may be taken; default 1 GiB. */
  readonly maxBytes?: number | undefined;
}

export interface LumpOptions extends LumpingOptions {
  /** Orders of the Rényi entropies, each positive; 1 and Infinity give their limits. Default none. */
  readonly alphas?: readonly number[] | undefined;
}

/** The exact state after one step. Entropies in nats. */
export interface LumpedStep {
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
  readonly V: number;
  readonly alphas: readonly number[];
  /** S(ρ_0) in nats. */
  readonly startEntropy: number;
  /** Steps 1 … L. */
  readonly steps: readonly LumpedStep[];
  /**
   * The heaviest string of ρ_L: the text (an index in the start state's strings), the tokens appended, ln of its weight. Of equally
   * heavy ones always the same.
   */
  readonly mostProbable: { readonly text: number; readonly tokens: Int32Array; readonly logProbability: number };
  readonly counts: CountLaw;
  /** Which implementation ran. */
  readonly backend: BackendKind;
}

/**
 * Exact numbers of an open system in polynomial time, for laws whose scores do not depend on positions. Then p(y|h) depends on h
 * only through its token counts c and its last token q, so (c, q) → (c + e_y, y) is a Markov chain. From one text, L steps over S
 * tokens that can be generated end in S·C(L+S−2, S−1) of its states instead of up to S^L strings. Along it run the sums
 *
 *   r_ℓ(c + e_y, y) = Σ_q r_{ℓ−1}(c, q) p_ℓ(y|c, q)^α,   Tr ρ_ℓ^α = Σ r_ℓ,   r_0(s) = Σ_{h ∈ s} w_h^α
 *
 * with max for Σ to find the most probable string. S(ρ_ℓ) follows from the chain rule. Every number has an exponent of its own, so
 * nothing underflows.
 *
 * @param laws step ℓ uses law ((ℓ−1) mod number of laws) + 1.
 * @param start a mixture of texts, of one length or several.
 * @throws DomainError where a law depends on the order of tokens ({@link whyNotLumpable}), or for a bad order; ShapeError as
 *   {@link propagate}; CapacityError before anything is allocated; the signal's reason.
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
  const { alphas = [], vacuumToken = 0, maxBytes = LUMPING_BYTES } = options;
  checkInteger('lump', 'L', L, 1);
  checkEvolution('lump', laws, start, L, { vacuumToken });
  checkAlphas('lump', alphas);
  const tables = countingTables('lump', laws);
  const channels = [PROBABILITY, MOST_PROBABLE, ...renyiChannels([2, ...alphas])];
  const groups = startGroups(startTexts([start]), tables, vacuumToken, L);
  const heads = tables.map(({ scores }) => scores.length);
  const sizes = groups.map((group) => groupSize(group, L - group.delay, channels.length, heads));
  checkCapacity('lump', groups, sizes, L, maxBytes);
  // A scope of the caller's memory that is open now must have ended before anything is allocated.
  await breathe();
  options.signal?.throwIfAborted();
  const total = sizes.reduce((sum, { transitions }) => sum + transitions, 0);
  const sums = Array.from({ length: L }, (_, i) => new StepSums(i + 1, start.V, channels));
  const work = followAll(backend, laws, groups, channels, L, sums);
  const { heaviest, vectors } = await drive(work, total, channels.length, options);
  let entropy = startEntropy(start);
  const first = entropy;
  const steps = sums.map((sum) => {
    entropy += sum.conditionalEntropy.value;
    return stepOf(sum, channels, alphas, entropy);
  });
  return {
    V: start.V,
    alphas,
    startEntropy: first,
    steps,
    mostProbable: mostProbableOf(heaviest),
    counts: new CountLaw(start.V, vectors),
    backend: backend.kind,
  };
}

/** −Σ w ln w of the start. */
export function startEntropy(start: DiagonalState): number {
  const sum = new CompensatedSum();
  for (const w of start.weight) sum.add(-w * log(w));
  return sum.value;
}

type StepPart = Omit<WalkStep, 'step' | 'divergence'>;

/** What all groups add to one step. */
class StepSums {
  readonly step: number;
  readonly marginal: Float64Array;
  readonly conditionalEntropy = new CompensatedSum();
  readonly totals: readonly Float64Array[];
  readonly #channels: readonly Channel[];
  states = 0;

  constructor(step: number, V: number, channels: readonly Channel[]) {
    this.step = step;
    this.marginal = new Float64Array(V);
    this.totals = channels.map(() => new Float64Array(2));
    this.#channels = channels;
  }

  add({ totals, entropy, marginal, states }: StepPart, slots: Int32Array): void {
    for (const [c, total] of totals.entries()) {
      const sum = this.totals[c]!;
      if (!this.#channels[c]!.best) {
        addScaled(sum, 0, [total[0]!, total[1]!]);
      } else if (isLarger(total, 0, sum, 0)) sum.set(total);
    }
    for (const [slot, token] of slots.entries()) this.marginal[token]! += marginal[slot]!;
    this.conditionalEntropy.add(entropy);
    this.states += states;
  }
}

function stepOf(sum: StepSums, channels: readonly Channel[], alphas: readonly number[], entropy: number): LumpedStep {
  const logTrace = (a: number) => logOfScaled(sum.totals[channels.findIndex((channel) => channel.a === a)]!);
  const minEntropy = -logOfScaled(sum.totals[channels.indexOf(MOST_PROBABLE)]!);
  const pure = sum.totals[channels.findIndex(({ a }) => a === 2)]!;
  return {
    step: sum.step,
    states: sum.states,
    marginal: sum.marginal,
    entropy,
    conditionalEntropy: sum.conditionalEntropy.value,
    purity: valueOfScaled(pure),
    logPurity: logOfScaled(pure),
    minEntropy,
    renyi: Float64Array.from(alphas, (alpha) => renyiEntropy(alpha, logTrace, entropy, minEntropy)),
    trace: valueOfScaled(sum.totals[0]!),
  };
}

/** What is left when all groups have been followed: their heaviest strings and their count vectors. */
interface Ends {
  readonly heaviest: HeaviestPath;
  readonly vectors: readonly CountVectors[];
}

/** Follows one group after another; yields the transitions done. */
function* followAll(
  backend: Backend,
  laws: readonly NextTokenLaw[],
  groups: readonly StartGroup[],
  channels: readonly Channel[],
  L: number,
  sums: readonly StepSums[],
): Generator<number, Ends> {
  const paths: HeaviestPath[] = [];
  const vectors: CountVectors[] = [];
  for (const group of groups) {
    if (group.delay === 1) sums[0]!.add(vacuumStep(group, channels), group.tokens);
    const walk = new LumpedWalk(backend, [laws], group, channels, L - group.delay);
    try {
      for (let l = group.delay; l < L; l++) sums[l]!.add(yield* walk.step(), group.slots);
      paths.push(walk.heaviest(channels.indexOf(MOST_PROBABLE)));
      vectors.push(countVectorsOf(walk, channels.indexOf(PROBABILITY)));
    } finally {
      walk.release();
    }
  }
  const heaviest = paths.reduce((best, path) => (isLarger(path.weight, 0, best.weight, 0) ? path : best));
  return { heaviest, vectors };
}

/** Step 1 of the vacuum: x_0 with certainty. */
function vacuumStep({ lumps, tokens }: StartGroup, channels: readonly Channel[]): StepPart {
  const [lump] = lumps;
  const totals = channels.map((channel) => startTotal(channel, lump!));
  const x0 = lump!.history[0];
  const marginal = Float64Array.from(tokens, (token) => (token === x0 ? valueOfScaled(totals[0]!) : 0));
  return { totals, entropy: 0, marginal, states: 1 };
}

function mostProbableOf({ weight, lump, tokens }: HeaviestPath): Lumped['mostProbable'] {
  const { members } = lump;
  const heaviest = members.reduce((best, text) => (text.weights[0]! > best.weights[0]! ? text : best));
  return { text: heaviest.index, tokens, logProbability: logOfScaled(weight) };
}
