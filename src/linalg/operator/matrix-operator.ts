import type { Backend } from '../../backend/backend.ts';
import { complexGemmWork, gemmWork, type Operation } from '../../backend/contract/dense.ts';
import type { Allocator, Block } from '../../backend/memory.ts';
import { checkFiniteMatrix, checkRoom, widthOf } from '../matrix/arguments.ts';
import type { AnyMatrix } from '../matrix/matrix.ts';
import { put } from '../matrix/operands.ts';
import { checkDeclared, type DeclarationOptions } from './declared.ts';
import { LinearOperator, type OperatorStructure } from './linear-operator.ts';

/** Options of `matrixOperator`. */
export interface MatrixOperatorOptions extends DeclarationOptions {
  /** Default `general`; anything else is checked as {@link operatorFromCallbacks} does. */
  readonly structure?: OperatorStructure;
}

/**
 * A matrix as an operator. Its numbers are copied once into the backend's memory and stay there until `release`, which the caller
 * owes; so a product costs no more than its arithmetic.
 *
 * @throws NonFiniteError naming an element; CapacityError; DomainError if the declared structure fails.
 * @accuracy products as {@link matrixVector} and {@link multiply}: the same bits one by one and many at a time.
 * @cost 2mn floating-point operations per vector, 8mn complex.
 * @example
 * const operator = matrixOperator(backend, Matrix.fromRows([[1, 2], [3, 4]]));
 * operator.apply(Float64Array.of(1, 1)); // 3, 7
 * operator.release();
 */
export function matrixOperator(
  backend: Backend,
  a: AnyMatrix,
  { structure = 'general', ...checks }: MatrixOperatorOptions = {},
): LinearOperator {
  checkFiniteMatrix('matrixOperator', 'a', a);
  checkRoom('matrixOperator', a, a.data.length);
  const [hold, resident] = backend.memory.scope((keep) => {
    const hold = keep(backend.memory.hold());
    return [hold, new ResidentMatrix(backend, hold, a)];
  });
  const operator = new LinearOperator({
    rows: a.rows,
    columns: a.columns,
    field: a.field,
    structure,
    apply: (x, y) => resident.product('none', x, 1, y),
    applyAdjoint: (x, y) => resident.product('conjugate-transpose', x, 1, y),
    applyMany: (x, count, y) => resident.product('none', x, count, y),
    applyAdjointMany: (x, count, y) => resident.product('conjugate-transpose', x, count, y),
    release: () => hold.release(),
  });
  try {
    // The adjoint is right by construction.
    if (structure !== 'general') checkDeclared('matrixOperator', operator, checks);
  } catch (error) {
    operator.release();
    throw error;
  }
  return operator;
}

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
