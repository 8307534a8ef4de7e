import type { Complex } from 'complex.js';
import type { Backend } from '../backend/backend.ts';
import { complexGemmWork, gemmWork, type Operation } from '../backend/contract/dense.ts';
import type { Block } from '../backend/memory.ts';
import { checkChoice } from '../core/checks.ts';
import { DomainError, NonFiniteError, ShapeError } from '../core/errors.ts';
import { checkFiniteMatrix, checkRoom, matrixLike, widthOf } from './matrix/arguments.ts';
import { type AnyMatrix, type ComplexMatrix, Matrix } from './matrix/matrix.ts';
import { checkApart, checkOperation, checkSameField, pairOf, put, shapeUnder } from './matrix/operands.ts';
import { rowBlocks } from './matrix/row-blocks.ts';

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
  productOf('multiplyInto', backend, a, b, c, options);
}

/** The numbers of α op(A) op(B) + β C: in the array of C where there is one, a block of rows at a time. */
function productOf(
  where: string,
  backend: Backend,
  a: AnyMatrix,
  b: AnyMatrix,
  c: AnyMatrix | null,
  { opA = 'none', opB = 'none', alpha = 1, beta = 0 }: AccumulateOptions,
): Float64Array {
  checkSameField(where, a, 'b', b);
  checkOperation(where, 'opA', opA);
  checkOperation(where, 'opB', opB);
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
  const width = widthOf(a);
  const { memory, kernels } = backend;
  const product = c?.data ?? new Float64Array(length);
  memory.scope(() => {
    const [y, work] = [put(backend, b.data), memory.allocate('f64', workLength)];
    for (const [first, count] of rowBlocks(m, 2 * width * width * n * k)) {
      const shape = { opA, opB, m: count, n, k, lda: opA === 'none' ? k : count, ldb: b.columns, ldc: n };
      const [from, to] = [width * first * n, width * (first + count) * n];
      memory.scope(() => {
        const x = put(backend, rowsUnder(opA, a, first, count));
        const z = kept ? put(backend, c.data.subarray(from, to)) : memory.allocate('f64', to - from);
        if (a.field === 'real') kernels.gemm({ shape, alpha: factor[0], a: x, b: y, beta: keep[0], c: z, work });
        else kernels.complexGemm({ shape, alpha: factor, a: x, b: y, beta: keep, c: z, work });
        product.set(z.view(), from);
      });
    }
  });
  return product;
}

/** The stored elements of some rows of op(a): rows of a, or its columns. */
function rowsUnder(op: Operation, a: AnyMatrix, first: number, count: number): Float64Array {
  const width = widthOf(a);
  const stride = width * a.columns;
  if (op === 'none') return a.data.subarray(first * stride, (first + count) * stride);
  if (count === a.columns) return a.data;
  const columns = new Float64Array(width * count * a.rows);
  for (let i = 0; i < a.rows; i++) {
    const from = i * stride + width * first;
    columns.set(a.data.subarray(from, from + width * count), width * count * i);
  }
  return columns;
}

/**
 * op(A) x as a new array: of reals for a real A, of interleaved complex numbers for a complex one (and x likewise).
 *
 * @throws ShapeError unless x fits; NonFiniteError; CapacityError.
 * @accuracy stable: |error| ≤ (k+1)u|A||x|; the bits of a product with one column.
 * @cost 2mn floating-point operations, 8mn complex. Copying A costs as much as the product: many vectors belong in one matrix.
 */
export function matrixVector(backend: Backend, a: AnyMatrix, x: Float64Array, op: Operation = 'none'): Float64Array {
  checkOperation('matrixVector', 'op', op);
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
    if (a.field === 'real')
      kernels.gemv({ op, m: a.rows, n: a.columns, alpha: 1, a: A, lda: a.columns, x: X, beta: 0, y: Y });
    else
      kernels.complexGemv({
        op,
        m: a.rows,
        n: a.columns,
        alpha: [1, 0],
        a: A,
        lda: a.columns,
        x: X,
        beta: [0, 0],
        y: Y,
      });
    return Y.view().slice();
  });
}

/** α A†A + β C, or α A A† + β C. */
export interface GramOptions {
  /** Whose products are taken: of the `columns` (default) A†A, of the `rows` A A†. */
  readonly of?: 'columns' | 'rows';
  /** Real factor on the products; default 1. */
  readonly alpha?: number;
  /** Real factor on what C held; default 0, which does not read C. */
  readonly beta?: number;
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
  const n = of === 'columns' ? a.columns : a.rows;
  return matrixLike(a, n, n, gramOf('gram', backend, a, null, { of }));
}

/**
 * C ← α A†A + β C, or α A A† + β C, in the array of C. C is Hermitian: its lower triangle is read, all of it is written.
 *
 * @throws ShapeError unless C fits and lies apart from A; NonFiniteError; CapacityError. C is then as it was.
 * @accuracy stable: |error| ≤ (k+2)u(|α||A†||A| + |β||C|); the lower triangle has the bits of {@link multiplyInto}.
 * @cost half of the product's operations.
 */
export function gramInto(backend: Backend, c: AnyMatrix, a: AnyMatrix, options: GramOptions = {}): void {
  const n = options.of === 'rows' ? a.rows : a.columns;
  checkSameField('gramInto', a, 'c', c);
  if (c.rows !== n || c.columns !== n)
    throw new ShapeError(`gramInto: c must be ${n}×${n}, but it is ${c.rows}×${c.columns}.`);
  checkApart('gramInto', 'c', c.data, [a.data]);
  c.data.set(gramOf('gramInto', backend, a, c, options));
}

