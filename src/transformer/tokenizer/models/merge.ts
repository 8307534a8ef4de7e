import { MaxHeap } from '../../../core/max-heap.ts';

export interface Merges {
  /** Place of a pair in the order of learning; undefined if it is not merged. */
  rank(first: number, second: number): number | undefined;
  /** Token that a pair becomes, by rank. */
  readonly results: readonly number[];
}

interface Candidate {
  readonly at: number;
  readonly rank: number;
  /** Rank, and among equals place: smallest first. */
  readonly order: number;
}

const NONE = -1;

/** Merges neighbours until no pair is left: of all pairs the one that was learned first, of equal ones the leftmost. */
export function mergeAll(ids: readonly number[], { rank, results }: Merges): number[] {
  const tokens = [...ids];
  const before = tokens.map((_, i) => i - 1);
  const after = tokens.map((_, i) => (i + 1 < tokens.length ? i + 1 : NONE));
  const gone = new Uint8Array(tokens.length);
  const heap = new MaxHeap<Candidate>(({ order }) => -order);
  const offer = (at: number): void => {
    const next = at === NONE ? NONE : after[at]!;
    const found = next === NONE ? undefined : rank(tokens[at]!, tokens[next]!);
    if (found !== undefined) heap.push({ at, rank: found, order: found * tokens.length + at });
  };
  for (let at = 0; at < tokens.length; at++) offer(at);
  for (let top = heap.pop(); top !== undefined; top = heap.pop()) {
    const { at } = top;
    const next = after[at]!;
    if (gone[at] === 1 || next === NONE) continue;
    const current = rank(tokens[at]!, tokens[next]!);
    if (current === undefined || results[current] !== results[top.rank]) continue;
    tokens[at] = results[top.rank]!;
    gone[next] = 1;
    after[at] = after[next]!;
    if (after[at] !== NONE) before[after[at]!] = at;
    offer(before[at]!);
    offer(at);
  }
  return tokens.filter((_, i) => gone[i] === 0);
}
