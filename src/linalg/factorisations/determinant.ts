import type { Backend } from '../../backend/backend.ts';
import { widthOf } from '../matrix/arguments.ts';
import type { AnyMatrix } from '../matrix/matrix.ts';
import { exponentOf, timesPowerOfTwo } from '../matrix/powers-of-two.ts';
import { permutationOf } from './lu.ts';
import { factorise } from './lu-blocks.ts';

/** det a = (re + i·im)·2^exponent, which neither overflows nor underflows. */
export interface Determinant {
  /** The mantissa: the larger of |re| and |im| lies in [1, 2), or both are 0. im is 0 for a real matrix. */
  readonly re: number;
  /** Imaginary part of the mantissa; 0 for a real matrix. */
  readonly im: number;
  /** Binary exponent. */
  readonly exponent: number;
  /** The determinant itself as far as f64 can hold it: ±∞ or 0 beyond. */
  readonly value: { readonly re: number; readonly im: number };
}

/**
 * The determinant of a square matrix, from its LU factors, with an exponent of its own.
 *
 * @throws ShapeError unless a is square, NonFiniteError, CapacityError as for lu.
 * @accuracy stable: the exact determinant of a matrix within c·n·u·‖L‖‖U‖ of a.
 * @cost 2n³/3 flops real, 8n³/3 complex
 * @source N. J. Higham, Accuracy and Stability of Numerical Algorithms (2nd ed., 2002), §14.6.
 * @example
 * determinant(backend, Matrix.fromRows([[1, 2], [3, 4]])).value.re; // −2
 */
export function determinant(backend: Backend, a: AnyMatrix): Determinant {
  return backend.memory.scope(() => {
    const { factors, pivots, exponent: scale } = factorise('determinant', backend, a);
    const packed = factors.view();
    const n = a.rows;
    const width = widthOf(a);
    let [re, im, exponent] = [permutationOf(pivots.view()).sign as number, 0, n * scale];
    for (let k = 0; k < n; k++) {
      const at = (k * n + k) * width;
      const [x, y] = [packed[at]!, width === 1 ? 0 : packed[at + 1]!];
      const size = Math.max(Math.abs(x), Math.abs(y));
      if (size === 0) return { re: 0, im: 0, exponent: 0, value: { re: 0, im: 0 } };
      const shift = exponentOf(size);
      const [f, g] = [timesPowerOfTwo(x, -shift), timesPowerOfTwo(y, -shift)];
      const product = width === 1 ? [re * f, 0] : [re * f - im * g, re * g + im * f];
      const excess = exponentOf(Math.max(Math.abs(product[0]!), Math.abs(product[1]!)));
      re = timesPowerOfTwo(product[0]!, -excess);
      im = timesPowerOfTwo(product[1]!, -excess);
      exponent += shift + excess;
    }
    const value = { re: timesPowerOfTwo(re, exponent), im: timesPowerOfTwo(im, exponent) };
    return { re, im, exponent, value };
  });
}
