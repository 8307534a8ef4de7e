/** Ends of paths, and how they grow backwards. */
import type { Channel } from './head-channels.ts';
import type { PathHalves } from './path-halves.ts';
import { predictingPart } from './steps.ts';
import type { Reals } from './vectors.ts';

/** An end of paths: a functional of the state before its first step. */
export interface End {
  readonly channels: readonly Channel[];
  readonly step: number;
  /** The predicting token's numbers, where those of all others are zero: so it is until attention spreads them. */
  readonly row: Reals | null;
  /** All T·D numbers; null where they follow from `row`, or from the end that this one grew from. */
  readonly vector: Reals | null;
  /** What it grew from by its first channel; null for the empty end. */
  readonly from: End | null;
}

/** An end with all its numbers at hand. */
export interface OpenEnd {
  readonly end: End;
  readonly vector: Reals;
}

/** Numbers of ends that are kept though they could be made again. */
const KEPT = 2 ** 20;

/** Makes ends, and their numbers again where they were not kept. */
export class PathEnds {
  readonly #halves: PathHalves;
  #room: number;

  constructor(halves: PathHalves, kept = KEPT) {
    this.#halves = halves;
    this.#room = kept;
  }

  /** The empty end, before all steps after the last. */
  empty(): OpenEnd {
    const { operators, functional } = this.#halves;
    const { w } = functional;
    return { end: { channels: [], step: operators.S, row: this.#rowOf(w), vector: w, from: null }, vector: w };
  }

  /** Ends grown by one channel of a step. */
  grow(step: number, channel: Channel, ends: readonly End[]): OpenEnd[] {
    const images = this.#halves.images(channel, this.#vectorsOf(ends), true);
    return images.map((vector, i) => {
      const from = ends[i]!;
      const row = this.#rowOf(vector);
      const kept = row === null && (from.row === null || this.#takes(vector.length)) ? vector : null;
      return { end: { channels: [channel, ...from.channels], step, row, vector: kept, from }, vector };
    });
  }

  #vectorsOf(ends: readonly End[]): Reals[] {
    return ends.map((end) => {
      const { vector, row, from, channels } = end;
      if (vector !== null) return vector;
      if (row === null) return this.#halves.again(channels[0]!, this.#vectorsOf([from!])[0]!);
      const { operators, functional } = this.#halves;
      const whole =
        row instanceof Float32Array ? new Float32Array(functional.w.length) : new Float64Array(functional.w.length);
      predictingPart(operators, whole).set(row);
      return whole;
    });
  }

  /** The predicting token's numbers; null where another token has one that is not zero. */
  #rowOf(vector: Reals): Reals | null {
    const { operators } = this.#halves;
    const { D } = operators.model.config;
    const start = operators.trace.row * D;
    for (let at = 0; at < vector.length; at++) {
      if (at === start) at += D;
      if (at < vector.length && vector[at] !== 0) return null;
    }
    return predictingPart(operators, vector).slice();
  }

  #takes(numbers: number): boolean {
    if (numbers > this.#room) return false;
    this.#room -= numbers;
    return true;
  }
}
