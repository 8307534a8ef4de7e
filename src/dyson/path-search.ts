import { checkInteger } from '../core/checks.ts';
import { DomainError } from '../core/errors.ts';
import { Matrix, multiply } from '../linalg/index.ts';
import { activationOf } from '../transformer/trace.ts';
import { type Channel, wholeChannel } from './head-channels.ts';
import { FrozenUnembedding } from './order-logits.ts';
import { functionalsBefore } from './path-sums.ts';
import { realBlock, realBlockOf, type StepOperators } from './steps.ts';

/** Steps, each with the channels a path can take through it. `HeadChannels` is one; {@link stepChannels} makes another. */
export interface ChannelSteps {
  readonly operators: StepOperators;
  readonly steps: readonly (readonly Channel[])[];
}

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

/** One ordered path and what it adds to the logit, or to the difference. */
export interface RankedPath {
  /** Channels from the first to the last; none is the embedding by itself, with the biases of the final norm and unembedding. */
  readonly channels: readonly string[];
  readonly order: number;
  readonly contribution: number;
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
/** Contributions that are formed at once. */
const PAIRS_AT_ONCE = 2 ** 20;

/** Beginning of paths, through the steps before the middle. */
interface Prefix {
  readonly channels: readonly Channel[];
  readonly state: Float64Array;
}

/** End of paths, from the middle on: a functional of the state there, and what it gives when the path starts within. */
interface Suffix {
  readonly channels: readonly Channel[];
  readonly vector: Float64Array;
  readonly constant: number;
  /** It begins with a bias: no path comes to it from before. */
  readonly closed: boolean;
}

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
  const search = new PathSearch({ operators, steps }, functionalOf(operators, token, against), plan);
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

/** ⟨w, last row⟩ + offset. */
interface Functional {
  readonly w: Float64Array;
  readonly offset: number;
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

class PathSearch {
  readonly #operators: StepOperators;
  readonly #steps: ChannelSteps['steps'];
  readonly #functional: Functional;
  readonly #width: number;
  /** States of the trace, and functionals that sum all completions, before each step. */
  readonly #states: readonly Float64Array[];
  readonly #functionals: readonly Float64Array[];
  dropped = false;
  applications = 0;

  constructor({ operators, steps }: ChannelSteps, functional: Functional, { width }: Plan) {
    this.#operators = operators;
    this.#steps = steps;
    this.#functional = functional;
    this.#width = width;
    this.#states = statesBefore(operators);
    this.#functionals = Number.isFinite(width) ? functionalsBefore(operators, functional.w) : [];
  }

