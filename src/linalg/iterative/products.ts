import type { Backend } from '../../backend/backend.ts';
import { NonFiniteError } from '../../core/errors.ts';
import type { LinearOperator } from '../operator/linear-operator.ts';
import { residentMatrixOf } from '../operator/resident-matrix.ts';
import type { OrthonormalBasis } from './orthonormal-basis.ts';

/** The products of an iteration, counted. */
export class Products {
  readonly operator: LinearOperator;
  /** Whether the operator is a dense real matrix in the memory of the backend: then its products stay there, several in one pass. */
  readonly isResident: boolean;
  count = 0;
  readonly #where: string;
  /** Vectors of both spaces on the host. */
  readonly #left: Float64Array;
  readonly #right: Float64Array;
  readonly #resident: ReturnType<typeof residentMatrixOf>;

  /** `backend`: where the bases of {@link expand} are. */
  constructor(where: string, operator: LinearOperator, backend: Backend | null = null) {
    this.#where = where;
    this.#resident = backend === null ? null : residentMatrixOf(operator, backend);
    this.operator = operator;
    this.#left = new Float64Array(operator.rows * operator.width);
    // Apart from the other also where both spaces are one.
    this.#right = new Float64Array(operator.columns * operator.width);
    this.isResident = this.#resident !== null;
  }

  /** w_k = A v_{first+k}, or A†v_{first+k}, k < count, for vectors of one basis into candidates of another, or of the same. */
  expand(from: OrthonormalBasis, first: number, count: number, to: OrthonormalBasis, adjoint: boolean): void {
    if (this.#resident !== null) {
      this.count += count;
      this.#resident.rowProducts(adjoint, count, from.rowsFrom(first), from.stride, to.candidates, to.stride);
      return;
    }
    const [x, y] = adjoint ? [this.#left, this.#right] : [this.#right, this.#left];
    for (let k = 0; k < count; k++) {
      from.read(first + k, x);
      if (adjoint) this.applyAdjoint(x, y);
      else this.apply(x, y);
      to.candidate(k).view().set(y);
    }
  }

  /** @throws NonFiniteError naming the last product unless its length is finite. */
  checkLength(length: number): void {
    if (Number.isFinite(length)) return;
    this.#named(0, () => {
      throw new NonFiniteError(`its length is ${length}`);
    });
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
