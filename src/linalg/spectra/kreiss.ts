import type { Backend, BackendKind } from '../../backend/backend.ts';
import { checkInteger } from '../../core/checks.ts';
import { DomainError } from '../../core/errors.ts';
import { schur } from '../eigen/schur.ts';
import { spectralRadius } from '../eigen/spectrum.ts';
import { checkFiniteMatrix, checkSquare, matrixLike } from '../matrix/arguments.ts';
import type { AnyMatrix } from '../matrix/matrix.ts';
import { norm2, normFrobenius } from '../norms.ts';
import { type BoundaryResolvent, boundaryCensus, boundaryResolvent } from './boundary-eigenvalues.ts';
import { KreissSearch } from './kreiss-search.ts';
import { numericalRange } from './numerical-range.ts';
import { outermostEigenvalue } from './pseudospectral-extremes.ts';
import { type StabilityRegion, type Sweep, sweepOf } from './regions.ts';
import { ResolventLevels } from './resolvent-levels.ts';
import { curveMinimum } from './sweep-search.ts';

/** Which of the two algorithms; each brackets the constant by itself. */
export type KreissMethod = 'curves' | 'pseudospectra';

/** Options of `kreissConstant`. */
export interface KreissOptions {
  /** upper ≤ (1 + tolerance)·lower, from 1e-9; unless given 1e-7, or 1e-3 where an eigenvalue lies within 1e-6·‖A‖_F of the boundary. */
  readonly tolerance?: number;
  /** `curves` (default): least σ_min on lines or circles. `pseudospectra`: abscissae or radii by criss-cross. */
  readonly method?: KreissMethod;
  /** Most lines, circles or pseudospectra; 500 unless given. */
  readonly maxSearches?: number;
  /** What to do with an unstable matrix: throw a DomainError that names the eigenvalue (default), or give ∞. */
  readonly unstable?: 'throw' | 'infinite';
  /** Discrete only: divide a by its spectral radius first. */
  readonly scale?: 'none' | 'spectral-radius';
  /** Hears after every search which share of the way is done, from 0 to 1, by the width of the bracket: an estimate. */
  readonly onProgress?: (share: number) => void;
}

/** A Kreiss constant between two bounds. */
export interface KreissConstant {
  /** Half-plane (e^{tA}) or disc (Aᵏ). */
  readonly region: StabilityRegion;
  /**
   * The largest of 1, which is the limit at infinity, of limits at eigenvalues on the boundary, and of values at points.
   * ∞ for an eigenvalue outside, and for one on the boundary that is defective to rounding.
   */
  readonly value: number;
  /** A value that some point or limit reaches, up to the noise: K is not below it. */
  readonly lower: number;
  /** No point gives more, up to the noise; ∞ where a perturbation of that size makes the matrix unstable, unless by a semisimple eigenvalue. */
  readonly upper: number;
  /** Where `value` is attained; null if only in a limit, or if it is ∞. */
  readonly point: readonly [re: number, im: number] | null;
  /** The eigenvalue on the boundary at which `value` is the limit, the norm of its spectral projector; null otherwise. */
  readonly limitAt: readonly [re: number, im: number] | null;
  /** Eigenvalues that lie on the boundary to rounding, interleaved: within 16·n·u·‖A‖_F times their condition numbers. */
  readonly onBoundary: Float64Array;
  /** The outermost eigenvalue outside beyond rounding, which makes `value` ∞; null if there is none. */
  readonly outside: readonly [re: number, im: number] | null;
  /** Whether upper ≤ (1 + tolerance)·lower was reached. */
  readonly converged: boolean;
  /** Lines, circles or pseudospectra searched. */
  readonly searches: number;
  /** Levels and the largest (level − boundary)·‖(z − A)⁻¹‖ on their curves, interleaved: lower bounds of transient growth. */
  readonly profile: Float64Array;
  /** n·u·‖A‖_F: distances of this size are rounding. */
  readonly noise: number;
  /** Which implementation ran. */
  readonly backend: BackendKind;
}

/** Nearer to the boundary than this, relative to ‖A‖_F, an eigenvalue keeps the value nearly constant over many powers of ten of distances. */
const NEAR = 1e-6;
/** Growth within this many n·u·‖A‖_F of the boundary, of a matrix with eigenvalues there, is none. */
const CONTRACTIVE = 4;

