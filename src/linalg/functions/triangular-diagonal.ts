import type { Block } from '../../backend/memory.ts';
import { type Scalar, times } from './complex-scalars.ts';
import type { MatrixSpace } from './matrix-space.ts';

/** The diagonal of a quasi-triangular matrix T and what stands beside it, from which functions of it are exact. */
export class TriangularDiagonal {
  readonly #space: MatrixSpace;
  readonly #values: readonly Scalar[];
  /** T's elements (i, i+1), and (i+1, i), which are 0 except in 2×2 blocks. */
  readonly #above: readonly Scalar[];
  readonly #below: readonly number[];

  constructor(space: MatrixSpace, t: Block<'f64'>, values: Float64Array) {
    const { n, width, ld } = space;
    const data = t.view();
    this.#space = space;
    this.#values = Array.from({ length: n }, (_, i): Scalar => [values[2 * i]!, values[2 * i + 1]!]);
    const places = Array.from({ length: Math.max(n - 1, 0) }, (_, i) => (i * ld + i) * width);
    this.#above = places.map((at): Scalar => [data[at + width]!, width === 1 ? 0 : data[at + 3]!]);
    this.#below = places.map((at) => (width === 1 ? data[at + ld]! : 0));
  }

  /**
   * Writes f(T)'s diagonal blocks and the elements beside them into a block: `f` on an eigenvalue, `difference` the divided
   * difference of f at two.
   */
  write(block: Block<'f64'>, f: (value: Scalar) => Scalar, difference: (a: Scalar, b: Scalar) => Scalar): void {
    const { n, width, ld } = this.#space;
    const data = block.view();
    for (let i = 0; i < n; i++) {
      const at = (i * ld + i) * width;
      const value = this.#values[i]!;
      const [re, im] = f(value);
      data[at] = re;
      if (width === 2) data[at + 1] = im;
      if (i + 1 === n) return;
      if (this.#below[i] !== 0) {
        // f([[m, b], [c, m]]) = Re f(λ) + (Im f(λ)/θ)·[[0, b], [c, 0]] for λ = m + iθ.
        const ratio = im / value[1];
        data[at + 1] = ratio * this.#above[i]![0];
        data[at + ld] = ratio * this.#below[i]!;
        data[at + ld + 1] = re;
        i++;
        if (i + 1 === n) return;
      } else if (this.#below[i + 1] === undefined || this.#below[i + 1] === 0) {
        const beside = times(this.#above[i]!, difference(value, this.#values[i + 1]!));
        data[at + width] = beside[0];
        if (width === 2) data[at + 3] = beside[1];
      }
    }
  }
}
