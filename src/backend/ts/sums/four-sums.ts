/** Four sums in f64, of the terms whose numbers leave the same rest by 4: as accurate as one sum, and four times as few additions wait. */
export class FourSums {
  readonly #sums = new Float64Array(4);

  clear(): void {
    this.#sums.fill(0);
  }

  /** Term number i. */
  add(i: number, term: number): void {
    this.#sums[i & 3]! += term;
  }

  total(): number {
    const [s0, s1, s2, s3] = this.#sums;
    return s0! + s2! + (s1! + s3!);
  }
}
