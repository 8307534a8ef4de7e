import { NonFiniteError } from '../../core/errors.ts';
import type { LinearOperator } from '../operator/linear-operator.ts';

/** The products of an iteration, counted. */
export class Products {
  readonly operator: LinearOperator;
  count = 0;
  readonly #where: string;

  constructor(where: string, operator: LinearOperator) {
    this.#where = where;
    this.operator = operator;
  }

  /** y = A x. @throws NonFiniteError naming the product. */
  apply(x: Float64Array, y: Float64Array): void {
    this.#named(1, () => this.operator.apply(x, y));
  }

  applyAdjoint(x: Float64Array, y: Float64Array): void {
    this.#named(1, () => this.operator.applyAdjoint(x, y));
  }

  applyMany(x: Float64Array, count: number): Float64Array {
    return this.#named(count, () => this.operator.applyMany(x, count));
  }

  applyAdjointMany(x: Float64Array, count: number): Float64Array {
    return this.#named(count, () => this.operator.applyAdjointMany(x, count));
  }

  #named(count: number, work: () => Float64Array): Float64Array {
    this.count += count;
    try {
      return work();
    } catch (error) {
      if (!(error instanceof NonFiniteError)) throw error;
      throw new NonFiniteError(
        `${this.#where}: every product must be finite, but product ${this.count} is not (${error.message.replace(/\.$/, '')}). Look at what the operator does there.`,
      );
    }
  }
}
