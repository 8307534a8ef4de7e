import type { Backend, BackendKind } from '../../backend/backend.ts';
import { DomainError } from '../../core/errors.ts';
import { modulus } from '../../math/complex-pairs.ts';
import { eig } from '../eigen/eig.ts';
import { schur } from '../eigen/schur.ts';
import { checkFiniteMatrix, checkSquare, matrixLike } from '../matrix/arguments.ts';
import { type AnyMatrix, ComplexMatrix } from '../matrix/matrix.ts';
import { exponentOf, largestOf, timesPowerOfTwo } from '../matrix/powers-of-two.ts';
import { normFrobenius } from '../norms.ts';
import { multiply } from '../products.ts';
import { singularValues } from '../svd/svd.ts';
import { asymmetry } from './asymmetry.ts';
import { conditionedEigenvalues } from './eigenvalue-report.ts';
import { type NumericalRange, numericalRange } from './numerical-range.ts';

/** What the spectrum of a square matrix looks like, and how far it can be trusted. */
export interface SpectralSummary {
  /** Order of the matrix. */
  readonly n: number;
  /** Eigenvalues, interleaved. */
  readonly eigenvalues: Float64Array;
  /** 1/|y*x| of each; ∞ for a defective one. */
  readonly conditionNumbers: Float64Array;
  /** How far a backward error of n·u·‖A‖_F moves each, to first order. */
  readonly uncertainty: Float64Array;
  /** Sets of eigenvalues that rounding cannot tell apart. */
  readonly clusters: readonly (readonly number[])[];
  /** max Re λ and max |λ|. */
  readonly abscissa: number;
  /** max |λ|, the spectral radius. */
  readonly radius: number;
  /** Largest first. */
  readonly singularValues: Float64Array;
  /** κ(V) = ‖V‖·‖V⁻¹‖ of the unit eigenvectors; ∞ if they are dependent. */
  readonly eigenvectorCondition: number;
  /** Departure from normality: 0 for a normal matrix. */
  readonly departure: {
    /** Henrici's: ‖A − diag‖_F in the Schur form, √(‖A‖_F² − Σ|λ|²). */
    readonly henrici: number;
    /** `‖A*A − AA*‖_F`. */
    readonly commutator: number;
    /** henrici/‖A‖_F, from 0 to 1. */
    readonly relative: number;
  };
  /** ‖A − A*‖_F/‖A‖_F, see {@link asymmetry}: 0 for a Hermitian matrix, 2 for an anti-Hermitian one. */
  readonly asymmetry: number;
  /** {x*Ax : ‖x‖ = 1}, with its abscissa and radius. */
  readonly numericalRange: NumericalRange;
  /** In words; empty if there is nothing to warn of. */
  readonly warnings: readonly string[];
  /** Which implementation ran. */
  readonly backend: BackendKind;
}

/** Eigenvalues uncertain by more than this share of ‖A‖ are warned of. */
const WARNING = 1e-6;

/**
 * Eigenvalues with their condition numbers, singular values, departure from normality, numerical range, and warnings where rounding has
 * spoilt the eigenvalues.
 *
 * @throws ShapeError unless a is square; DomainError if it is empty; NonFiniteError; and what {@link eig} and {@link svd} throw.
 * @accuracy backward stable, each; `uncertainty` says what that means for the eigenvalues.
 * @cost eig with all vectors, a Schur form, two sets of singular values, 64 Hermitian eigenvalue problems.
 * @source P. Henrici, Numer. Math. 4 (1962) 24; L. Elsner, M. H. C. Paardekooper, Linear Algebra Appl. 92 (1987) 107.
 * @example
 * const { warnings } = spectralSummary(backend, Matrix.fromRows([[0, 1], [0, 0]]));
 */
