/**
 * Numbers of count vectors: the vectors d of S parts with sum m, in the order of rank(d) = Σ_{j=1…S−1} C(s_j + j − 1, j), where
 * s_j = d_0 + … + d_{j−1}.
 *
 * @source D. E. Knuth, The Art of Computer Programming 4A (2011), §7.2.1.3.
 */
export class CountIndex {
  /** Number of parts. */
  readonly S: number;
  /** Length of a row of {@link ranks}. */
  readonly width: number;
  /** (S−1)×width: C(s+j, j+1) at (j, s), 0 at s = 0. */
  readonly ranks: Int32Array;

  /** For sums up to `largest`; the number of vectors of that sum must lie below 2³¹. */
  constructor(S: number, largest: number) {
    this.S = S;
    this.width = largest + 2;
    this.ranks = new Int32Array((S - 1) * this.width);
    for (let j = 0; j < S - 1; j++) {
      for (let s = 1; s < this.width; s++) {
        const fewerParts = j === 0 ? 1 : this.ranks[(j - 1) * this.width + s]!;
        this.ranks[j * this.width + s] = this.ranks[j * this.width + s - 1]! + fewerParts;
      }
    }
  }

  /** Number of vectors of sum m, C(m+S−1, S−1). */
  vectors(m: number): number {
    return this.S === 1 ? 1 : this.ranks[(this.S - 2) * this.width + m + 1]!;
  }

  rank(d: ArrayLike<number>): number {
    let rank = 0;
    let sum = 0;
    for (let j = 0; j < this.S - 1; j++) {
      sum += d[j]!;
      rank += this.ranks[j * this.width + sum]!;
    }
    return rank;
  }

  /** The vector of a rank. */
  vector(rank: number, m: number): Int32Array {
    const d = new Int32Array(this.S);
    let rest = rank;
    let above = m;
    for (let j = this.S - 2; j >= 0; j--) {
      let sum = above;
      while (this.ranks[j * this.width + sum]! > rest) sum--;
      rest -= this.ranks[j * this.width + sum]!;
      d[j + 1] = above - sum;
      above = sum;
    }
    d[0] = above;
    return d;
  }
}

/**
 * Lumped states after L steps from one text of which S tokens can be generated: S·C(L+S−2, S−1), as a float (∞ if too large).
 */
export function lumpedStates(S: number, L: number): number {
  return S * countVectors(S, L - 1);
}

/** C(m+S−1, S−1) as a float. */
export function countVectors(S: number, m: number): number {
  let product = 1;
  for (let j = 1; j < S; j++) product = (product * (m + j)) / j;
  return Math.round(product);
}
