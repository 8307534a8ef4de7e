import type { Backend } from '../../backend/backend.ts';
import { checkInteger } from '../../core/checks.ts';
import { DomainError, inNameOf } from '../../core/errors.ts';
import { eig } from '../eigen/eig.ts';
import { checkSquare } from '../matrix/arguments.ts';
import type { AnyMatrix, Matrix } from '../matrix/matrix.ts';
import { normFrobenius } from '../norms.ts';
import { ellipticMatrix } from './ensembles.ts';
import { ascending, exceedance, ksDistance } from './kolmogorov-smirnov.ts';

/** Eigenvalues of a real n×n matrix against the elliptic law; the circular law is the case τ = 0. */
export interface EllipticLawFit {
  /** s² = ‖A‖²_F/n², the second moment of the entries. */
  readonly variance: number;
  /** τ = Σ_{i≠j} a_ij a_ji/Σ_{i≠j} a_ij². */
  readonly tau: number;
  /** s√n(1 + τ) along the real axis, s√n(1 − τ) along the imaginary one. */
  readonly semiAxes: readonly [number, number];
  /** ρ of each eigenvalue: 1 on the edge of the ellipse; in the order of the eigenvalues. */
  readonly radii: Float64Array;
  /** Eigenvalues with ρ > 1 + 3/√n, by index, farthest first. */
  readonly outliers: readonly number[];
  /** Kolmogorov–Smirnov distance of ρ from the uniform density on the ellipse, P(ρ ≤ r) = r². */
  readonly distance: number;
  /** Share of random elliptic matrices with this τ and such a distance for their size, or a larger one; they have at most 64 rows. */
  readonly pValue: number;
}

/** Options of `fitEllipticLaw`. */
export interface EllipticLawOptions {
  /** Eigenvalues, interleaved, if they are known. */
  readonly values?: Float64Array;
  /** Random matrices to compare with; default 39. */
  readonly surrogates?: number;
  /** Default 0n. */
  readonly seed?: bigint;
}

const MOST_ROWS = 64;
/** The ellipse of |τ| = 1 is a segment; radii need some width. */
const MOST_TAU = 0.99;

/**
 * Fits the elliptic law to a real square matrix: its eigenvalues, uniform on an ellipse if the entries are independent but for the pairs
 * (i, j), (j, i). A mean of the entries, or any other low-rank part, shows as outliers.
 *
 * @throws ShapeError unless a is square; DomainError for fewer than 2 rows, a matrix of zeros, or one that is (anti)symmetric to 1 %;
 * NonFiniteError, CapacityError, ConvergenceError as eig.
 * @accuracy τ to about 1/n.
 * @cost the eigenvalues, and those of the surrogates.
 * @source V. L. Girko, Theory Probab. Appl. 29 (1985) 694 and 30 (1986) 677; T. Tao, V. Vu, Ann. Probab. 38 (2010) 2023.
 */
export function fitEllipticLaw(
  backend: Backend,
  a: Matrix,
  { values, surrogates = 39, seed = 0n }: EllipticLawOptions = {},
): EllipticLawFit {
  checkSquare('fitEllipticLaw', a, 'Use fitMarchenkoPastur for rectangular matrices.');
  checkInteger('fitEllipticLaw', 'a.rows', a.rows, 2);
  checkInteger('fitEllipticLaw', 'surrogates', surrogates, 1);
  const fit = against(a, values ?? inNameOf('fitEllipticLaw', () => eig(backend, a)).values);
  const rows = Math.min(a.rows, MOST_ROWS);
  const random = Array.from({ length: surrogates }, (_, stream) => {
    const other = ellipticMatrix(rows, fit.tau, { seed, stream });
    return against(other, eig(backend, other).values).distance * Math.sqrt(rows);
  });
  // The edge is soft over a share 1/√n of the eigenvalues.
  return { ...fit, pValue: exceedance(fit.distance * Math.sqrt(a.rows), random) };
}

function against(a: Matrix, values: Float64Array): Omit<EllipticLawFit, 'pValue'> {
  const n = a.rows;
  const size = normFrobenius(a);
  if (size === 0) throw new DomainError('fitEllipticLaw: a must not vanish, but all its elements are 0.');
  const tau = pairCorrelation(a);
  if (Math.abs(tau) > MOST_TAU) {
    throw new DomainError(
      `fitEllipticLaw: a must not be symmetric or antisymmetric, but τ = ${tau.toFixed(4)}. Use eigh for symmetric matrices.`,
    );
  }
  const radius = size / Math.sqrt(n);
  const semiAxes = [radius * (1 + tau), radius * (1 - tau)] as const;
  const radii = Float64Array.from({ length: n }, (_, k) => {
    const [x, y] = [values[2 * k]! / semiAxes[0], values[2 * k + 1]! / semiAxes[1]];
    return Math.sqrt(x * x + y * y);
  });
  const far = 1 + 3 / Math.sqrt(n);
  const outliers = Array.from(radii.keys()).filter((k) => radii[k]! > far);
  outliers.sort((i, j) => radii[j]! - radii[i]!);
  const distance = ksDistance(ascending(radii), (r) => Math.min(1, r * r));
  return { variance: (radius * radius) / n, tau, semiAxes, radii, outliers, distance };
}

/** Σ_{i≠j} a_ij a_ji/Σ_{i≠j} a_ij², 0 for a diagonal matrix. */
function pairCorrelation({ rows: n, data }: AnyMatrix): number {
  let [pairs, squares] = [0, 0];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const [x, y] = [data[i * n + j]!, data[j * n + i]!];
      pairs += 2 * x * y;
      squares += x * x + y * y;
    }
  }
  return squares === 0 ? 0 : pairs / squares;
}
