import type { Backend, BackendKind } from '../../backend/backend.ts';
import { exp } from '../../backend/ts/math/exp.ts';
import { log } from '../../backend/ts/math/log.ts';
import { checkInteger } from '../../core/checks.ts';
import { DomainError } from '../../core/errors.ts';
import { spectralRadius } from '../eigen/spectrum.ts';
import { checkFiniteMatrix, checkSquare, matrixLike } from '../matrix/arguments.ts';
import type { AnyMatrix } from '../matrix/matrix.ts';
import { norm2, normFrobenius } from '../norms.ts';
import { type Bracket, type ConvexProblem, maximiseUnderChords } from './convex-bound.ts';
import { conditionedEigenvalues } from './eigenvalue-report.ts';
import { numericalRange } from './numerical-range.ts';
import { crissCross, outermostEigenvalue } from './pseudospectral-extremes.ts';
import { type StabilityRegion, type Sweep, sweepOf } from './regions.ts';
import { ResolventLevels } from './resolvent-levels.ts';
import { curveMinimum } from './sweep-search.ts';

/** Which of the two algorithms; each brackets the constant by itself. */
export type KreissMethod = 'curves' | 'pseudospectra';

export interface KreissOptions {
  /** upper ≤ (1 + tolerance)·lower, from 1e-9; unless given 1e-7, or 1e-3 where an eigenvalue lies on the boundary. */
  readonly tolerance?: number;
  /** `curves` (default): least σ_min on lines or circles. `pseudospectra`: abscissae or radii by criss-cross. */
  readonly method?: KreissMethod;
  /** Most lines, circles or pseudospectra; 500 unless given. */
  readonly maxSearches?: number;
  /** What to do with an unstable matrix: throw a DomainError that names the eigenvalue (default), or give ∞. */
  readonly unstable?: 'throw' | 'infinite';
  /** Discrete only: divide a by its spectral radius first. */
  readonly scale?: 'none' | 'spectral-radius';
}

/** A Kreiss constant between two bounds. */
export interface KreissConstant {
  readonly region: StabilityRegion;
  /** The larger of 1, its limit at infinity, and the largest value at a point; ∞ if the resolvent grows faster than the constant allows. */
  readonly value: number;
  readonly lower: number;
  /** No point beyond {@link certifiedFrom} gives more, up to the noise. */
  readonly upper: number;
  /** Where `value` is attained; null if only in the limit at infinity, or if it is ∞. */
  readonly point: readonly [re: number, im: number] | null;
  /**
   * The boundary's level (0 or 1) for a stable matrix. Where an eigenvalue lies on the boundary, to rounding, `upper` holds from this level
   * outwards only.
   */
  readonly certifiedFrom: number;
  /** Whether upper ≤ (1 + tolerance)·lower was reached. */
  readonly converged: boolean;
  readonly searches: number;
  /** Levels and the largest (level − boundary)·‖(z − A)⁻¹‖ on their curves, interleaved: lower bounds of transient growth. */
  readonly profile: Float64Array;
  readonly noise: number;
  readonly backend: BackendKind;
}

/** Eigenvalues on the boundary: distance of the first curve from it, relative to ‖A‖. */
const STRIP = 1e-6;
/** An eigenvalue farther beyond the boundary than this, relative to ‖A‖, is unstable however uncertain it is. */
const DOUBT = 1e-3;
/** If the value grows by this factor over a tenth of the distance, it grows without bound. */
const UNBOUNDED = 3;