/**
 * The Kreiss constant of the matrix exponential or of the powers of a stable matrix:
 *
 *     half-plane: K = sup_{Re z > 0} Re z · ‖(z − A)⁻¹‖,    K ≤ sup_{t ≥ 0} ‖e^{tA}‖ ≤ e·n·K,
 *     disc:       K = sup_{|z| > 1} (|z| − 1) · ‖(z − A)⁻¹‖,   K ≤ sup_{k ≥ 0} ‖Aᵏ‖ ≤ e·n·K.
 *
 * By Hadamard's three lines and three circles theorems the logarithm of M(x) = max_y ‖(x + iy − A)⁻¹‖ is a convex function of x, and
 * that of max_θ ‖(re^{iθ} − A)⁻¹‖ one of log r. Chords between values that are known bound it from above; so a few curves bracket K. Values
 * on curves come from eigenvalues of order 2n, with bounds of their own. Near eigenvalues on the boundary the spectral projectors bound it.
 *
 * @throws DomainError naming the eigenvalue that makes a unstable, for a matrix that is empty, or bad options; ShapeError; NonFiniteError; and
 * what {@link smallestSingularValues} throws.
 * @accuracy lower ≤ K ≤ upper up to the relative effect of `noise` on σ_min at the point; upper ≤ (1 + tolerance)·lower if `converged`.
 * @cost 10 to 60 searches, each some four eigenvalue problems of order 2n.
 * @source H.-O. Kreiss, BIT 2 (1962) 153; M. N. Spijker, BIT 31 (1991) 551 (the factor e·n). Other globally convergent algorithms:
 * T. Mitchell, SIAM J. Matrix Anal. Appl. 41 (2020) 1944 (arXiv 1907.06537). Bounds by convexity are ours (docs/spectra.md).
 * @example
 * kreissConstant(backend, Matrix.fromRows([[0, 4], [0, 0]]), 'disc').value;
 */
export function kreissConstant(
  backend: Backend,
  a: AnyMatrix,
  region: StabilityRegion,
  options: KreissOptions = {},
): KreissConstant {
  const where = 'kreissConstant';
  const { method = 'curves', maxSearches = 500, unstable = 'throw', scale = 'none' } = options;
  const sweep = sweepOf(where, region);
  checkOptions(where, region, options.tolerance ?? 1e-7, method, unstable, scale);
  checkInteger(where, 'maxSearches', maxSearches, 4, 1e6);
  checkSquare(where, a);
  if (a.rows === 0) throw new DomainError(`${where}: a must have a row, but it is 0×0.`);
  checkFiniteMatrix(where, 'a', a);
  const matrix = scale === 'none' ? a : dividedByRadius(where, backend, a);
  const form = schur(backend, matrix);
  const levels = new ResolventLevels(where, backend, form);
  const { values } = levels;
  const { outside, on } = boundaryCensus(levels, sweep, form);
  if (outside !== null && unstable === 'throw') throw unstableAt(where, sweep, values, outside);
  const frame = {
    onBoundary: Float64Array.from(on.flatMap((k) => [values[2 * k]!, values[2 * k + 1]!])),
    outside: outside === null ? null : ([values[2 * outside]!, values[2 * outside + 1]!] as const),
    region,
    noise: levels.noise,
    backend: backend.kind,
  };
  if (outside !== null) return { ...without(Number.POSITIVE_INFINITY), ...frame };
  const growth =
    region === 'half-plane' ? numericalRange(backend, matrix, 4).abscissa : growthOfPowers(backend, matrix);
  if (growth <= sweep.boundary + (on.length === 0 ? 0 : CONTRACTIVE * levels.noise)) return { ...without(1), ...frame };
  const near = on.length === 0 ? null : boundaryResolvent(where, levels, sweep, form, on);
  if (near?.limit === Number.POSITIVE_INFINITY) return { ...without(near.limit), ...frame };
  const size = normFrobenius(matrix);
  const isNear = outermostEigenvalue(levels, sweep).level > sweep.boundary - NEAR * size;
  const tolerance = options.tolerance ?? (isNear ? 1e-3 : 1e-7);
  const strip = near === null ? clearOfNoise(levels, sweep) : stripOf(near, tolerance, size);
  const floor = Math.max(1, near?.limit ?? 1);
  const search = new KreissSearch(where, levels, sweep, { growth, strip, floor, onProgress: options.onProgress });
  const { nodes, ...found } =
    method === 'curves' ? search.byCurves(tolerance, maxSearches) : search.byPseudospectra(tolerance, maxSearches);
  const { lower } = found;
  const within = near === null ? (strip === 0 ? 0 : Number.POSITIVE_INFINITY) : near.limit + near.slope * strip;
  const upper = Math.max(found.upper, within);
  const point = search.bestPoint(lower);
  return {
    value: lower,
    lower,
    upper,
    point,
    limitAt: point === null && lower === near?.limit ? near.at : null,
    converged: upper <= lower * (1 + tolerance),
    searches: nodes.length,
    profile: search.profile(),
    ...frame,
  };
}

