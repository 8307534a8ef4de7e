import { checkInteger } from '../core/checks.ts';
import { DomainError } from '../core/errors.ts';
import { unitCount } from '../transformer/config.ts';
import { DYSON_DEFAULTS } from './defaults.ts';
import { searchEnds } from './guided-search.ts';
import { wholeChannel } from './head-channels.ts';
import { LargestPaths, type RankedPath } from './largest-paths.ts';
import { type FrozenCap, FrozenUnembedding } from './order-logits.ts';
import { enumeratePaths } from './path-enumeration.ts';
import { type ChannelSteps, type Functional, PathHalves } from './path-halves.ts';
import { functionalAtPredicting, type StepOperators } from './steps.ts';

/** Every step as its own only channel. */
export function stepChannels(operators: StepOperators): ChannelSteps {
  const steps = operators.names.map((name, step) => [
    wholeChannel({
      name,
      apply: (x, y, states) => operators.apply(step, x, y, states),
      applyAdjoint: (x, y, states) => operators.applyAdjoint(step, x, y, states),
      bias: (y) => operators.bias(step, y),
      gain: () => operators.gain(step),
    }),
  ]);
  return { operators, steps };
}

/** Options of `topPaths`. */
export interface TopPathsOptions {
  /** The token, or class, whose logit is explained. */
  readonly token: number;
  /** A token whose logit is subtracted. */
  readonly against?: number;
  /** Paths to list; default 20. */
  readonly count?: number;
  /** Most applications of a channel to a state; default 20 000. Beyond it the search follows the most promising ends. */
  readonly budget?: number;
}

/** The largest paths to a logit, or to a difference of logits, and how sure it is that they are. */
export interface TopPaths {
  /** Paths run through the operators frozen on a trace. */
  readonly at: 'frozen';
  /**
   * `enumeration`: every path was compared, and the list is exact. `bounds`: those that were not cannot be larger than the last of the
   * list, which is exact too. `heuristic`: some of them may be.
   */
  readonly search: 'enumeration' | 'bounds' | 'heuristic';
  /** The token, or class, whose logit is explained. */
  readonly token: number;
  /** The token whose logit is subtracted; null for none. */
  readonly against: number | null;
  /** What the soft cap did to the logits of the two, by whose factors contributions are; absent in a model without one. */
  readonly logitCaps?: { readonly token: FrozenCap; readonly against: FrozenCap | null };
  /** The logit, or the difference: the sum over all paths. */
  readonly total: number;
  /** Largest first, by size. */
  readonly paths: readonly RankedPath[];
  /** Sum of the listed contributions, and its share of `total`: paths cancel, so it may exceed 1 or be negative. */
  readonly listed: number;
  /** `listed` over `total`. */
  readonly share: number;
  /** Σ|contribution| of the paths compared, and the listed paths' share of it. */
  readonly compared: { readonly paths: number; readonly size: number; readonly share: number };
  /** No path that was not compared is larger than this: 0 if all were, null where the budget had no room for bounds. */
  readonly unseen: number | null;
  /** How many paths there are. */
  readonly allPaths: number;
  /** Applications of a channel to a state, those for bounds included. */
  readonly applications: number;
}

/** Numbers that one side of the search may hold. */
const MOST_NUMBERS = 2 ** 26;
/** Pairs that are compared by enumeration. */
const MOST_PAIRS = 2 ** 27;
/** Applications for each channel that the guided search cannot do without. */
const LEAST_BUDGET = 3;

/**
 * The ordered paths that contribute most to a logit. A path's contribution ⟨w, V^(c_k) … (V^(c₁) x₀ + B^(c₁))⟩ is the inner product
 * of what its first half makes of the embedding and what its second half, transposed, makes of w: all beginnings and all ends are
 * formed once, Π_l(1 + channels of l) over each half, and every pair is compared. Where that exceeds the budget, the ends grow one by one,
 * the most promising first, and operator norms bound what is left out. The list is exact if no bound exceeds its last entry, else
 * `heuristic`.
 *
 * @throws DomainError unless the tokens, `count` and `budget` are in range; the budget must be three times the number of channels.
 * @accuracy frozen: an identity on this trace; contributions to the rounding of its precision.
 * @cost `applications` channels, and an inner product of T·D for every path compared
 * @source Dyson paper, eq. 7 and §III.4; the search is ours.
 * @example
 * const channels = new HeadChannels(operators);
 * const { paths, search } = topPaths(channels, { token: 17, count: 10 });
 */