/**
 * The Kreiss constant of the matrix exponential or of the powers of a stable matrix:
 *
 *     half-plane: K = sup_{Re z > 0} Re z · ‖(z − A)⁻¹‖,    K ≤ sup_{t ≥ 0} ‖e^{tA}‖ ≤ e·n·K,
 *     disc:       K = sup_{|z| > 1} (|z| − 1) · ‖(z − A)⁻¹‖,   K ≤ sup_{k ≥ 0} ‖Aᵏ‖ ≤ e·n·K.
 *
 * By Hadamard's three lines and three circles theorems the logarithm of M(x) = max_y ‖(x + iy − A)⁻¹‖ is a convex function of x, and
 * that of max_θ ‖(re^{iθ} − A)⁻¹‖ one of log r. Chords between values that are known bound it from above; so a few curves bracket K. Values
 * on curves come from eigenvalues of order 2n, with bounds of their own.
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
  const levels = new ResolventLevels(where, backend, matrix);
  const strip = stripOf(where, levels, sweep, matrix, unstable);
  const frame = { region, noise: levels.noise, backend: backend.kind };
  if (strip === null) return { ...infinite(sweep), ...frame };
  const tolerance = options.tolerance ?? (strip > 0 ? 1e-3 : 1e-7);
  const growth =
    region === 'half-plane' ? numericalRange(backend, matrix, 4).abscissa : growthOfPowers(backend, matrix);
  if (growth <= sweep.boundary) {
    const one = { value: 1, lower: 1, upper: 1, point: null, certifiedFrom: sweep.boundary, converged: true };
    return { ...one, searches: 0, profile: new Float64Array(), ...frame };
  }
  const search = new KreissSearch(where, levels, sweep, growth, strip);
  if (strip > 0 && search.growsWithoutBound()) return { ...infinite(sweep), ...frame };
  const found =
    method === 'curves' ? search.byCurves(tolerance, maxSearches) : search.byPseudospectra(tolerance, maxSearches);
  const { lower, upper, nodes } = found;
  return {
    value: lower,
    lower,
    upper,
    point: search.bestPoint(lower),
    certifiedFrom: sweep.boundary + strip,
    converged: upper <= lower * (1 + tolerance),
    searches: nodes.length,
    profile: search.profile(),
    ...frame,
  };
}

/** Curves and pseudospectra of one matrix on their way to its Kreiss constant. */
class KreissSearch {
  readonly #where: string;
  readonly #levels: ResolventLevels;
  readonly #sweep: Sweep;
  /** ω(A) or a bound of the numerical radius: ‖(z − A)⁻¹‖ ≤ 1/(level − growth). */
  readonly #growth: number;
  readonly #strip: number;
  readonly #found: { readonly level: number; readonly value: number; readonly point: readonly [number, number] }[] = [];

  constructor(where: string, levels: ResolventLevels, sweep: Sweep, growth: number, strip: number) {
    this.#where = where;
    this.#levels = levels;
    this.#sweep = sweep;
    this.#growth = growth;
    this.#strip = strip;
  }

  /** Whether the value grows like a negative power of the distance from the boundary. */
  growsWithoutBound(): boolean {
    const near = this.#onCurve(this.#sweep.boundary + this.#strip);
    const far = this.#onCurve(this.#sweep.boundary + 10 * this.#strip);
    return near.value > UNBOUNDED * far.value;
  }

