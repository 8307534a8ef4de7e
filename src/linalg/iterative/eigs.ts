import type { Backend } from '../../backend/backend.ts';
import { checkChoice } from '../../core/checks.ts';
import { inNameOf } from '../../core/errors.ts';
import { modulus } from '../../math/complex-pairs.ts';
import { eig } from '../eigen/eig.ts';
import { eigh } from '../eigen/eigh.ts';
import { reorderSchur, schur } from '../eigen/schur.ts';
import { matrixOver } from '../matrix/arguments.ts';
import { ComplexMatrix, Matrix } from '../matrix/matrix.ts';
import type { LinearOperator } from '../operator/linear-operator.ts';
import { multiply } from '../products.ts';
import { KrylovProcess, type Projection } from './krylov.ts';
import { checkOptions, checkSquareOperator, type IterationOptions, type IterationReport, settled } from './options.ts';
import type { OrthonormalBasis } from './orthonormal-basis.ts';
import { Products } from './products.ts';
import { complexResidualsOf } from './residuals.ts';
import { type Key, ranking, runRestarts } from './restarts.ts';

/** Which part of a complex spectrum; `largest-imaginary` is by |Im λ|. */
export type EigsWhich = 'largest-magnitude' | 'largest-real' | 'smallest-real' | 'largest-imaginary';

/** Options of `eigs`. */
export interface EigsOptions extends IterationOptions {
  /** Default `largest-magnitude`. */
  readonly which?: EigsWhich;
}

/** Some eigenvalues of an operator, with their right vectors. */
export interface EigenPairs extends IterationReport {
  /** Eigenvalues in the order in which they are wanted, interleaved. Conjugates of a real operator stand together, Im λ > 0 first. */
  readonly values: Float64Array;
  /** Column k is a unit right eigenvector of value k. */
  readonly vectors: ComplexMatrix;
  /** ‖A x − λ x‖ of every pair, from a product with each vector. */
  readonly residuals: Float64Array;
}

/** Vectors in the basis for a large dense matrix. */
const LARGE_SUBSPACE = 100;

const KEYS: Readonly<Record<EigsWhich, Key>> = {
  'largest-magnitude': modulus,
  'largest-real': (re) => re,
  'smallest-real': (re) => -re,
  'largest-imaginary': (_re, im) => Math.abs(im),
};

/**
 * A few eigenvalues of a general operator and their right eigenvectors, by the Krylov–Schur iteration. A real operator is treated in
 * real arithmetic, and a conjugate pair is never split: where `count` would do so, there is one value more.
 *
 * @throws ShapeError unless the operator is square; DomainError for an option out of range.
 * @throws NonFiniteError naming the product that is not finite; CapacityError if the basis does not fit.
 * @throws ConvergenceError with counts, unless `onFailure` is `report`.
 * @accuracy backward: a converged pair is exact for an operator within tolerance·‖A‖; the value is off by its condition number times
 * that. The same bits from both backends, if the operator gives the same bits.
 * @cost per product 8·n·m flops of orthogonalisation at most for a basis of m vectors (real; four times that complex), m³ per restart.
 * @source G. W. Stewart, SIAM J. Matrix Anal. Appl. 23 (2001) 601; docs/linalg-iterative.md.
 * @example
 * const { values } = eigs(backend, matrixOperator(backend, a), { count: 2, which: 'largest-real' });
 */
export function eigs(backend: Backend, operator: LinearOperator, options: EigsOptions = {}): EigenPairs {
  const where = 'eigs';
  checkSquareOperator(where, operator);
  const { which = 'largest-magnitude' } = options;
  checkChoice(where, 'which', which, Object.keys(KEYS));
  const n = operator.rows;
  const products = new Products(where, operator, backend);
  // A product with a dense matrix costs as much as n/4 vectors more in the basis: what saves products pays.
  const preferred = products.isResident ? Math.min(LARGE_SUBSPACE, Math.floor(n / 10)) : 0;
  const checked = checkOptions(where, n, options, preferred);
  const ends = [KEYS[which]];
  const iteration = new KrylovProcess(where, backend, products, checked, false, (h, size, length) =>
    projectGeneral(backend, h, size, length, operator.field, ends),
  );
  try {
    const outcome = runRestarts(iteration, checked, ends);
    const { wanted, restarts } = outcome;
    const values = outcome.values.slice(0, 2 * wanted);
    const vectors = vectorsOf(iteration.basis, iteration.projection.coordinates(wanted), iteration.size, wanted);
    const residuals = complexResidualsOf(products, values, vectors);
    const went = { norm: iteration.scale, products: products.count, restarts, backend: backend.kind };
    return {
      values,
      vectors: new ComplexMatrix(n, wanted, vectors),
      residuals,
      ...settled(where, checked, residuals, went),
    };
  } finally {
    iteration.basis.release();
  }
}

