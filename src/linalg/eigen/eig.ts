import type { Backend, BackendKind } from '../../backend/backend.ts';
import type { Block } from '../../backend/memory.ts';
import { checkChoice } from '../../core/checks.ts';
import { checkSquare } from '../matrix/arguments.ts';
import type { AnyMatrix, ComplexMatrix } from '../matrix/matrix.ts';
import { makeConjugate } from './conjugate-pairs.ts';
import { checkRepresentable, sweepLimit, unconverged } from './eigen-checks.ts';
import { EigenWorkspace } from './eigen-workspace.ts';
import { complexForm, type SchurForm, schurForm } from './schur-form.ts';

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
  /** n eigenvalues, interleaved: Re λ_0, Im λ_0, Re λ_1, …. Those of a real matrix are real or come in pairs λ, λ̄, Im λ > 0. */
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
 * Eigenvalues and eigenvectors of a general matrix: balancing, Hessenberg form, shifted QR, back substitution. A real matrix
 * stays real up to its Schur form.
 *
 * @accuracy backward stable for the balanced matrix: ‖A V − V Λ‖_F ≤ 5·n·u·‖A‖_F on the test gallery, more for badly graded matrices
 * unless `balance` is off; an eigenvalue is off by its condition number times that at most.
 * @cost about 25·n³ multiply-adds with right vectors, complex or real as the matrix is; five complex matrices of memory.
 * @source docs/linalg-eig.md gives formulas and papers.
 * @throws ShapeError unless a is square. @throws NonFiniteError naming an element that is not finite.
 * @throws DomainError if an eigenvalue overflows.
 * @throws CapacityError if the work does not fit the memory. @throws ConvergenceError after `maxSweeps` sweeps.
 * @example
 * const { values } = eig(backend, Matrix.fromRows([[0, 1], [-1, 0]])); // ±i: [0, 1, 0, -1]
 */
export function eig(backend: Backend, a: AnyMatrix, options: EigOptions = {}): Eigen {
  const { vectors = 'none', conditionNumbers = false, balance = true, onFailure = 'throw' } = options;
  checkSquare('eig', a);
  checkChoice('eig', 'vectors', vectors, ['none', 'right', 'left', 'both']);
  checkChoice('eig', 'onFailure', onFailure, ['throw', 'report']);
  const n = a.rows;
  const limit = sweepLimit('eig', n, options.maxSweeps);
  const wantRight = conditionNumbers || vectors === 'right' || vectors === 'both';
  const wantLeft = conditionNumbers || vectors === 'left' || vectors === 'both';
  const basis = wantRight || wantLeft;
  const real = a.field === 'real';
  const space = new EigenWorkspace('eig', backend, n, {
    complex: (real ? 0 : 2) + (basis ? (real ? 5 : 3) : 0),
    real: real ? 3 : 0,
  });
  return backend.memory.scope(() => {
    const loaded = space.load('eig', a);
    const form = schurForm(space, loaded, real ? 1 : 2, { balance, basis, limit });
    const values = real ? space.blockDiagonal(form.t, loaded.exponent) : space.diagonal(form.t, loaded.exponent);
    checkRepresentable('eig', values);
    const report = { converged: n - form.failed, sweeps: form.sweeps, backend: backend.kind };
    if (form.failed > 0) {
      if (onFailure === 'report') return { values, ...report };
      throw unconverged('eig', n, report.converged, report.sweeps);
    }
    if (form.q === null) return { values, ...report };

    const complex = real ? complexForm(space, form, form.q) : { ...form, q: form.q };
    const solver = vectorSolver(space, complex);
    const right = wantRight ? solver(false) : undefined;
    const rightMatrix = right !== undefined && wants(vectors, 'right') ? space.unload(right.block) : undefined;
    const left = wantLeft ? solver(true) : undefined;
    const leftMatrix = left !== undefined && wants(vectors, 'left') ? space.unload(left.block) : undefined;
    if (real) for (const matrix of [rightMatrix, leftMatrix]) if (matrix !== undefined) makeConjugate(matrix, values);
    return {
      values,
      ...(rightMatrix === undefined ? {} : { right: rightMatrix }),
      ...(leftMatrix === undefined ? {} : { left: leftMatrix }),
      ...(conditionNumbers ? { conditionNumbers: reciprocals(right!.pivots.view(), left!.pivots.view()) } : {}),
      ...report,
    };
  });
}

function wants(vectors: NonNullable<EigOptions['vectors']>, side: 'right' | 'left'): boolean {
  return vectors === 'both' || vectors === side;
}

interface Vectors {
  readonly block: Block<'f64'>;
  readonly pivots: Block<'f64'>;
}

/** Computes one set of vectors per call; the block is the same each time. */
function vectorSolver(
  space: EigenWorkspace,
  form: SchurForm & { readonly q: Block<'f64'> },
): (left: boolean) => Vectors {
  const { n, backend } = space;
  const [block, rows] = [space.matrix(2), space.matrix(2, 3)];
  return (left) => {
    const pivots = space.numbers(n);
    backend.kernels.complexEigenvectors({
      t: form.t,
      q: form.q,
      ld: space.ld(2),
      n,
      left,
      lo: form.lo,
      hi: form.hi,
      scale: form.scale,
      vectors: block,
      pivots,
      rows,
      square: form.spare,
      work: form.work,
    });
    return { block, pivots };
  };
}

/** 1/|y*x| from the two vectors' pivots, at least 1. */
function reciprocals(right: Float64Array, left: Float64Array): Float64Array {
  return right.map((pivot, k) => Math.max(1, 1 / (pivot * left[k]!)));
}