  byCurves(tolerance: number, most: number): Bracket {
    const { boundary, period } = this.#sweep;
    const flat = period === null;
    const levelAt = (t: number) => (flat ? t : exp(t));
    const coordinate = (level: number) => (flat ? level : log(level));
    const problem: ConvexProblem = {
      evaluate: (t) => {
        const { value, lower } = this.#onCurve(levelAt(t));
        return { t, value, height: lower > 0 ? -log(lower) : Number.POSITIVE_INFINITY };
      },
      chord: (a, b) => {
        if (a.height === Number.POSITIVE_INFINITY || b.height === Number.POSITIVE_INFINITY)
          return { bound: Number.POSITIVE_INFINITY, at: (a.t + b.t) / 2 };
        const slope = (b.height - a.height) / (b.t - a.t);
        // The maximum of log(level − boundary) + slope·t.
        const peak = flat ? -1 / slope : -log(1 + 1 / slope);
        const at = slope < (flat ? 0 : -1) ? Math.min(b.t, Math.max(a.t, peak)) : b.t;
        const distance = levelAt(at) - boundary;
        return { bound: distance <= 0 ? 0 : distance * exp(a.height + slope * (at - a.t)), at };
      },
      tail: (t) => this.#beyond(levelAt(t)),
      further: (t) => coordinate(boundary + 4 * (levelAt(t) - boundary)),
    };
    const first = problem.evaluate(coordinate(boundary + this.#strip));
    const last = problem.evaluate(coordinate(2 * this.#growth));
    return maximiseUnderChords(problem, [first, last], 1, tolerance, most);
  }

  /**
   * The same constant as sup_ε (α_ε − 0)/ε or (ρ_ε − 1)/ε. M decreases, so its inverse is convex as well: α_ε and log ρ_ε are convex
   * functions of log ε.
   */
  byPseudospectra(tolerance: number, most: number): Bracket {
    const { boundary, period } = this.#sweep;
    const flat = period === null;
    const problem: ConvexProblem = {
      evaluate: (t) => {
        const epsilon = exp(t);
        const { value: level, point } = crissCross(this.#where, this.#levels, this.#sweep, epsilon);
        const value = (level - boundary) / epsilon;
        this.#found.push({ level, value, point });
        return { t, value, height: flat ? level : log(level) };
      },
      chord: (a, b) => {
        const slope = (b.height - a.height) / (b.t - a.t);
        const base = a.height - slope * a.t;
        // The maximum of (base + slope·t)e^{−t}, or of (e^{base + slope·t} − 1)e^{−t}.
        const peak = flat ? 1 - base / slope : slope < 1 ? (-log(1 - slope) - base) / slope : b.t;
        const at = Math.min(b.t, Math.max(a.t, peak));
        const level = base + slope * at;
        return { bound: ((flat ? level : exp(level)) - boundary) * exp(-at), at };
      },
      tail: (t) => 1 + (this.#growth - boundary) * exp(-t),
      further: (t) => t + log(4),
    };
    const start = curveMinimum(this.#levels, this.#sweep, boundary + this.#strip);
    const first = problem.evaluate(log(start.sigma));
    const last = problem.evaluate(Math.max(log(this.#growth - boundary), first.t + 1));
    return maximiseUnderChords(problem, [first, last], 1, tolerance, most);
  }

  bestPoint(value: number): readonly [number, number] | null {
    return this.#found.find((one) => one.value === value)?.point ?? null;
  }

  profile(): Float64Array {
    const sorted = this.#found.toSorted((x, y) => x.level - y.level);
    return Float64Array.from(sorted.flatMap(({ level, value }) => [level, value]));
  }

  #onCurve(level: number): { readonly value: number; readonly lower: number } {
    const { sigma, lower, re, im } = curveMinimum(this.#levels, this.#sweep, level);
    const distance = level - this.#sweep.boundary;
    const value = distance <= 0 ? 0 : distance / sigma;
    this.#found.push({ level, value, point: [re, im] });
    return { value, lower };
  }

  #beyond(level: number): number {
    const { boundary } = this.#sweep;
    if (level <= this.#growth) return Number.POSITIVE_INFINITY;
    return (level - boundary) / (level - this.#growth);
  }
}

/** 0 for a stable matrix; for one with eigenvalues on the boundary where curves begin; null for an unstable one that is to give ∞. */
function stripOf(
  where: string,
  levels: ResolventLevels,
  sweep: Sweep,
  a: AnyMatrix,
  unstable: 'throw' | 'infinite',
): number | null {
  const { level, along } = outermostEigenvalue(levels, sweep);
  const size = normFrobenius(a);
  if (level < sweep.boundary - levels.noise) return 0;
  const { values, uncertainty } = conditionedEigenvalues(levels.backend, a);
  let doubt = levels.noise;
  for (let k = 0; k < levels.n; k++) {
    const own = sweep.level(values[2 * k]!, values[2 * k + 1]!);
    if (own + uncertainty[k]! >= sweep.boundary) doubt = Math.max(doubt, 4 * uncertainty[k]!);
  }
  if (level <= sweep.boundary + Math.min(doubt, DOUBT * size))
    return Math.max(STRIP * size, Math.min(10 * doubt, 100 * STRIP * size));
  if (unstable === 'infinite') return null;
  const [re, im] = sweep.point(level, along);
  const [wanted, fault] =
    sweep.period === null ? ['real parts of at most 0', 'real part'] : ['moduli of at most 1', 'modulus'];
  throw new DomainError(
    `${where}: the eigenvalues of a must have ${wanted}, but ${re} ${im < 0 ? '−' : '+'} ${Math.abs(im)}i has ${fault} ${level}. ` +
      (sweep.period === null ? 'Shift a, or ask for infinite.' : 'Scale by the spectral radius, or ask for infinite.'),
  );
}

/** The smaller of ‖A‖ and a bound of the numerical radius. */
function growthOfPowers(backend: Backend, a: AnyMatrix): number {
  return Math.min(norm2(backend, a), numericalRange(backend, a).radius.upper);
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

function infinite(sweep: Sweep) {
  const value = Number.POSITIVE_INFINITY;
  const bounds = { value, lower: value, upper: value, point: null, certifiedFrom: sweep.boundary };
  return { ...bounds, converged: true, searches: 0, profile: new Float64Array() };
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
