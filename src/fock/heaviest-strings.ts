import { CapacityError } from '../core/errors.ts';
import { CompensatedSum } from '../core/sums.ts';

/** Strings stored when nothing limits their number; beyond, a run is told to truncate. */
const LARGEST_UNLIMITED = 1 << 22;
const FIRST_ALLOCATION = 64;
/** Parent, token and weight. */
export const BYTES_PER_STRING = 16;

/**
 * Keeps the heaviest of the strings offered to it, in constant memory: the last ones kept form a heap with the lightest on
 * top. Of equally heavy strings the earlier one (by parent, then by token) is heavier, so the choice is deterministic.
 * The weight of everything refused or evicted is summed.
 *
 * Strings must be offered in the order of (parent, token).
 */
export class HeaviestStrings {
  /** Σ of the weights that were not kept, compensated. */
  readonly discarded = new CompensatedSum();
  readonly #capacity: number | undefined;
  readonly #minWeight: number;
  #parent = new Int32Array(FIRST_ALLOCATION);
  #token = new Int32Array(FIRST_ALLOCATION);
  #weight = new Float64Array(FIRST_ALLOCATION);
  #count = 0;
  #heaped = false;

  /**
   * @param capacity largest number of strings kept; undefined keeps all of them, up to 2²².
   * @param minWeight strings lighter than this are refused.
   */
  constructor(capacity: number | undefined, minWeight: number) {
    this.#capacity = capacity;
    this.#minWeight = minWeight;
  }

  /** @throws CapacityError if nothing limits the strings and there are more than 2²² of them. */
  offer(parent: number, token: number, weight: number): void {
    if (weight === 0) return;
    if (weight < this.#minWeight) {
      this.discarded.add(weight);
      return;
    }
    if (this.#count === this.#capacity) {
      if (!this.#heaped) this.#heapify();
      if (weight <= this.#weight[0]!) {
        this.discarded.add(weight);
        return;
      }
      this.discarded.add(this.#weight[0]!);
      this.#write(0, parent, token, weight);
      this.#siftDown(0);
      return;
    }
    if (this.#count === this.#weight.length) this.#grow();
    this.#write(this.#count++, parent, token, weight);
  }

  /** The strings kept, in the order of (parent, token). */
  finish(): { parent: Int32Array; token: Int32Array; weight: Float64Array } {
    if (!this.#heaped) {
      const kept = <A extends Int32Array | Float64Array>(array: A) => array.slice(0, this.#count) as A;
      return { parent: kept(this.#parent), token: kept(this.#token), weight: kept(this.#weight) };
    }
    const order = Int32Array.from({ length: this.#count }, (_, i) => i);
    order.sort((a, b) => this.#parent[a]! - this.#parent[b]! || this.#token[a]! - this.#token[b]!);
    return {
      parent: order.map((i) => this.#parent[i]!),
      token: order.map((i) => this.#token[i]!),
      weight: Float64Array.from(order, (i) => this.#weight[i]!),
    };
  }

  #write(i: number, parent: number, token: number, weight: number): void {
    this.#parent[i] = parent;
    this.#token[i] = token;
    this.#weight[i] = weight;
  }

  #grow(): void {
    const length = this.#count * 2;
    if (this.#capacity === undefined) checkUnlimited(length, LARGEST_UNLIMITED);
    const [parent, token, weight] = [this.#parent, this.#token, this.#weight];
    this.#parent = new Int32Array(length);
    this.#token = new Int32Array(length);
    this.#weight = new Float64Array(length);
    this.#parent.set(parent);
    this.#token.set(token);
    this.#weight.set(weight);
  }

  #heapify(): void {
    for (let i = (this.#count >> 1) - 1; i >= 0; i--) this.#siftDown(i);
    this.#heaped = true;
  }

  /** Whether string a is to be evicted before string b: it is lighter, or as heavy and later. */
  #isLighter(a: number, b: number): boolean {
    const difference = this.#weight[a]! - this.#weight[b]!;
    if (difference !== 0) return difference < 0;
    return (this.#parent[a]! - this.#parent[b]! || this.#token[a]! - this.#token[b]!) > 0;
  }

  #siftDown(start: number): void {
    let i = start;
    for (;;) {
      let lightest = i;
      const left = 2 * i + 1;
      if (left < this.#count && this.#isLighter(left, lightest)) lightest = left;
      if (left + 1 < this.#count && this.#isLighter(left + 1, lightest)) lightest = left + 1;
      if (lightest === i) return;
      const [parent, token, weight] = [this.#parent[i]!, this.#token[i]!, this.#weight[i]!];
      this.#write(i, this.#parent[lightest]!, this.#token[lightest]!, this.#weight[lightest]!);
      this.#write(lightest, parent, token, weight);
      i = lightest;
    }
  }
}

/** @throws CapacityError if a state that nothing limits has more strings than can be stored. */
export function checkUnlimited(strings: number, largest: number): void {
  if (strings <= largest) return;
  throw new CapacityError(
    `HeaviestStrings: the state must have at most ${largest} strings, but it has more. Give maxStrings or minWeight to truncate with a certificate, sample trajectories, or lump.`,
    strings * BYTES_PER_STRING,
  );
}