/** A projection that gives the coordinates of eigenvectors. */
interface EigenProjection extends Projection {
  /** size×p, complex, row-major: unit eigenvectors of the best p values in their columns. */
  coordinates(p: number): Float64Array;
}

function projectGeneral(
  backend: Backend,
  h: Float64Array,
  size: number,
  length: number,
  field: 'real' | 'complex',
  ends: readonly Key[],
): EigenProjection {
  const small = matrixOver(field, size, size, h.slice());
  const { values, right } = inNameOf('eigs', () => eig(backend, small, { vectors: 'right', balance: false }));
  const order = ranking(values, ends);
  const y = right!.data;
  const last = 2 * (size - 1) * size;
  return {
    values: Float64Array.from({ length: 2 * size }, (_, i) => values[2 * order[i >> 1]! + (i % 2)]!),
    residuals: Float64Array.from(order, (k) => length * modulus(y[last + 2 * k]!, y[last + 2 * k + 1]!)),
    coordinates: (p) => leadingColumns(y, size, order.slice(0, p)),
    invariant(p) {
      const form = inNameOf('eigs', () => schur(backend, small));
      const { q, t } = reorderSchur(backend, form, ranking(form.values, ends).slice(0, p));
      const columns = Array.from({ length: p }, (_, k) => k);
      const z = leadingColumns(q.data, size, columns);
      if (small.field === 'complex') return { z, h: leadingColumns(t.data.subarray(0, 2 * p * size), size, columns) };
      const basis = realBasis(backend, z, size, p);
      const product = multiply(backend, basis, multiply(backend, small, basis), { opA: 'transpose' });
      return { z: basis.data, h: product.data };
    },
  };
}

/** Columns of a complex row-major matrix with `size` columns. */
function leadingColumns(data: Float64Array, size: number, columns: readonly number[]): Float64Array {
  const rows = data.length / (2 * size);
  const chosen = new Float64Array(2 * rows * columns.length);
  for (let i = 0; i < rows; i++) {
    for (const [k, column] of columns.entries()) {
      const [to, from] = [2 * (i * columns.length + k), 2 * (i * size + column)];
      chosen[to] = data[from]!;
      chosen[to + 1] = data[from + 1]!;
    }
  }
  return chosen;
}

/**
 * A real orthonormal basis of a space that is spanned by p orthonormal complex columns and closed under conjugation: its projector
 * Re Z Re Zᵀ + Im Z Im Zᵀ is real, with eigenvalue 1 on the space and 0 beside it.
 */
function realBasis(backend: Backend, z: Float64Array, size: number, p: number): Matrix {
  const parts = new Matrix(size, 2 * p, z);
  const { vectors } = eigh(backend, multiply(backend, parts, parts, { opB: 'transpose' }));
  const basis = new Matrix(size, p);
  for (let i = 0; i < size; i++) basis.data.set(vectors.data.subarray((i + 1) * size - p, (i + 1) * size), i * p);
  return basis;
}

/** V Y for complex coordinates over a basis of either field: n×p, interleaved. */
function vectorsOf(basis: OrthonormalBasis, y: Float64Array, size: number, p: number): Float64Array {
  if (basis.width === 2) return basis.combination(y, size, p);
  const vectors = new Float64Array(2 * basis.n * p);
  for (const part of [0, 1]) {
    const real = basis.combination(
      Float64Array.from({ length: size * p }, (_, i) => y[2 * i + part]!),
      size,
      p,
    );
    for (let i = 0; i < real.length; i++) vectors[2 * i + part] = real[i]!;
  }
  return vectors;
}
