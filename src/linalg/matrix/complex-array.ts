import { Complex } from 'complex.js';
import { checkInteger } from '../../core/checks.ts';
import { ShapeError } from '../../core/errors.ts';
import { type ComplexLike, partsOf } from './complex-parts.ts';

/**
 * Complex numbers over an interleaved array, which is the caller's, not a copy: element i is data[2i] + i·data[2i + 1]. So are the
 * eigenvalues of {@link eig} and {@link schur} and the vectors of {@link matrixVector}.
 *
 * @example
 * const first = new ComplexArray(eig(backend, a).values).at(0); // a complex.js number
 */
export class ComplexArray implements Iterable<Complex> {
  /** Re, Im, Re, Im, …: twice as many numbers as elements. */
  readonly data: Float64Array;

  /** @throws ShapeError if `data` has an odd number of elements. */
  constructor(data: Float64Array) {
    if (data.length % 2 !== 0) {
      throw new ShapeError(`ComplexArray: data must have two elements for each number, but it has ${data.length}.`);
    }
    this.data = data;
  }

  /** Of complex.js numbers, pairs [re, im] or real numbers. */
  static from(values: Iterable<ComplexLike>): ComplexArray {
    return new ComplexArray(Float64Array.from([...values].flatMap((value) => partsOf(value))));
  }

  /** Number of complex elements. */
  get length(): number {
    return this.data.length / 2;
  }

  /** Element i. @throws DomainError outside the array. */
  at(i: number): Complex {
    checkInteger('ComplexArray.at', 'i', i, 0, this.length - 1);
    return new Complex(this.data[2 * i]!, this.data[2 * i + 1]!);
  }

  /** The elements in order. */
  *[Symbol.iterator](): Generator<Complex> {
    for (let i = 0; i < this.length; i++) yield this.at(i);
  }

  /** The elements as pairs of numbers. */
  toPairs(): [re: number, im: number][] {
    return Array.from(this, ({ re, im }) => [re, im]);
  }
}