  /** The sum over all paths. */
  get total(): number {
    return dot(this.#functional.w, this.#states.at(-1)!) + this.#functional.offset;
  }

  prefixes(middle: number): Prefix[] {
    let prefixes: Prefix[] = [{ channels: [], state: this.#states[0]! }];
    for (let l = 0; l < middle; l++) {
      const grown = [...prefixes];
      for (const channel of this.#steps[l]!) {
        const { map } = channel;
        const bias = this.#biasOf(channel);
        const from = map === null ? [] : prefixes;
        const images =
          map === null
            ? []
            : this.#images(
                map.apply.bind(map),
                from.map(({ state }) => state),
              );
        from.forEach(({ channels }, i) => {
          const state = images[i]!;
          if (channels.length === 0) addTo(state, bias);
          grown.push({ channels: [...channels, channel], state });
        });
        if (map === null) grown.push({ channels: [channel], state: bias });
      }
      prefixes = this.#kept(grown, ({ channels, state }) =>
        // The empty beginning carries the paths that start later.
        channels.length === 0 ? Number.POSITIVE_INFINITY : Math.abs(dot(this.#functionals[l + 1]!, state)),
      );
    }
    return prefixes;
  }

  suffixes(middle: number): Suffix[] {
    const { w, offset } = this.#functional;
    let suffixes: Suffix[] = [{ channels: [], vector: w, constant: offset, closed: false }];
    for (let l = this.#steps.length - 1; l >= middle; l--) {
      const grown = [...suffixes];
      for (const channel of this.#steps[l]!) {
        const { map } = channel;
        const bias = this.#biasOf(channel);
        const from = suffixes.filter(({ closed }) => !closed);
        const images =
          map === null
            ? []
            : this.#images(
                map.applyAdjoint.bind(map),
                from.map(({ vector }) => vector),
              );
        from.forEach(({ channels, vector }, i) => {
          grown.push({
            channels: [channel, ...channels],
            vector: images[i] ?? new Float64Array(0),
            constant: dot(bias, vector),
            closed: map === null,
          });
        });
      }
      suffixes = this.#kept(grown, ({ channels, vector, constant, closed }) =>
        channels.length === 0
          ? Number.POSITIVE_INFINITY
          : Math.abs((closed ? 0 : dot(vector, this.#states[l]!)) + constant),
      );
    }
    return suffixes;
  }

  #kept<Part>(parts: Part[], score: (part: Part) => number): Part[] {
    if (parts.length <= this.#width) return parts;
    this.dropped = true;
    return parts
      .map((part) => ({ part, score: score(part) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, this.#width)
      .map(({ part }) => part);
  }

  #biasOf({ bias }: Channel): Float64Array {
    const { memory } = this.#operators.model.backend;
    return memory.scope(() => {
      const block = realBlock(this.#operators, this.#functional.w.length);
      bias(block);
      return Float64Array.from(block.view());
    });
  }

  #images(map: NonNullable<Channel['map']>['apply'], vectors: readonly Float64Array[]): Float64Array[] {
    const { memory } = this.#operators.model.backend;
    const size = this.#functional.w.length;
    this.applications += vectors.length;
    const images: Float64Array[] = [];
    const atOnce = Math.max(1, Math.floor(PAIRS_AT_ONCE / size));
    for (let first = 0; first < vectors.length; first += atOnce) {
      const part = vectors.slice(first, first + atOnce);
      memory.scope(() => {
        const [x, y] = [part, part].map(() => realBlock(this.#operators, part.length * size));
        const view = x!.view();
        part.forEach((vector, i) => {
          view.set(vector, i * size);
        });
        map(x!, y!, part.length);
        const result = y!.view();
        part.forEach((_, i) => {
          images.push(Float64Array.from(result.subarray(i * size, (i + 1) * size)));
        });
      });
    }
    return images;
  }
}

/** The states of the trace before each step, and after the last. */
function statesBefore(operators: StepOperators): Float64Array[] {
  const { memory, kernels } = operators.model.backend;
  return memory.scope(() => {
    const state = realBlockOf(operators, activationOf(operators.trace, 'embed').data);
    const [image, bias] = [realBlock(operators, state.length), realBlock(operators, state.length)];
    const states = [Float64Array.from(state.view())];
    for (let l = 0; l < operators.S; l++) {
      operators.apply(l, state, image, 1);
      operators.bias(l, bias);
      kernels.add(image, state, state.length);
      kernels.add(bias, state, state.length);
      states.push(Float64Array.from(state.view()));
    }
    return states;
  });
}

/** Contributions of every beginning with every end, the largest of them in order. */
function compare(
  { model: { backend } }: StepOperators,
  prefixes: readonly Prefix[],
  suffixes: readonly Suffix[],
  count: number,
): { best: RankedPath[]; size: number; paths: number } {
  const open = suffixes.filter(({ closed }) => !closed);
  const n = prefixes[0]!.state.length;
  const ends = new Matrix(open.length, n);
  for (const [i, { vector }] of open.entries()) ends.data.set(vector, i * n);
  const largest = new Largest(count);
  const atOnce = Math.max(1, Math.floor(PAIRS_AT_ONCE / Math.max(open.length, n)));
  for (let first = 0; first < prefixes.length; first += atOnce) {
    const part = prefixes.slice(first, first + atOnce);
    const states = new Matrix(part.length, n);
    for (const [i, { state }] of part.entries()) states.data.set(state, i * n);
    const { data } = multiply(backend, states, ends, { opB: 'transpose' });
    for (const [i, prefix] of part.entries()) {
      const starts = prefix.channels.length === 0;
      for (let j = 0; j < open.length; j++) {
        const value = data[i * open.length + j]!;
        largest.offer(prefix, open[j]!, starts ? value + open[j]!.constant : value);
      }
    }
  }
  const empty = prefixes.find(({ channels }) => channels.length === 0)!;
  for (const suffix of suffixes) if (suffix.closed) largest.offer(empty, suffix, suffix.constant);
  return { best: largest.ranked(), size: largest.size, paths: largest.offered };
}

/** The `count` largest contributions among those offered. */
class Largest {
  readonly #count: number;
  readonly #kept: { prefix: Prefix; suffix: Suffix; value: number }[] = [];
  /** Contributions below it are not among the largest. */
  #threshold = -1;
  size = 0;
  offered = 0;

  constructor(count: number) {
    this.#count = count;
  }

  offer(prefix: Prefix, suffix: Suffix, value: number): void {
    const absolute = Math.abs(value);
    this.size += absolute;
    this.offered++;
    if (absolute <= this.#threshold) return;
    this.#kept.push({ prefix, suffix, value });
    if (this.#kept.length >= 2 * this.#count) this.#prune();
  }

  ranked(): RankedPath[] {
    this.#prune();
    return this.#kept.map(({ prefix, suffix, value }) => {
      const channels = [...prefix.channels, ...suffix.channels].map(({ name }) => name);
      return { channels, order: channels.length, contribution: value };
    });
  }

  #prune(): void {
    this.#kept.sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
    if (this.#kept.length < this.#count) return;
    this.#kept.length = this.#count;
    this.#threshold = Math.abs(this.#kept[this.#count - 1]!.value);
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function addTo(y: Float64Array, x: Float64Array): void {
  for (let i = 0; i < y.length; i++) y[i]! += x[i]!;
}