export function spectralSummary(backend: Backend, a: AnyMatrix): SpectralSummary {
  const where = 'spectralSummary';
  checkSquare(where, a);
  const n = a.rows;
  if (n === 0) throw new DomainError(`${where}: a must have a row, but it is 0×0.`);
  checkFiniteMatrix(where, 'a', a);
  const { values: eigenvalues, conditionNumbers, uncertainty, clusters } = conditionedEigenvalues(backend, a);
  let [abscissa, radius] = [Number.NEGATIVE_INFINITY, 0];
  for (let k = 0; k < n; k++) {
    abscissa = Math.max(abscissa, eigenvalues[2 * k]!);
    radius = Math.max(radius, modulus(eigenvalues[2 * k]!, eigenvalues[2 * k + 1]!));
  }
  const norm = normFrobenius(a);
  const strict = strictPart(schur(backend, a).t);
  return {
    n,
    eigenvalues,
    conditionNumbers,
    uncertainty,
    clusters,
    abscissa,
    radius,
    singularValues: singularValues(backend, a),
    eigenvectorCondition: vectorCondition(backend, a),
    asymmetry: asymmetry(a),
    departure: { henrici: strict, commutator: commutatorNorm(backend, a), relative: norm === 0 ? 0 : strict / norm },
    numericalRange: numericalRange(backend, a),
    warnings: warningsOf(norm, conditionNumbers, uncertainty, clusters),
    backend: backend.kind,
  };
}

/** ‖·‖_F above the diagonal: no difference of squares to cancel. */
function strictPart(t: ComplexMatrix): number {
  const copy = new ComplexMatrix(t.rows, t.rows, t.data.slice());
  for (let i = 0; i < t.rows; i++) copy.data.fill(0, 2 * i * (t.rows + 1), 2 * i * (t.rows + 1) + 2);
  return normFrobenius(copy);
}

function commutatorNorm(backend: Backend, a: AnyMatrix): number {
  const largest = largestOf(a.data);
  if (largest === 0) return 0;
  const exponent = exponentOf(largest);
  const scaled = matrixLike<AnyMatrix>(
    a,
    a.rows,
    a.rows,
    a.data.map((x) => timesPowerOfTwo(x, -exponent)),
  );
  const [left, right] = [
    multiply(backend, scaled, scaled, { opA: 'conjugate-transpose' }),
    multiply(backend, scaled, scaled, { opB: 'conjugate-transpose' }),
  ];
  const difference = matrixLike<AnyMatrix>(
    a,
    a.rows,
    a.rows,
    left.data.map((x, k) => x - right.data[k]!),
  );
  return timesPowerOfTwo(normFrobenius(difference), 2 * exponent);
}

function vectorCondition(backend: Backend, a: AnyMatrix): number {
  const sigma = singularValues(backend, eig(backend, a, { vectors: 'right' }).right!);
  return sigma[0]! / sigma.at(-1)!;
}

function warningsOf(
  norm: number,
  conditionNumbers: Float64Array,
  uncertainty: Float64Array,
  clusters: readonly (readonly number[])[],
): string[] {
  const warnings: string[] = [];
  const bad = uncertainty.reduce((count, doubt) => count + Number(doubt > WARNING * norm), 0);
  if (bad > 0) {
    const worst = uncertainty.reduce((high, doubt) => Math.max(high, doubt), 0);
    const kappa = conditionNumbers.reduce((high, one) => Math.max(high, one), 0);
    const moved = Number.isFinite(worst)
      ? `by up to about ${worst.toExponential(1)}`
      : 'without a first-order bound (defective)';
    warnings.push(
      `${bad} of ${uncertainty.length} eigenvalues are uncertain ${moved}: the largest condition number is ${kappa.toExponential(1)}.`,
    );
  }
  for (const set of clusters) {
    if (set.some((k) => uncertainty[k]! > WARNING * norm)) {
      warnings.push(`Rounding cannot tell ${set.length} eigenvalues apart (numbers ${listed(set)}): nearly defective.`);
    }
  }
  return warnings;
}

function listed(set: readonly number[]): string {
  return set.length <= 8 ? set.join(', ') : `${set.slice(0, 7).join(', ')}, …`;
}
