import type { Backend } from '../../backend/backend.ts';
import { checkChoice } from '../../core/checks.ts';
import { DomainError, inNameOf } from '../../core/errors.ts';
import { eigh } from '../eigen/eigh.ts';
import { matrixOver } from '../matrix/arguments.ts';
import type { AnyMatrix } from '../matrix/matrix.ts';
import type { LinearOperator } from '../operator/linear-operator.ts';
import { KrylovProcess, type Projection } from './krylov.ts';
import { checkOptions, checkSquareOperator, type IterationOptions, type IterationReport, settled } from './options.ts';
import { Products } from './products.ts';
import { residualsOf } from './residuals.ts';
import { type Key, ranking, runRestarts } from './restarts.ts';

/** Which end of a real spectrum. */
export type HermitianWhich = 'largest' | 'smallest' | 'both ends' | 'largest-magnitude';

/** Options of `eigsHermitian`. */
export interface EigsHermitianOptions extends IterationOptions {
  /** Default `largest-magnitude`. `both ends` takes them in turn, the largest first. */
  readonly which?: HermitianWhich;
}

/** Some eigenvalues of a Hermitian operator, with their vectors. */
export interface HermitianPairs extends IterationReport {
  /** Eigenvalues in the order in which they are wanted. */
  readonly values: Float64Array;
  /** n×count: column k is a unit eigenvector of values[k]. */
  readonly vectors: AnyMatrix;
  /** ‖A x − λ x‖ of every pair, from a product with each vector. */
  readonly residuals: Float64Array;
}

const ENDS: Readonly<Record<HermitianWhich, readonly Key[]>> = {
  largest: [(re) => re],
  smallest: [(re) => -re],
  'both ends': [(re) => re, (re) => -re],
  'largest-magnitude': [(re) => Math.abs(re)],
};

/**
 * A few eigenvalues of a Hermitian operator and their vectors, by thick-restart Lanczos iteration with full orthogonalisation. Copies
 * of a multiple eigenvalue are found one after the other (see `probe`).
 *
 * @throws ShapeError unless the operator is square; DomainError unless it is declared Hermitian, or for an option out of range.
 * @throws NonFiniteError naming the product that is not finite; CapacityError if the basis does not fit.
 * @throws ConvergenceError with counts, unless `onFailure` is `report`.
 * @accuracy a converged value lies within tolerance·‖A‖ of an eigenvalue, and within residual²/gap; V†V = 1 to about 1e-14. The same
 * bits from both backends, if the operator gives the same bits.
 * @cost per product 8·n·m flops of orthogonalisation at most for a basis of m vectors (real; four times that complex); m + 1 vectors of memory.
 * @source K. Wu, H. Simon, SIAM J. Matrix Anal. Appl. 22 (2000) 602; docs/linalg-iterative.md.
 * @example
 * const { values } = eigsHermitian(backend, diagonalOperator(Float64Array.of(1, 5, 3)), { count: 1 }); // 5
 */
export function eigsHermitian(
  backend: Backend,
  operator: LinearOperator,
  options: EigsHermitianOptions = {},
): HermitianPairs {
  const where = 'eigsHermitian';
  checkSquareOperator(where, operator);
  if (!operator.isHermitian)
    throw new DomainError(
      `${where}: operator must be declared Hermitian, but it is ${operator.structure}. Use declareStructure, or eigs.`,
    );
  const { which = 'largest-magnitude' } = options;
  checkChoice(where, 'which', which, Object.keys(ENDS));
  const n = operator.rows;
  const checked = checkOptions(where, n, options);
  const products = new Products(where, operator, backend);
  const iteration = new KrylovProcess(where, backend, products, checked, true, (h, size, length) =>
    projectHermitian(backend, h, size, length, operator.field, ENDS[which]),
  );
  try {
    const { values, wanted, restarts } = runRestarts(iteration, checked, ENDS[which]);
    const found = Float64Array.from({ length: wanted }, (_, k) => values[2 * k]!);
    const vectors = iteration.basis.combination(iteration.projection.invariant(wanted).z, iteration.size, wanted);
    const residuals = residualsOf(products, found, vectors);
    const went = { norm: iteration.scale, products: products.count, restarts, backend: backend.kind };
    return {
      values: found,
      vectors: matrixOver(operator.field, n, wanted, vectors),
      residuals,
      ...settled(where, checked, residuals, went),
    };
  } finally {
    iteration.basis.release();
  }
}

/** Eigenpairs of the projected operator, whose upper triangle is taken. */
function projectHermitian(
  backend: Backend,
  h: Float64Array,
  size: number,
  length: number,
  field: 'real' | 'complex',
  ends: readonly Key[],
): Projection {
  const width = field === 'real' ? 1 : 2;
  const t = h.slice();
  for (let i = 0; i < size; i++) {
    if (width === 2) t[(i * size + i) * 2 + 1] = 0;
    for (let j = 0; j < i; j++) {
      const [to, from] = [(i * size + j) * width, (j * size + i) * width];
      t[to] = h[from]!;
      if (width === 2) t[to + 1] = -h[from + 1]!;
    }
  }
  const { values, vectors } = inNameOf('eigsHermitian', () => eigh(backend, matrixOver(field, size, size, t)));
  const pairs = new Float64Array(2 * size);
  for (let k = 0; k < size; k++) pairs[2 * k] = values[k]!;
  const order = ranking(pairs, ends);
  const y = vectors.data;
  const lastOf = (k: number): Float64Array =>
    y.subarray(((size - 1) * size + k) * width, ((size - 1) * size + k + 1) * width);
  return {
    values: Float64Array.from({ length: 2 * size }, (_, i) => (i % 2 === 0 ? values[order[i >> 1]!]! : 0)),
    residuals: Float64Array.from(order, (k) => length * modulusOf(lastOf(k))),
    invariant(p) {
      const z = new Float64Array(size * p * width);
      const diagonal = new Float64Array(p * p * width);
      for (let k = 0; k < p; k++) {
        diagonal[(k * p + k) * width] = values[order[k]!]!;
        for (let i = 0; i < size; i++) {
          for (let part = 0; part < width; part++)
            z[(i * p + k) * width + part] = y[(i * size + order[k]!) * width + part]!;
        }
      }
      return { z, h: diagonal };
    },
  };
}

function modulusOf(z: Float64Array): number {
  return Math.sqrt(z.reduce((sum, part) => sum + part * part, 0));
}