/** The first curve on which σ_min is more than noise, by its distance from the boundary: 0 unless rounding could make the matrix unstable. */
function clearOfNoise(levels: ResolventLevels, sweep: Sweep): number {
  for (let strip = 0; ; strip = Math.max(2 * strip, levels.noise, Number.MIN_VALUE)) {
    const { sigma } = curveMinimum(levels, sweep, sweep.boundary + strip);
    if (sigma > levels.noise) return strip;
  }
}

/** As far from the boundary as the bound there allows no more than a part of the tolerance; but beyond the doubt about the eigenvalues. */
function stripOf({ limit, slope, doubt }: BoundaryResolvent, tolerance: number, size: number): number {
  const allowed = slope === 0 ? size : (tolerance * limit) / (4 * slope);
  return Math.max(10 * doubt, Math.min(allowed, size));
}

/** The smaller of ‖A‖ and a bound of the numerical radius. */
function growthOfPowers(backend: Backend, a: AnyMatrix): number {
  const norm = norm2(backend, a);
  return norm <= 1 ? norm : Math.min(norm, numericalRange(backend, a).radius.upper);
}

function dividedByRadius(where: string, backend: Backend, a: AnyMatrix): AnyMatrix {
  const radius = spectralRadius(backend, a);
  if (radius > 0)
    return matrixLike<AnyMatrix>(
      a,
      a.rows,
      a.columns,
      a.data.map((x) => x / radius),
    );
  throw new DomainError(
    `${where}: the spectral radius of a must be positive to scale by it, but it is 0. Do not scale.`,
  );
}

/** A constant that is known without a search, in a limit. */
function without(value: number) {
  const limit = { value, lower: value, upper: value, point: null, limitAt: null };
  return { ...limit, converged: true, searches: 0, profile: new Float64Array() };
}

function unstableAt(where: string, sweep: Sweep, values: Float64Array, k: number): DomainError {
  const [re, im] = [values[2 * k]!, values[2 * k + 1]!];
  const [wanted, fault, advice] =
    sweep.period === null
      ? ['real parts of at most 0', 'real part', 'Shift a']
      : ['moduli of at most 1', 'modulus', 'Scale by the spectral radius'];
  return new DomainError(
    `${where}: the eigenvalues of a must have ${wanted}, but ${re} ${im < 0 ? '−' : '+'} ${Math.abs(im)}i has ${fault} ` +
      `${sweep.level(re, im)}. ${advice}, or ask for infinite.`,
  );
}

function checkOptions(
  where: string,
  region: StabilityRegion,
  tolerance: number,
  method: string,
  unstable: string,
  scale: string,
): void {
  if (!(tolerance >= 1e-9 && tolerance <= 1)) {
    throw new DomainError(`${where}: tolerance must be from 1e-9 to 1, but it is ${String(tolerance)}.`);
  }
  const choices: readonly (readonly [string, string, readonly string[]])[] = [
    ['method', method, ['curves', 'pseudospectra']],
    ['unstable', unstable, ['throw', 'infinite']],
    ['scale', scale, region === 'disc' ? ['none', 'spectral-radius'] : ['none']],
  ];
  for (const [name, value, allowed] of choices) {
    if (allowed.includes(value)) continue;
    throw new DomainError(`${where}: ${name} must be ${allowed.join(' or ')}, but it is ${String(value)}.`);
  }
}
