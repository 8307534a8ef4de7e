import type { Backend } from '../../backend/backend.ts';
import { checkChoice } from '../../core/checks.ts';
import { DomainError } from '../../core/errors.ts';
import { matrixOver } from '../matrix/arguments.ts';
import type { AnyMatrix } from '../matrix/matrix.ts';
import { addMultiple, columnOf, norm } from '../matrix/vectors.ts';
import { adjointOperator } from '../operator/combinations.ts';
import type { LinearOperator } from '../operator/linear-operator.ts';
import { GolubKahanProcess } from './golub-kahan.ts';
import { checkOptions, type IterationOptions, type IterationReport, settled } from './options.ts';
import { Products } from './products.ts';
import { type Key, runRestarts } from './restarts.ts';

/** Which singular values are wanted. */
export type SvdsWhich = 'largest' | 'smallest';

/** Options of `svds`. */
export interface SvdsOptions extends IterationOptions {
  /** Default `largest`. `smallest` converges slowly unless the small values stand apart: see docs/linalg-iterative.md. */
  readonly which?: SvdsWhich;
}

/** Some singular values of an operator, with their vectors. */
export interface SingularTriplets extends IterationReport {
  /** Singular values in the order in which they are wanted. */
  readonly values: Float64Array;
  /** rows×count: left singular vectors in the columns. */
  readonly u: AnyMatrix;
  /** columns×count: right singular vectors in the columns (V, not V†). */
  readonly v: AnyMatrix;
  /** The larger of ‖A v − σ u‖ and ‖A†u − σ v‖, from products with the vectors. */
  readonly residuals: Float64Array;
}

/** Vectors in the bases of a dense matrix, which grow by two at a time. */
const BLOCK_SUBSPACE = 60;

const ENDS: Readonly<Record<SvdsWhich, readonly Key[]>> = { largest: [(re) => re], smallest: [(re) => -re] };

/**
 * A few singular values of an operator and their vectors, by Golub–Kahan–Lanczos bidiagonalisation with thick restarts.
 *
 * @throws DomainError unless the operator has an adjoint, or for an option out of range.
 * @throws NonFiniteError naming the product that is not finite; CapacityError if the bases do not fit.
 * @throws ConvergenceError with counts, unless `onFailure` is `report`.
 * @accuracy a converged value lies within tolerance·‖A‖ of a singular value; U†U = 1, V†V = 1 to about 1e-14. Values below u·‖A‖ are
 * rounding errors. The same bits from both backends, if the operator gives the same bits.
 * @cost per pair of products 8·(rows + columns)·m flops of orthogonalisation at most for bases of m vectors (four times that complex).
 * @source J. Baglama, L. Reichel, SIAM J. Sci. Comput. 27 (2005) 19; docs/linalg-iterative.md.
 * @example
 * const { values } = svds(backend, matrixOperator(backend, a), { count: 10 });
 */
export function svds(backend: Backend, operator: LinearOperator, options: SvdsOptions = {}): SingularTriplets {
  const where = 'svds';
  if (!operator.hasAdjoint)
    throw new DomainError(`${where}: operator must have an adjoint, but none was given. Give it applyAdjoint.`);
  const { which = 'largest' } = options;
  checkChoice(where, 'which', which, Object.keys(ENDS));
  const wide = operator.columns > operator.rows;
  // The right vectors live in the smaller space, so that a full basis of it leaves nothing over.
  const tall = wide ? adjointOperator(operator) : operator;
  const products = new Products(where, tall, backend);
  const checked = checkOptions(where, tall.columns, options, products.isResident ? BLOCK_SUBSPACE : 0);
  const iteration = new GolubKahanProcess(where, backend, products, checked, ENDS[which]);
  try {
    const outcome = runRestarts(iteration, checked, ENDS[which]);
    const { wanted, restarts } = outcome;
    const values = Float64Array.from({ length: wanted }, (_, k) => outcome.values[2 * k]!);
    const { u, v } = iteration.triplets(wanted);
    const residuals = tripletResiduals(products, values, u, v);
    const { field } = operator;
    const [left, right] = [matrixOver(field, tall.rows, wanted, u), matrixOver(field, tall.columns, wanted, v)];
    const went = { norm: iteration.scale, products: products.count, restarts, backend: backend.kind };
    return {
      values,
      u: wide ? right : left,
      v: wide ? left : right,
      residuals,
      ...settled(where, checked, residuals, went),
    };
  } finally {
    iteration.release();
  }
}

function tripletResiduals(products: Products, values: Float64Array, u: Float64Array, v: Float64Array): Float64Array {
  const { rows, columns, width } = products.operator;
  const count = values.length;
  const [x, ax] = [new Float64Array(columns * width), new Float64Array(rows * width)];
  const [y, ay] = [new Float64Array(rows * width), new Float64Array(columns * width)];
  return values.map((value, k) => {
    columnOf(v, count, k, width, x);
    columnOf(u, count, k, width, y);
    products.apply(x, ax);
    products.applyAdjoint(y, ay);
    addMultiple(ax, [-value, 0], y, width);
    addMultiple(ay, [-value, 0], x, width);
    return Math.max(norm(ax), norm(ay));
  });
}
