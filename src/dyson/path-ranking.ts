/** What beginnings and ends of paths give together, the largest first. */
import { Matrix, multiply } from '../linalg/index.ts';
import type { Prefix, Suffix } from './path-halves.ts';
import type { StepOperators } from './steps.ts';

/** One ordered path and what it adds to the logit, or to the difference. */
export interface RankedPath {
  /** Channels from the first to the last; none is the embedding by itself, with the biases of the final norm and unembedding. */
  readonly channels: readonly string[];
  readonly order: number;
  readonly contribution: number;
}

/** Contributions that are formed at once. */
const PAIRS_AT_ONCE = 2 ** 20;

/** Contributions of every beginning with every end, the largest of them in order. */
export function compare(
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
