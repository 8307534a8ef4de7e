/** Search over the ends of paths: the most promising first, bounds for what cannot be among the largest. */
import { MaxHeap } from '../core/max-heap.ts';
import type { LargestPaths } from './largest-paths.ts';
import { Meetings, type Passage } from './meetings.ts';
import { type End, type OpenEnd, PathEnds } from './path-ends.ts';
import type { PathHalves } from './path-halves.ts';
import { dot, partNorms, type Reals, sumOf } from './vectors.ts';

/** A channel that could stand before an end. */
interface Way extends Passage {
  /** Bounds of ‖(V x)_t‖ over all paths x that come from before; null without bounds, or where none comes. */
  reach: Float64Array | null;
}

interface Edge {
  readonly way: Way;
  readonly end: End;
  /** |contributions of all completions together|. */
  readonly promise: number;
  /** No single completion is larger. */
  readonly bound: number;
}

/** Share of the budget for beginnings. */
const SHARE = 1 / 4;
/** Ends that are followed at once. */
const BATCH = 64;
/** What rounding may take from a bound. */
const SLACK = { f32: 1 + 2 ** -10, f64: 1 + 2 ** -30 } as const;

/**
 * Forms all beginnings of a quarter of the budget, through the first m steps, and then ends backwards from w. The end s with functional
 * w_s before step j meets every beginning, and every start V^(c) x₀ + B^(c) from step m on; channels c before it make new ends. Those
 * come in the order of |⟨w_s, V^(c) x + B^(c)⟩|, x the state of the trace, which is what all their completions add up to. What a single completion
 * can be is bounded by
 *
 *     Σ_t ‖(w_s)_t‖ · (C^(c) g^(l))_t,    g^(m)_t = max ‖x_t‖ over the beginnings,    g^(l+1) = max(g^(l), C^(c) g^(l), ‖V^(c) x₀ + B^(c)‖)
 *
 * with the gains C of each channel; at the threshold of the largest or below, nothing is followed. Without room for the gains in the budget
 * nothing is bounded.
 *
 * @param most vectors that may be held on either side
 * @returns a size that no path it has not offered exceeds; infinite without bounds
 * @source ours; docs/dyson.md.
 */
export function searchEnds(halves: PathHalves, budget: number, most: number, largest: LargestPaths): number {
  const { operators, functional } = halves;
  const { T, S, model, trace } = operators;
  const slack = SLACK[trace.precision];
  const middle = middleWithin(halves.steps, budget * SHARE, most);
  const [empty, ...prefixes] = halves.prefixes(middle);
  const ways = waysFrom(halves, middle);
  const meetings = new Meetings(halves, prefixes, ways);
  const start = largestNorms(
    prefixes.map(({ state }) => state),
    T,
  );
  const price = model.config.D * (S - middle);
  const bounded = price <= (budget - halves.applications) / 2;
  if (bounded) {
    halves.applications += price;
    addReaches(ways, meetings, start, T);
  }
  const heap = new MaxHeap<Edge>(({ promise }) => promise);
  let unseen = 0;
  let followed = 0;

  const visit = (opened: readonly OpenEnd[]): void => {
    const { met, started, promised } = meetings.with(opened);
    const norms = bounded ? opened.map(({ vector }) => partNorms(vector, T)) : [];
    for (const [i, { end }] of opened.entries()) {
      for (const [j, { channels }] of prefixes.entries())
        largest.offer(channels, end.channels, met[i * prefixes.length + j]!);
      for (const [j, way] of ways.entries()) {
        if (way.step >= end.step) break;
        largest.offer([way.channel], end.channels, started[i * ways.length + j]!);
        if (way.channel.map === null || way.step === 0) continue;
        const bound = way.reach === null ? Number.POSITIVE_INFINITY : slack * dot(norms[i]!, way.reach);
        if (bound <= largest.threshold) unseen = Math.max(unseen, bound);
        else heap.push({ way, end, bound, promise: Math.abs(promised[i * ways.length + j]!) });
      }
    }
  };

  largest.offer(empty!.channels, [], dot(functional.w, empty!.state) + functional.offset);
  const ends = new PathEnds(halves);
  visit([ends.empty()]);
  while (heap.size > 0) {
    const room = Math.min(BATCH, budget - halves.applications, most - followed);
    const edges: Edge[] = [];
    while (edges.length < Math.max(room, 1) && heap.size > 0) {
      const edge = heap.pop()!;
      if (room <= 0 || edge.bound <= largest.threshold) unseen = Math.max(unseen, edge.bound);
      else edges.push(edge);
    }
    if (edges.length === 0) continue;
    followed += edges.length;
    visit(follow(ends, edges));
  }
  return unseen;
}

/** The ends that edges lead to, those of one channel together. Steps are visited in turn, so that a layer that is read from its file is read once. */
function follow(ends: PathEnds, edges: readonly Edge[]): OpenEnd[] {
  const byWay = groupBy(edges, ({ way }) => way);
  const grown = new Map<Way, OpenEnd[]>();
  for (const [way, same] of [...byWay].sort(([a], [b]) => b.step - a.step)) {
    const from = same.map(({ end }) => end);
    grown.set(way, ends.grow(way.step, way.channel, from));
  }
  return [...byWay.keys()].flatMap((way) => grown.get(way)!);
}

/** The most steps whose beginnings all fit. */
function middleWithin(steps: PathHalves['steps'], budget: number, most: number): number {
  let [middle, ways] = [0, 1];
  for (const channels of steps) {
    ways *= 1 + channels.length;
    if (ways > Math.min(budget, most)) break;
    middle++;
  }
  return middle;
}

/** Every channel from step `middle` on. */
function waysFrom(halves: PathHalves, middle: number): Way[] {
  return halves.steps
    .slice(middle)
    .flatMap((channels, i) => channels.map((channel): Way => ({ step: middle + i, channel, reach: null })));
}

/** Fills in `reach`, step by step from the norms of the beginnings. */
function addReaches(ways: readonly Way[], meetings: Meetings, start: Float64Array, T: number): void {
  let norms = start;
  for (const [, same] of groupBy(ways, ({ step }) => step)) {
    let next = norms;
    for (const way of same) {
      const { ofEmbedding, bias } = meetings.outputsOf(way);
      next = largerOf(next, partNorms(ofEmbedding === null ? bias : sumOf(ofEmbedding, bias), T));
      if (way.channel.map === null) continue;
      const gain = way.channel.map.gain();
      way.reach = norms.map((_, t) => dot(gain.subarray(t * T, (t + 1) * T), norms));
      next = largerOf(next, way.reach);
    }
    norms = next;
  }
}

function largestNorms(states: readonly Reals[], T: number): Float64Array {
  return states.reduce<Float64Array>((most, state) => largerOf(most, partNorms(state, T)), new Float64Array(T));
}

function largerOf(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, t) => Math.max(value, b[t]!));
}

function groupBy<Key, Item>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
