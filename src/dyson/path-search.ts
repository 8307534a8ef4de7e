import { checkInteger } from '../core/checks.ts';
import { DomainError } from '../core/errors.ts';
import { wholeChannel } from './head-channels.ts';
import { FrozenUnembedding } from './order-logits.ts';
import { type ChannelSteps, type Functional, PathSearch } from './path-halves.ts';
import { compare, type RankedPath } from './path-ranking.ts';
import type { StepOperators } from './steps.ts';

/** Every step as its own only channel. */
export function stepChannels(operators: StepOperators): ChannelSteps {
  const steps = operators.names.map((name, step) => [
    wholeChannel({
      name,
      apply: (x, y, states) => operators.apply(step, x, y, states),
      applyAdjoint: (x, y, states) => operators.applyAdjoint(step, x, y, states),
      bias: (y) => operators.bias(step, y),
    }),
  ]);
  return { operators, steps };
}

export interface TopPathsOptions {
  /** The token whose logit is explained. */
  readonly token: number;
  /** A token whose logit is subtracted. */
  readonly against?: number;
  /** Paths to list; default 20. */
  readonly count?: number;
  /** Most applications of a channel to a state; default 20 000. Beyond it the search keeps the most promising beginnings and ends. */
  readonly budget?: number;
}

export interface TopPaths {
  readonly at: 'frozen';
  /** `enumeration`: every path was compared, and the list is exact. `heuristic`: some were dropped unseen. */
  readonly search: 'enumeration' | 'heuristic';
  readonly token: number;
  readonly against: number | null;
  /** The logit, or the difference: the sum over all paths. */
  readonly total: number;
  /** Largest first, by size. */
  readonly paths: readonly RankedPath[];
  /** Sum of the listed contributions, and its share of `total`: paths cancel, so it may exceed 1 or be negative. */
  readonly listed: number;
  readonly share: number;
  /** Σ|contribution| of the paths compared, and the listed paths' share of it. */
  readonly compared: { readonly paths: number; readonly size: number; readonly share: number };
  /** How many paths there are. */
  readonly allPaths: number;
  /** Applications of a channel to a state. */
  readonly applications: number;
}

/** Numbers that one side of the search may hold. */
const MOST_NUMBERS = 2 ** 26;
/** Pairs that are compared by enumeration. */
const MOST_PAIRS = 2 ** 27;

/**
 * The ordered paths that contribute most to a logit. A path's contribution ⟨w, V^(c_k) … (V^(c₁) x₀ + B^(c₁))⟩ is the inner product
 * of what its first half makes of the embedding and what its second half, transposed, makes of w: all beginnings and all ends are
 * formed once, Π_l(1 + channels of l) over each half, and every pair is compared. Where that exceeds the budget, beginnings and ends
 * are kept by what all their completions add up to; completions cancel, so such a list is a `heuristic`.
 *
 * @throws DomainError unless the tokens, `count` and `budget` are in range; the budget must allow one path through every step.
 * @accuracy frozen: an identity on this trace; contributions to the rounding of its precision.
 * @cost `applications` channels, and an inner product of T·D for every pair
 * @source Dyson paper, eq. 7 and §III.4; the search is ours.
 * @example
 * const channels = new HeadChannels(operators);
 * const { paths, search } = topPaths(channels, { token: 17, count: 10 });
 */
export function topPaths(
  { operators, steps }: ChannelSteps,
  { token, against, count = 20, budget = 20_000 }: TopPathsOptions,
): TopPaths {
  checkInteger('topPaths', 'count', count, 1, 1_000_000);
  const channelCount = steps.reduce((sum, channels) => sum + channels.length, 0);
  checkInteger('topPaths', 'budget', budget, channelCount);
  if (against === token)
    throw new DomainError(`topPaths: against must differ from token, but both are ${token}. Leave it out.`);
  const plan = planOf(steps, budget, operators.T * operators.model.config.D);
  const search = new PathSearch({ operators, steps }, functionalOf(operators, token, against), plan.width);
  const { middle } = plan;
  const prefixes = search.prefixes(middle);
  const suffixes = search.suffixes(middle);
  const { best, size, paths } = compare(operators, prefixes, suffixes, count);
  const listed = best.reduce((sum, { contribution }) => sum + contribution, 0);
  const listedSize = best.reduce((sum, { contribution }) => sum + Math.abs(contribution), 0);
  return {
    at: 'frozen',
    search: search.dropped ? 'heuristic' : 'enumeration',
    token,
    against: against ?? null,
    total: search.total,
    paths: best,
    listed,
    share: listed / search.total,
    compared: { paths, size, share: size === 0 ? 1 : listedSize / size },
    allPaths: countOf(steps),
    applications: search.applications,
  };
}

/** Where beginnings meet ends, and how many of each may live. */
interface Plan {
  readonly middle: number;
  readonly width: number;
}

function planOf(steps: ChannelSteps['steps'], budget: number, size: number): Plan {
  const ways = (from: number, to: number) =>
    steps.slice(from, to).reduce((product, channels) => product * (1 + channels.length), 1);
  let middle = 0;
  const cost = (m: number) => ways(0, m) + ways(m, steps.length);
  for (let m = 1; m <= steps.length; m++) if (cost(m) < cost(middle)) middle = m;
  const [before, after] = [ways(0, middle), ways(middle, steps.length)];
  const room = Math.max(1, Math.floor(MOST_NUMBERS / size));
  if (before + after - 2 <= budget && before * after <= MOST_PAIRS && Math.max(before, after) <= room)
    return { middle, width: Number.POSITIVE_INFINITY };
  const channels = steps.reduce((sum, { length }) => sum + length, 0);
  const width = Math.floor(budget / channels);
  return { middle: steps.length >> 1, width: Math.max(1, Math.min(width, room, Math.sqrt(MOST_PAIRS))) };
}

/** Number of ordered paths; a bias can only start one, so at most Π_l(1 + channels of l). */
function countOf(steps: ChannelSteps['steps']): number {
  let [fresh, going] = [1, 0];
  for (const channels of steps) {
    const maps = channels.filter(({ map }) => map !== null).length;
    going += going * maps + fresh * channels.length;
  }
  return fresh + going;
}

function functionalOf(operators: StepOperators, token: number, against: number | undefined): Functional {
  const { D } = operators.model.config;
  const unembedding = new FrozenUnembedding(operators);
  const offsets = unembedding.offset();
  const row = unembedding.functional(token);
  let offset = offsets[token]!;
  if (against !== undefined) {
    const other = unembedding.functional(against);
    for (let c = 0; c < D; c++) row[c]! -= other[c]!;
    offset -= offsets[against]!;
  }
  const w = new Float64Array(operators.T * D);
  w.set(row, w.length - D);
  return { w, offset };
}
