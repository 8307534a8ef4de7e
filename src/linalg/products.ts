import type { Complex } from 'complex.js';
import type { Backend } from '../backend/backend.ts';
import { complexGemmWork, gemmWork, type Operation } from '../backend/contract/dense.ts';
import { DomainError, ShapeError } from '../core/errors.ts';
import { checkFiniteMatrix, checkRoom, matrixLike, widthOf } from './arguments.ts';
import { type AnyMatrix, type ComplexMatrix, Matrix } from './matrix.ts';
import { checkApart, checkSameField, pairOf, put, shapeUnder } from './operands.ts';

export type { Operation } from '../backend/contract/dense.ts';

/** α op(A) op(B): what happens to the operands. */
export interface ProductOptions {
  /** Default `none`. */
  readonly opA?: Operation;
  /** Default `none`. */
  readonly opB?: Operation;
  /** Factor on the product; default 1. */
  readonly alpha?: number | Complex;
}

/** α op(A) op(B) + β C. */
export interface AccumulateOptions extends ProductOptions {
  /** Factor on what C held; default 0, which does not read C. */
  readonly beta?: number | Complex;
}

/**
 * α op(A) op(B) as a new matrix, m×n for op(A) m×k and op(B) k×n.
 *
 * @throws ShapeError unless the shapes fit; NonFiniteError naming the first NaN or infinity; CapacityError.
 * @accuracy stable: real, |error| ≤ (k+2)u|α||A||B| element by element, u = 2⁻⁵³; complex, four such sums per element.
 * @cost 2mnk floating-point operations, 8mnk complex. The bits do not depend on the backend or on blocking.
 * @source Higham, Accuracy and Stability of Numerical Algorithms (2002), § 3.5; see docs/linalg-products.md.
 * @example
 * multiply(backend, Matrix.fromRows([[1, 2]]), Matrix.fromRows([[3], [4]])).at(0, 0); // 11
 */
export function multiply(backend: Backend, a: Matrix, b: Matrix, options?: ProductOptions): Matrix;
export function multiply(backend: Backend, a: ComplexMatrix, b: ComplexMatrix, options?: ProductOptions): ComplexMatrix;
export function multiply(backend: Backend, a: AnyMatrix, b: AnyMatrix, options?: ProductOptions): AnyMatrix;
export function multiply(backend: Backend, a: AnyMatrix, b: AnyMatrix, options: ProductOptions = {}): AnyMatrix {
  const [m, n] = [shapeUnder(options.opA ?? 'none', a)[0], shapeUnder(options.opB ?? 'none', b)[1]];
  return matrixLike(a, m, n, productOf('multiply', backend, a, b, null, options));
}

/**
 * C ← α op(A) op(B) + β C, in the array of C.
 *
 * @throws ShapeError unless the shapes fit and C lies apart from A and B; NonFiniteError; CapacityError. C is then as it was.
 * @accuracy stable: |error| ≤ (k+2)u(|α||A||B| + |β||C|) element by element. A real sum starts from β c.
 * @cost as {@link multiply}.
 */
export function multiplyInto(
  backend: Backend,
  c: AnyMatrix,
  a: AnyMatrix,
  b: AnyMatrix,
  options: AccumulateOptions = {},
): void {
  const [m, n] = [shapeUnder(options.opA ?? 'none', a)[0], shapeUnder(options.opB ?? 'none', b)[1]];
  checkSameField('multiplyInto', a, 'c', c);
  if (c.rows !== m || c.columns !== n)
    throw new ShapeError(`multiplyInto: c must be ${m}×${n}, but it is ${c.rows}×${c.columns}.`);
  checkApart('multiplyInto', 'c', c.data, [a.data, b.data]);
  c.data.set(productOf('multiplyInto', backend, a, b, c, options));
}

/** The numbers of α op(A) op(B) + β C. */
function productOf(
  where: string,
  backend: Backend,
  a: AnyMatrix,
  b: AnyMatrix,
  c: AnyMatrix | null,
  { opA = 'none', opB = 'none', alpha = 1, beta = 0 }: AccumulateOptions,
): Float64Array {
  checkSameField(where, a, 'b', b);
  const [m, k] = shapeUnder(opA, a);
  const [inner, n] = shapeUnder(opB, b);
  if (inner !== k) throw new ShapeError(`${where}: op(b) must have ${k} rows like op(a) columns, but it has ${inner}.`);
  checkFiniteMatrix(where, 'a', a);
  checkFiniteMatrix(where, 'b', b);
  const [factor, keep] = [pairOf(where, 'alpha', alpha, a), pairOf(where, 'beta', beta, a)];
  const kept = c !== null && (keep[0] !== 0 || keep[1] !== 0);
  if (kept) checkFiniteMatrix(where, 'c', c);
  const length = widthOf(a) * m * n;
  const workLength = a.field === 'real' ? gemmWork('f64', m, n, k) : complexGemmWork(m, n, k);
  checkRoom(where, a, a.data.length + b.data.length + length + workLength);
  const shape = { opA, opB, m, n, k, lda: a.columns, ldb: b.columns, ldc: n };
  const { memory, kernels } = backend;
  return memory.scope(() => {
    const [x, y] = [put(backend, a.data), put(backend, b.data)];
    const z = kept ? put(backend, c.data) : memory.allocate('f64', length);
    const work = memory.allocate('f64', workLength);
    if (a.field === 'real') kernels.gemm(shape, factor[0], x, y, keep[0], z, work);
    else kernels.complexGemm(shape, factor, x, y, keep, z, work);
    return z.view().slice();
  });
}

