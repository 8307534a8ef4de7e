import type { Backend, BackendKind } from '../backend/backend.ts';
import type { Block } from '../backend/memory.ts';
import { ComplexWorkspace } from './complex-workspace.ts';
import { checkSquare, sweepLimit, unconverged } from './eigen-checks.ts';
import type { AnyMatrix, ComplexMatrix } from './matrix.ts';

/** What {@link eig} is to compute. */
export interface EigOptions {
  /** Eigenvectors: none (default), right (A x = λ x), left (y* A = λ y*) or both. */
  readonly vectors?: 'none' | 'right' | 'left' | 'both';
  /** Permute and scale first (default). Turn it off where rounding errors of the matrix must not be scaled up. */
  readonly balance?: boolean;
  /** Condition numbers 1/|y*x| of the eigenvalues; computes both sets of vectors. */
  readonly conditionNumbers?: boolean;
  /** Most QR sweeps; 30 per eigenvalue unless given. */
  readonly maxSweeps?: number;
  /** What to do if that is not enough: throw (default), or report what has converged (no vectors then). */
  readonly onFailure?: 'throw' | 'report';
}

/** Eigenvalues of an n×n matrix and what else was asked for; all in the same order. */
export interface Eigen {
  /** n eigenvalues, interleaved: Re λ_0, Im λ_0, Re λ_1, …. */
  readonly values: Float64Array;
  /** Columns are right eigenvectors of unit 2-norm, largest element real and positive. */
  readonly right?: ComplexMatrix;
  /** Columns are left eigenvectors of unit 2-norm, largest element real and positive. */
  readonly left?: ComplexMatrix;
  /** 1/|y*x| of each eigenvalue: how far λ moves per unit of perturbation. 1 for a normal matrix, ∞ for a defective value. */
  readonly conditionNumbers?: Float64Array;
  /** Eigenvalues that have converged: n, or fewer after a failure that was to be reported; then they are the last ones. */
  readonly converged: number;
  /** QR sweeps taken. */
  readonly sweeps: number;
  /** Backend that computed this. */
  readonly backend: BackendKind;
}

/**
 * Eigenvalues and eigenvectors of a general matrix: balancing, Hessenberg form, shifted QR, back substitution.
 *
 * @accuracy backward stable: values are those of A + E with ‖E‖_F ≤ 4·√n·u·‖A‖_F measured on the test gallery (balanced
 * matrix); one eigenvalue is off by its condition number times that. Vectors: ‖A x − λ x‖ as small.
 * @cost about 25·n³ complex multiply-adds with right vectors, 5·n complex numbers of memory per row.
 * @source docs/linalg-eig.md gives formulas and papers.
 * @throws ShapeError unless a is square. @throws NonFiniteError naming an element that is not finite.
 * @throws CapacityError if the work does not fit the memory. @throws ConvergenceError after `maxSweeps` sweeps.
 * @example
 * const { values } = eig(backend, Matrix.fromRows([[0, 1], [-1, 0]])); // ±i: [0, 1, 0, -1]
 */
export function eig(backend: Backend, a: AnyMatrix, options: EigOptions = {}): Eigen {
  const { vectors = 'none', conditionNumbers = false, balance = true } = options;
  checkSquare('eig', a);
  const n = a.rows;
  const limit = sweepLimit('eig', n, options.maxSweeps);
  const wantRight = conditionNumbers || vectors === 'right' || vectors === 'both';
  const wantLeft = conditionNumbers || vectors === 'left' || vectors === 'both';
  const wantVectors = wantRight || wantLeft;
  const space = new ComplexWorkspace('eig', backend, n, wantVectors ? 5 : 2);
  const { kernels, memory } = backend;
  return memory.scope(() => {
    const { ld } = space;
    const { block: h, exponent } = space.load('eig', a);
    const scale = space.numbers(n);
    const info = space.numbers(2);
    if (balance) kernels.complexBalance(h, ld, n, scale, info);
    else {
      scale.view().fill(1);
      info.view()[1] = n - 1;
    }
    const [lo = 0, hi = 0] = info.view();
    const work = space.numbers(Math.max(6 * n + 8, kernels.complexSchurWork()));
    const square = space.matrix();
    const q = wantVectors ? space.matrix() : null;
    kernels.complexHessenberg(h, ld, n, lo, hi, q, square, space.numbers(n), work);
    const failed = kernels.complexSchur(h, ld, n, lo, hi, q, limit, work, info);
    const report = { converged: n - failed, sweeps: info.view()[0]!, backend: backend.kind };
    const values = space.diagonal(h, exponent);
    if (failed > 0) {
      if (options.onFailure === 'report') return { values, ...report };
      throw unconverged('eig', n, report.converged, report.sweeps);
    }
    if (q === null) return { values, ...report };

    const rows = space.matrix(3);
    const out = space.matrix();
    const solve = (left: boolean, pivots: Block<'f64'>): ComplexMatrix | undefined => {
      kernels.complexEigenvectors(h, q, ld, n, left, lo, hi, scale, out, pivots, rows, square, work);
      const asked = vectors === 'both' || vectors === (left ? 'left' : 'right');
      return asked ? space.unload(out) : undefined;
    };
    const [pivotsRight, pivotsLeft] = [space.numbers(n), space.numbers(n)];
    const right = wantRight ? solve(false, pivotsRight) : undefined;
    const left = wantLeft ? solve(true, pivotsLeft) : undefined;
    return {
      values,
      ...(right === undefined ? {} : { right }),
      ...(left === undefined ? {} : { left }),
      ...(conditionNumbers ? { conditionNumbers: reciprocals(pivotsRight.view(), pivotsLeft.view()) } : {}),
      ...report,
    };
  });
}

/** 1/|y*x| from the two vectors' pivots, at least 1. */
function reciprocals(right: Float64Array, left: Float64Array): Float64Array {
  return right.map((pivot, k) => Math.max(1, 1 / (pivot * left[k]!)));
}
