import { checkInteger } from '../core/checks.ts';
import { CapacityError } from '../core/errors.ts';
import { checkWord64, fillUniform } from '../core/philox.ts';
import { sampleMoments } from '../core/sums.ts';
import { log } from '../math/log.ts';
import { CHEN_DEFAULTS } from './defaults.ts';
import { DiagonalState } from './diagonal-state.ts';
import { checkEvolution, type EvolutionOptions } from './evolution.ts';
import { evaluateLaws, lawOfStep, type NextTokenLaw } from './next-token-law.ts';

/** Of random numbers. */
const MOST_BYTES = 2 ** 32;

/** Options of `sampleTrajectories`. */
export interface TrajectoryOptions extends Pick<EvolutionOptions, 'cutoff' | 'vacuumToken' | 'onStep'> {
  /** Number of trajectories, m. */
  readonly trajectories: number;
  /** Seed of the generator, an unsigned 64-bit integer. */
  readonly seed: bigint;
  /** Stream of the first trajectory; default 0. Runs with 0 … 9 and with 10 … 19 give together what one with 0 … 19 gives. */
  readonly first?: number | undefined;
}

/** m independent runs of the sequential measurement. */
export interface Trajectories {
  /** Number of trajectories m. */
  readonly count: number;
  /** Seed of the generator. */
  readonly seed: bigint;
  /** Index of the string of the start state that each trajectory was prepared in; m numbers. */
  readonly prepared: Int32Array;
  /** Outcomes, m×L row-major. */
  readonly tokens: Int32Array;
  /** ln P(y_1 … y_L | prepared string) of each trajectory in nats; m numbers. */
  readonly logProbability: Float64Array;
  /** Moments of the surprisals −ln P(y_1 … y_ℓ, prepared string) after steps 1 … L: mean, and Σ (x − mean)². */
  readonly surprisals: readonly { readonly mean: number; readonly squares: number }[];
  /** The empirical states after steps 0 … L: a string's weight is the fraction of trajectories that gave it. */
  readonly states: readonly DiagonalState[];
}

/**
 * Samples outcomes of the sequential measurement step by step. Trajectory k draws from stream first + k of the generator: uniform
 * number 0 prepares a string of the start state, number ℓ decides step ℓ, both by inverting the distribution function.
 * So trajectory k depends on (seed, first + k) alone, whatever the number of trajectories or the order of the work.
 *
 * Trajectories with equal histories share one evaluation of the law.
 *
 * @throws CutoffError, ShapeError, DomainError as {@link propagate}; CapacityError for more than 4 GiB of random numbers.
 * @accuracy exact sampling but for rounding of the distribution function; estimates have standard errors of order 1/√m.
 * @cost one law per distinct history; 8·m·(L+1) bytes of random numbers.
 * @source own: the outcomes of Chen's sequential measurement (§III), one run after another.
 */
export function sampleTrajectories(
  laws: readonly NextTokenLaw[],
  start: DiagonalState,
  L: number,
  options: TrajectoryOptions,
): Trajectories {
  const where = 'sampleTrajectories';
  const { trajectories: m, seed, first = 0, vacuumToken = CHEN_DEFAULTS.vacuumToken } = options;
  checkEvolution(where, laws, start, L, options);
  checkInteger(where, 'trajectories', m, 1);
  checkWord64(where, 'seed', seed);
  checkInteger(where, 'first', first, 0, Number.MAX_SAFE_INTEGER - m);

  const bytes = 8 * m * (L + 1);
  if (bytes > MOST_BYTES) {
    throw new CapacityError(
      `${where}: the random numbers must need at most ${MOST_BYTES} bytes, but ${m} trajectories of ${L} steps need ${bytes}. Take fewer at a time (first), or fewer steps.`,
      bytes,
    );
  }
  const uniform = new Float64Array(m * (L + 1));
  for (let k = 0; k < m; k++) fillUniform(uniform.subarray(k * (L + 1)), seed, BigInt(first + k), 0, L + 1);

  const preparation = accumulate(start.weight, new Float64Array(start.count));
  const prepared = Int32Array.from({ length: m }, (_, k) => invert(preparation, uniform[k * (L + 1)]!));
  const tokens = new Int32Array(m * L);
  const logProbability = new Float64Array(m);
  const cumulative = new Float64Array(start.V);

  // The trajectories in the order of their strings, cut into one group for each string of the empirical state.
  const order = Int32Array.from(prepared.keys());
  let groups = groupBy(order, (k) => prepared[k]!);
  const sizes = new Map(groups.map(({ key, members }) => [key, members.length]));
  let state = start.reweighted((i) => (sizes.get(i) ?? 0) / m);
  const states = [state];
  const logStart = start.weight.map(log);
  const surprisals: { mean: number; squares: number }[] = [];
  for (let l = 1; l <= L; l++) {
    const law = lawOfStep(laws, state.step + 1);
    const outcome = (k: number) => tokens[k * L + l - 1]!;
    const children: (Group & { readonly parent: number })[] = [];
    const strings = state;
    for (const [parent, p] of evaluateLaws(law, groups.length, (i) => strings.string(i))) {
      const { members } = groups[parent]!;
      if (p !== null) accumulate(p, cumulative);
      for (const k of members) {
        const y = p === null ? vacuumToken : invert(cumulative, uniform[k * (L + 1) + l]!);
        tokens[k * L + l - 1] = y;
        if (p !== null) logProbability[k]! += log(p[y]!);
      }
      for (const group of groupBy(members, outcome)) children.push({ ...group, parent });
    }
    state = new DiagonalState(state, {
      parent: Int32Array.from(children, (child) => child.parent),
      token: Int32Array.from(children, (child) => child.key),
      weight: Float64Array.from(children, (child) => child.members.length / m),
    });
    states.push(state);
    groups = children;
    surprisals.push(sampleMoments(logProbability.map((logP, k) => -(logP + logStart[prepared[k]!]!))));
    options.onStep?.(state.step);
  }
  return { count: m, seed, prepared, tokens, logProbability, surprisals, states };
}

/** Sums of the first 1, 2, … weights. */
function accumulate(weights: Float64Array, sums: Float64Array): Float64Array {
  let sum = 0;
  for (let y = 0; y < weights.length; y++) sums[y] = sum += weights[y]!;
  return sums;
}

/**
 * The first y with u·sums[last] < sums[y]; it has a positive weight. Scaling u by the total keeps rounding of a law whose
 * sum is 1 − 1e-16 from pointing behind the last token.
 */
function invert(sums: Float64Array, u: number): number {
  const target = u * sums[sums.length - 1]!;
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (target < sums[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Trajectories with one key; a view of the order. */
interface Group {
  readonly key: number;
  readonly members: Int32Array;
}

/** Sorts trajectories in place by (key, number) and cuts them where the key changes. */
function groupBy(trajectories: Int32Array, keyOf: (k: number) => number): Group[] {
  trajectories.sort((a, b) => keyOf(a) - keyOf(b) || a - b);
  const groups: Group[] = [];
  for (let from = 0, to = 0; from < trajectories.length; from = to) {
    const key = keyOf(trajectories[from]!);
    while (to < trajectories.length && keyOf(trajectories[to]!) === key) to++;
    groups.push({ key, members: trajectories.subarray(from, to) });
  }
  return groups;
}
