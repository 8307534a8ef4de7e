/** The largest contributions among those offered. */
import type { Channel } from './head-channels.ts';

/** One ordered path and what it adds to the logit, or to the difference. */
export interface RankedPath {
  /** Channels from the first to the last; none is the embedding by itself, with the biases of the final norm and unembedding. */
  readonly channels: readonly string[];
  /** Number of channels. */
  readonly order: number;
  /** What the path adds, in the units of logits. */
  readonly contribution: number;
}

/** Keeps the `count` largest of the paths offered, each of them once; a path is given in two halves. */
export class LargestPaths {
  readonly #count: number;
  readonly #kept: { before: readonly Channel[]; after: readonly Channel[]; value: number }[] = [];
  #threshold = -1;
  /** Σ|contribution| of what was offered, and how many that was. */
  size = 0;
  offered = 0;

  constructor(count: number) {
    this.#count = count;
  }

  /** Contributions of this size or less are not among the largest; below 0 while there is room. */
  get threshold(): number {
    return this.#threshold;
  }

  offer(before: readonly Channel[], after: readonly Channel[], value: number): void {
    const absolute = Math.abs(value);
    this.size += absolute;
    this.offered++;
    if (absolute <= this.#threshold) return;
    this.#kept.push({ before, after, value });
    if (this.#kept.length >= 2 * this.#count) this.#prune();
  }

  ranked(): RankedPath[] {
    this.#prune();
    return this.#kept.map(({ before, after, value }) => {
      const channels = [...before, ...after].map(({ name }) => name);
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
