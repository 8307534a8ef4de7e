/**
 * Indices of the `count` largest numbers, largest first; of equal ones the lower index comes first.
 *
 * @cost O(n) for numbers in random order, O(n·count) at worst.
 */
export function largest(values: Float64Array, count: number): number[] {
  const found = new Leaders(count);
  let least = found.least;
  for (let i = 0; i < values.length; i++) if (!(values[i]! <= least)) least = found.add(i, values[i]!);
  return found.indices;
}

/** {@link largest} by modulus. */
export function largestByModulus(values: Float64Array, count: number): number[] {
  const found = new Leaders(count);
  let least = found.least;
  for (let i = 0; i < values.length; i++) {
    const modulus = Math.abs(values[i]!);
    if (!(modulus <= least)) least = found.add(i, modulus);
  }
  return found.indices;
}

class Leaders {
  readonly indices: number[] = [];
  /** What a number must exceed to enter; NaN while there is room. */
  least = Number.NaN;
  readonly #scores: number[] = [];
  readonly #count: number;

  constructor(count: number) {
    this.#count = count;
  }

  /** The new {@link least}. */
  add(index: number, score: number): number {
    const scores = this.#scores;
    let place = scores.length;
    while (place > 0 && scores[place - 1]! < score) place--;
    this.indices.splice(place, 0, index);
    scores.splice(place, 0, score);
    if (scores.length > this.#count) {
      this.indices.pop();
      scores.pop();
    }
    if (scores.length === this.#count) this.least = scores[this.#count - 1]!;
    return this.least;
  }
}

/** Place of `index` in the order of {@link largest}, from 1. */
export function rankOf(values: Float64Array, index: number): number {
  const value = values[index]!;
  let rank = 1;
  for (let i = 0; i < index; i++) if (values[i]! >= value) rank++;
  for (let i = index + 1; i < values.length; i++) if (values[i]! > value) rank++;
  return rank;
}