/** Makes a matrix Hermitian by its lower triangle. */
function mirror(data: Float64Array, n: number, width: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const [from, to] = [width * (i * n + j), width * (j * n + i)];
      data[to] = data[from]!;
      if (width === 2) data[to + 1] = -data[from + 1]!;
    }
  }
}

/** The numbers of α A†A + β C or α A A† + β C. */
function gramOf(
  where: string,
  backend: Backend,
  a: AnyMatrix,
  c: AnyMatrix | null,
  { of = 'columns', alpha = 1, beta = 0 }: GramOptions,
): Float64Array {
  checkChoice(where, 'of', of, ['columns', 'rows']);
  checkFiniteMatrix(where, 'a', a);
  for (const [name, value] of [
    ['alpha', alpha],
    ['beta', beta],
  ] as const) {
    if (!Number.isFinite(value)) throw new NonFiniteError(`${where}: ${name} must be finite, but it is ${value}.`);
  }
  const kept = c !== null && beta !== 0;
  if (kept) checkFiniteMatrix(where, 'c', c);
  const op = of === 'columns' ? 'conjugate-transpose' : 'none';
  const [n, k] = shapeUnder(op, a);
  const length = widthOf(a) * n * n;
  const workLength = a.field === 'real' ? gemmWork('f64', n, n, k) : complexGemmWork(n, n, k);
  checkRoom(where, a, a.data.length + length + workLength);
  const { memory, kernels } = backend;
  return memory.scope(() => {
    const [x, work] = [put(backend, a.data), memory.allocate('f64', workLength)];
    const y = kept ? put(backend, c.data) : memory.allocate('f64', length);
    const width = widthOf(a);
    const blocks = rowBlocks(n, width * width * n * k);
    for (const [first, count] of blocks) {
      const rows = x.part(width * first * (op === 'none' ? k : 1), x.length - width * first * (op === 'none' ? k : 1));
      const below = y.part(width * first * n, y.length - width * first * n);
      const diagonal = y.part(width * first * (n + 1), y.length - width * first * (n + 1));
      const part = blocks.length === 1 ? 'full' : 'lower';
      const square = { op, n: count, k, lda: a.columns, ldc: n, part } as const;
      const [opA, opB] = op === 'none' ? (['none', 'conjugate-transpose'] as const) : ([op, 'none'] as const);
      const strip = { opA, opB, m: count, n: first, k, lda: a.columns, ldb: a.columns, ldc: n };
      if (width === 1) {
        if (first > 0) kernels.gemm({ shape: strip, alpha, a: rows, b: x, beta, c: below, work });
        kernels.rankUpdate({ shape: square, alpha, a: rows, beta, c: diagonal, work });
      } else {
        if (first > 0)
          kernels.complexGemm({ shape: strip, alpha: [alpha, 0], a: rows, b: x, beta: [beta, 0], c: below, work });
        kernels.complexRankUpdate({ shape: square, alpha, a: rows, beta, c: diagonal, work });
      }
    }
    const product = y.view().slice();
    if (blocks.length > 1) mirror(product, n, width);
    return product;
  });
}

/**
 * A_s B_s for many small matrices of one shape and field, in one crossing.
 *
 * @throws ShapeError unless all A have one shape and all B one that fits; DomainError unless all are real or all complex;
 * NonFiniteError; CapacityError.
 * @accuracy stable: the bits of {@link multiply}.
 * @cost 2mnk floating-point operations each, 8mnk complex; made for n ≤ 16, where a crossing per product would cost more than the
 * product.
 */
export function multiplyBatch<M extends AnyMatrix>(backend: Backend, a: readonly M[], b: readonly M[]): M[] {
  const count = a.length;
  if (b.length !== count)
    throw new ShapeError(`multiplyBatch: b must have ${count} matrices like a, but it has ${b.length}.`);
  const [first] = a;
  if (first === undefined) return [];
  const [m, k, n] = [first.rows, first.columns, b[0]!.columns];
  checkMembers('a', a, first.field, m, k);
  checkMembers('b', b, first.field, k, n);
  const width = widthOf(first);
  checkRoom('multiplyBatch', first, width * count * (m * k + k * n + m * n));
  const { memory, kernels } = backend;
  return memory.scope(() => {
    const gather = (matrices: readonly M[]): Block<'f64'> => {
      const size = matrices[0]!.data.length;
      const block = memory.allocate('f64', count * size);
      const view = block.view();
      for (const [s, matrix] of matrices.entries()) view.set(matrix.data, s * size);
      return block;
    };
    const [x, y] = [gather(a), gather(b)];
    const size = width * m * n;
    const z = memory.allocate('f64', count * size);
    if (width === 1) kernels.batchMultiply({ count, m, n, k, a: x, b: y, c: z });
    else kernels.complexBatchMultiply({ count, m, n, k, a: x, b: y, c: z });
    const all = z.view();
    return Array.from({ length: count }, (_, s) => matrixLike(first, m, n, all.slice(s * size, (s + 1) * size)));
  });
}

function checkMembers(
  name: string,
  matrices: readonly AnyMatrix[],
  field: AnyMatrix['field'],
  rows: number,
  columns: number,
): void {
  for (const [s, matrix] of matrices.entries()) {
    if (matrix.field !== field)
      throw new DomainError(`multiplyBatch: ${name}[${s}] must be ${field} like a[0], but it is ${matrix.field}.`);
    if (matrix.rows !== rows || matrix.columns !== columns)
      throw new ShapeError(
        `multiplyBatch: ${name}[${s}] must be ${rows}×${columns}, but it is ${matrix.rows}×${matrix.columns}.`,
      );
    checkFiniteMatrix('multiplyBatch', `${name}[${s}]`, matrix);
  }
}
