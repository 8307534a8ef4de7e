import type { Backend } from '../../backend/backend.ts';
import {
  complexTriangularWork,
  type Operation,
  type TriangularShape,
  triangularWork,
} from '../../backend/contract/dense.ts';
import { checkChoice } from '../../core/checks.ts';
import { DomainError, ShapeError } from '../../core/errors.ts';
import { checkFiniteMatrix, checkRoom, checkSquare, matrixLike, widthOf } from '../matrix/arguments.ts';
import type { AnyMatrix, ComplexMatrix, Matrix } from '../matrix/matrix.ts';
import { checkOperation, checkSameField, put } from '../matrix/operands.ts';
import { rowBlocks } from '../matrix/row-blocks.ts';

/** Fewer right-hand sides at once would read the triangle too often. */
const FEWEST_SIDES = 16;

/** Which triangular system. */
export interface TriangularOptions {
  /** Where A's elements are, before op; the rest of A is not used (but must be finite). */
  readonly triangle: 'lower' | 'upper';
  /** `left` (default): op(A) X = B; `right`: X op(A) = B. */
  readonly side?: 'left' | 'right';
  /** Default `none`. */
  readonly op?: Operation;
  /** The diagonal is taken as ones and not used; default false. */
  readonly unit?: boolean;
}

/**
 * The X with op(A) X = B or X op(A) = B for a triangular A of order n, as a new matrix of the shape of B.
 *
 * @throws ShapeError unless A is square and B fits; DomainError if a diagonal element is zero; NonFiniteError; CapacityError.
 * @accuracy stable: backward error |ΔA| ≤ (n+1)u|A| for each right-hand side (complex: a small multiple of it).
 * @cost n² floating-point operations per right-hand side, 4n² complex.
 * @source Higham, Accuracy and Stability of Numerical Algorithms (2002), § 8.1; see docs/linalg-products.md.
 */
export function solveTriangular(backend: Backend, a: Matrix, b: Matrix, options: TriangularOptions): Matrix;
export function solveTriangular(
  backend: Backend,
  a: ComplexMatrix,
  b: ComplexMatrix,
  options: TriangularOptions,
): ComplexMatrix;
export function solveTriangular(
  backend: Backend,
  a: AnyMatrix,
  b: AnyMatrix,
  { triangle, side = 'left', op = 'none', unit = false }: TriangularOptions,
): AnyMatrix {
  const n = a.rows;
  checkChoice('solveTriangular', 'triangle', triangle, ['lower', 'upper']);
  checkChoice('solveTriangular', 'side', side, ['left', 'right']);
  checkOperation('solveTriangular', 'op', op);
  checkSameField('solveTriangular', a, 'b', b);
  checkSquare('solveTriangular', a, 'Use a least-squares solution.');
  const [length, count] = side === 'left' ? [b.rows, b.columns] : [b.columns, b.rows];
  if (length !== n) {
    const what = side === 'left' ? 'rows' : 'columns';
    throw new ShapeError(`solveTriangular: b must have ${n} ${what} like a, but it has ${length}.`);
  }
  checkFiniteMatrix('solveTriangular', 'a', a);
  checkFiniteMatrix('solveTriangular', 'b', b);
  if (!unit) checkDiagonal(a);
  const workLength = a.field === 'real' ? triangularWork(n) : complexTriangularWork(n);
  checkRoom('solveTriangular', a, a.data.length + b.data.length + workLength);
  const width = widthOf(a);
  const { memory, kernels } = backend;
  const data = memory.scope(() => {
    const [x, y, work] = [put(backend, a.data), put(backend, b.data), memory.allocate('f64', workLength)];
    for (const [first, part] of rowBlocks(count, 2 * width * width * n * n, FEWEST_SIDES)) {
      const start = width * first * (side === 'left' ? 1 : b.columns);
      const some = y.part(start, y.length - start);
      const shape: TriangularShape = { side, triangle, op, unit, n, count: part, lda: n, ldb: b.columns };
      if (width === 1) kernels.solveTriangular({ shape, a: x, b: some, work });
      else kernels.complexSolveTriangular({ shape, a: x, b: some, work });
    }
    return y.view().slice();
  });
  return matrixLike(a, b.rows, b.columns, data);
}

function checkDiagonal({ field, rows, data }: AnyMatrix): void {
  for (let i = 0; i < rows; i++) {
    const at = i * (rows + 1);
    const zero = field === 'real' ? data[at] === 0 : data[2 * at] === 0 && data[2 * at + 1] === 0;
    if (zero) {
      throw new DomainError(
        `solveTriangular: a must have no zero on its diagonal, but a[${i}, ${i}] is 0. Use a least-squares solution.`,
      );
    }
  }
}