export function topPaths(
  { operators, steps }: ChannelSteps,
  { token, against, count = DYSON_DEFAULTS.paths.count, budget = DYSON_DEFAULTS.paths.budget }: TopPathsOptions,
): TopPaths {
  checkInteger('topPaths', 'count', count, 1, 1_000_000);
  const channelCount = steps.reduce((sum, channels) => sum + channels.length, 0);
  checkInteger('topPaths', 'budget', budget, LEAST_BUDGET * channelCount);
  const last = unitCount(operators.model.config) - 1;
  checkInteger('topPaths', 'token', token, 0, last);
  if (against !== undefined) checkInteger('topPaths', 'against', against, 0, last);
  if (against === token)
    throw new DomainError(`topPaths: against must differ from token, but both are ${token}. Leave it out.`);
  const room = Math.max(1, Math.floor(MOST_NUMBERS / (operators.T * operators.model.config.D)));
  const unembedding = new FrozenUnembedding(operators);
  const halves = new PathHalves({ operators, steps }, functionalOf(operators, unembedding, token, against));
  const cap = unembedding.capOf(token);
  const largest = new LargestPaths(count);
  const middle = enumerableMiddle(steps, budget, room);
  let unseen = 0;
  if (middle === null) unseen = searchEnds(halves, budget, room, largest);
  else enumeratePaths(halves, middle, largest);
  const paths = largest.ranked();
  const listed = paths.reduce((sum, { contribution }) => sum + contribution, 0);
  const listedSize = paths.reduce((sum, { contribution }) => sum + Math.abs(contribution), 0);
  const allPaths = countOf(steps);
  const exact = unseen <= largest.threshold || unseen === 0;
  return {
    at: 'frozen',
    search: largest.offered === allPaths ? 'enumeration' : exact ? 'bounds' : 'heuristic',
    token,
    against: against ?? null,
    ...(cap === null
      ? {}
      : { logitCaps: { token: cap, against: against === undefined ? null : unembedding.capOf(against) } }),
    total: halves.total,
    paths,
    listed,
    share: listed / halves.total,
    compared: { paths: largest.offered, size: largest.size, share: largest.size === 0 ? 1 : listedSize / largest.size },
    unseen: Number.isFinite(unseen) ? unseen : null,
    allPaths,
    applications: halves.applications,
  };
}

/** Where all beginnings meet all ends with the fewest applications; null if that is beyond the budget. A bias alone takes none. */
function enumerableMiddle(steps: ChannelSteps['steps'], budget: number, room: number): number | null {
  let middle: number | null = null;
  let least = budget;
  let [before, applied] = [1, 0];
  for (let m = 0; m <= steps.length; m++) {
    const after = steps.slice(m).reduce((product, channels) => product * (1 + mapsIn(channels)), 1);
    const cost = applied + after - 1;
    if (cost <= least && before * after <= MOST_PAIRS && Math.max(before, after) <= room) [middle, least] = [m, cost];
    const channels = steps[m] ?? [];
    applied += before * mapsIn(channels);
    before += before * mapsIn(channels) + channels.length - mapsIn(channels);
  }
  return middle;
}

/** Number of ordered paths; a bias can only start one, so at most Π_l(1 + channels of l). */
function countOf(steps: ChannelSteps['steps']): number {
  let [fresh, going] = [1, 0];
  for (const channels of steps) going += going * mapsIn(channels) + fresh * channels.length;
  return fresh + going;
}

function mapsIn(channels: ChannelSteps['steps'][number]): number {
  return channels.filter(({ map }) => map !== null).length;
}

function functionalOf(
  operators: StepOperators,
  unembedding: FrozenUnembedding,
  token: number,
  against: number | undefined,
): Functional {
  const { D } = operators.model.config;
  const offsets = unembedding.offset();
  const row = unembedding.functional(token);
  let offset = offsets[token]!;
  if (against !== undefined) {
    const other = unembedding.functional(against);
    for (let c = 0; c < D; c++) row[c]! -= other[c]!;
    offset -= offsets[against]!;
  }
  return { w: functionalAtPredicting(operators, row), offset };
}
