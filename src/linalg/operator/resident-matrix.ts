import type { Backend } from '../../backend/backend.ts';
import { complexGemmWork, gemmWork, type Operation } from '../../backend/contract/dense.ts';
import type { Allocator, Block } from '../../backend/memory.ts';
import { widthOf } from '../matrix/arguments.ts';
import type { AnyMatrix } from '../matrix/matrix.ts';
import { put } from '../matrix/operands.ts';
import type { LinearOperator } from './linear-operator.ts';

/** A matrix in a backend's memory. */
export class ResidentMatrix {
  readonly #backend: Backend;
  readonly #block: Block<'f64'>;
  readonly #rows: number;
  readonly #columns: number;
  readonly #width: 1 | 2;

  /** @param hold what its numbers live in. */
  constructor(backend: Backend, hold: Allocator, a: AnyMatrix) {
    this.#backend = backend;
    this.#block = put(backend, a.data, hold);
    this.#rows = a.rows;
    this.#columns = a.columns;
    this.#width = widthOf(a);
  }

  /** Whether it is real and of this backend. */
  isRealOf(backend: Backend): boolean {
    return this.#width === 1 && this.#backend === backend;
  }

  /** Rows y_r = A x_r, or Aᵀx_r, of a real matrix, in the memory of its backend. */
  rowProducts(adjoint: boolean, count: number, x: Block<'f64'>, ldx: number, y: Block<'f64'>, ldy: number): void {
    const [m, n, a] = [this.#rows, this.#columns, this.#block];
    this.#backend.kernels.rowProducts({ adjoint: adjoint ? 1 : 0, count, m, n, a, lda: n, x, ldx, y, ldy });
  }

  /** Y = op(A) X for `count` columns. */
  product(op: Operation, x: Float64Array, count: number, y: Float64Array): void {
    const [m, n] = [this.#rows, this.#columns];
    const { memory, kernels } = this.#backend;
    memory.scope(() => {
      const from = put(this.#backend, x);
      const to = memory.allocate('f64', y.length);
      const real = this.#width === 1;
      if (count === 1) {
        if (real) kernels.gemv({ op, m, n, alpha: 1, a: this.#block, lda: n, x: from, beta: 0, y: to });
        else kernels.complexGemv({ op, m, n, alpha: [1, 0], a: this.#block, lda: n, x: from, beta: [0, 0], y: to });
      } else {
        const [rows, inner] = op === 'none' ? [m, n] : [n, m];
        const shape = { opA: op, opB: 'none', m: rows, n: count, k: inner, lda: n, ldb: count, ldc: count } as const;
        const length = real ? gemmWork('f64', rows, count, inner) : complexGemmWork(rows, count, inner);
        const work = memory.allocate('f64', length);
        if (real) kernels.gemm({ shape, alpha: 1, a: this.#block, b: from, beta: 0, c: to, work });
        else kernels.complexGemm({ shape, alpha: [1, 0], a: this.#block, b: from, beta: [0, 0], c: to, work });
      }
      y.set(to.view());
    });
  }
}

/** A matrix, or its adjoint, behind an operator. */
interface Resident {
  readonly matrix: ResidentMatrix;
  readonly adjoint: boolean;
}

const residents = new WeakMap<LinearOperator, Resident>();

/** Remembers that an operator is a matrix, or its adjoint. */
export function nameResident(operator: LinearOperator, matrix: ResidentMatrix, adjoint: boolean): void {
  residents.set(operator, { matrix, adjoint });
}

/** Remembers that `operator` is the adjoint of another, if that is a matrix. */
export function nameAdjoint(operator: LinearOperator, of: LinearOperator): void {
  const resident = residents.get(of);
  if (resident !== undefined) nameResident(operator, resident.matrix, !resident.adjoint);
}

/** Products that stay in a backend's memory, of an operator that is a real matrix there; null for any other. */
export function residentMatrixOf(
  operator: LinearOperator,
  backend: Backend,
): Pick<ResidentMatrix, 'rowProducts'> | null {
  const resident = residents.get(operator);
  if (resident === undefined || !resident.matrix.isRealOf(backend)) return null;
  if (!resident.adjoint) return resident.matrix;
  return { rowProducts: (adjoint, ...rest) => resident.matrix.rowProducts(!adjoint, ...rest) };
}