/**
 * op(A) x as a new array: of reals for a real A, of interleaved complex numbers for a complex one (and x likewise).
 *
 * @throws ShapeError unless x fits; NonFiniteError; CapacityError.
 * @accuracy stable: |error| ≤ (k+1)u|A||x|; the bits of a product with one column.
 * @cost 2mn floating-point operations, 8mn complex. Copying A costs as much as the product: many vectors belong in one matrix.
 */
export function matrixVector(backend: Backend, a: AnyMatrix, x: Float64Array, op: Operation = 'none'): Float64Array {
  const [count, length] = shapeUnder(op, a);
  const width = widthOf(a);
  if (x.length !== width * length)
    throw new ShapeError(`matrixVector: x must have ${width * length} elements, but it has ${x.length}.`);
  checkFiniteMatrix('matrixVector', 'a', a);
  checkFiniteMatrix('matrixVector', 'x', new Matrix(1, x.length, x));
  checkRoom('matrixVector', a, a.data.length + x.length + width * count);
  const { memory, kernels } = backend;
  return memory.scope(() => {
    const [A, X, Y] = [put(backend, a.data), put(backend, x), memory.allocate('f64', width * count)];
    if (a.field === 'real') kernels.gemv(op, a.rows, a.columns, 1, A, a.columns, X, 0, Y);
    else kernels.complexGemv(op, a.rows, a.columns, [1, 0], A, a.columns, X, [0, 0], Y);
    return Y.view().slice();
  });
}

/**
 * The Gram matrix A†A of the columns of A, or A A† of its rows: exactly symmetric, or Hermitian with a real diagonal.
 *
 * @throws NonFiniteError; CapacityError.
 * @accuracy stable: |error| ≤ (k+1)u|A†||A|; the lower triangle has the bits of {@link multiply}.
 * @cost half of the product's operations.
 */
export function gram(backend: Backend, a: Matrix, of?: 'columns' | 'rows'): Matrix;
export function gram(backend: Backend, a: ComplexMatrix, of?: 'columns' | 'rows'): ComplexMatrix;
export function gram(backend: Backend, a: AnyMatrix, of: 'columns' | 'rows' = 'columns'): AnyMatrix {
  checkFiniteMatrix('gram', 'a', a);
  const op = of === 'columns' ? 'conjugate-transpose' : 'none';
  const [n, k] = shapeUnder(op, a);
  const workLength = a.field === 'real' ? gemmWork('f64', n, n, k) : complexGemmWork(n, n, k);
  const width = widthOf(a);
  checkRoom('gram', a, a.data.length + width * n * n + workLength);
  const shape = { op, n, k, lda: a.columns, ldc: n, part: 'full' } as const;
  const { memory, kernels } = backend;
  return memory.scope(() => {
    const [x, work] = [put(backend, a.data), memory.allocate('f64', workLength)];
    const c = memory.allocate('f64', width * n * n);
    if (a.field === 'real') kernels.rankUpdate(shape, 1, x, 0, c, work);
    else kernels.complexRankUpdate(shape, 1, x, 0, c, work);
    return matrixLike(a, n, n, c.view().slice());
  });
}

/**
 * A_s B_s for many small real matrices of one shape, in one crossing.
 *
 * @throws ShapeError unless all A have one shape and all B one that fits; NonFiniteError; CapacityError.
 * @accuracy stable: the bits of {@link multiply}.
 * @cost 2mnk floating-point operations each; made for n ≤ 16, where a crossing per product would cost more than the product.
 */
export function multiplyBatch(backend: Backend, a: readonly Matrix[], b: readonly Matrix[]): Matrix[] {
  const count = a.length;
  if (b.length !== count)
    throw new ShapeError(`multiplyBatch: b must have ${count} matrices like a, but it has ${b.length}.`);
  if (count === 0) return [];
  const [m, k, n] = [a[0]!.rows, a[0]!.columns, b[0]!.columns];
  checkMembers('a', a, m, k);
  checkMembers('b', b, k, n);
  checkRoom('multiplyBatch', a[0]!, count * (m * k + k * n + m * n));
  const { memory, kernels } = backend;
  return memory.scope(() => {
    const [x, y] = [memory.allocate('f64', count * m * k), memory.allocate('f64', count * k * n)];
    const z = memory.allocate('f64', count * m * n);
    const [left, right] = [x.view(), y.view()];
    for (let s = 0; s < count; s++) {
      left.set(a[s]!.data, s * m * k);
      right.set(b[s]!.data, s * k * n);
    }
    kernels.batchMultiply(count, m, n, k, x, y, z);
    const all = z.view();
    return Array.from({ length: count }, (_, s) => new Matrix(m, n, all.slice(s * m * n, (s + 1) * m * n)));
  });
}

function checkMembers(name: string, matrices: readonly Matrix[], rows: number, columns: number): void {
  for (const [s, matrix] of matrices.entries()) {
    if (matrix.field !== 'real') throw new DomainError(`multiplyBatch: ${name}[${s}] must be real, but it is complex.`);
    if (matrix.rows !== rows || matrix.columns !== columns)
      throw new ShapeError(
        `multiplyBatch: ${name}[${s}] must be ${rows}×${columns}, but it is ${matrix.rows}×${matrix.columns}.`,
      );
    checkFiniteMatrix('multiplyBatch', `${name}[${s}]`, matrix);
  }
}
