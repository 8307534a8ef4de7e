import type { Backend } from '../../backend/backend.ts';
import { DomainError } from '../../core/errors.ts';
import {
  type AnyMatrix,
  type ContourLines,
  contourLines,
  decayTime,
  distanceToInstability,
  type KreissConstant,
  kreissConstant,
  pseudospectralAbscissa,
  pseudospectralRadius,
  rectangularSigmaMin,
  resolventGrid,
  type SpectralSummary,
  type StabilityDistance,
  type StabilityRegion,
  singularValues,
  spectralSummary,
  type TransientGrowth,
  transientExponentials,
  transientLowerBounds,
  transientPowers,
} from '../../linalg/index.ts';

/** Options of `analyseSpectrum`. */
export interface SpectrumOptions {
  /** Lines of the pseudospectral grid each way; unless given those of {@link SPECTRUM_DEFAULTS}. */
  readonly grid?: number;
  /** Real and imaginary parts of the grid; unless given those of the numerical range and an eighth more on each side, of a rectangular matrix 1.25·‖A‖ each way. */
  readonly re?: readonly [low: number, high: number];
  /** Imaginary parts of the grid; unless given as for `re`. */
  readonly im?: readonly [low: number, high: number];
  /** Levels ε for abscissae and radii; three powers of ten below ‖A‖ (of a zero matrix, below 1) unless given. */
  readonly epsilons?: readonly number[];
  /** Powers and time steps; unless given that of {@link SPECTRUM_DEFAULTS}. */
  readonly horizon?: number;
  /** Where the time of exponentials ends; unless given, where growth and decay are over ({@link decayTime}), or five times 1/(max Re λ). */
  readonly time?: number;
  /** Largest order for searches with eigenvalue problems of twice the order; unless given that of {@link SPECTRUM_DEFAULTS}. */
  readonly limit?: number;
  /** Parts done, also in fractions. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** σ_min(z − A) on a grid with its level lines. */
export interface GridPicture {
  /** Real parts of the columns, ascending. */
  readonly re: Float64Array;
  /** Imaginary parts of the rows, ascending. */
  readonly im: Float64Array;
  /** σ_min(z − A), row by row. */
  readonly sigmaMin: Float64Array;
  /** Level lines of it. */
  readonly contours: readonly ContourLines[];
}

/** Norms of powers or exponentials with bounds from the resolvent. */
export interface GrowthPicture {
  /** ‖Aᵏ‖ or ‖e^{tA}‖. */
  readonly growth: TransientGrowth;
  /** Lower bounds on the largest norm so far; null without a finite Kreiss constant. */
  readonly bounds: Float64Array | null;
  /** No norm at any time is above this, e·n·K by the Kreiss matrix theorem; null where the upper bound on K is ∞. */
  readonly ceiling: number | null;
}

/** Searches for one stability region. */
export interface StabilityPicture {
  /** Half-plane (e^{tA}) or disc (Aᵏ). */
  readonly region: StabilityRegion;
  /** The Kreiss constant, with its bounds. */
  readonly kreiss: KreissConstant;
  /** The distance to instability. */
  readonly distance: StabilityDistance;
}

/** All that `tmech spectra` shows of a matrix. */
export interface SpectrumReport {
  /** Number of rows. */
  readonly rows: number;
  /** Number of columns. */
  readonly columns: number;
  /** Largest first. */
  readonly singularValues: Float64Array;
  /** Null for a rectangular matrix, as are the parts below but the grid. */
  readonly summary: SpectralSummary | null;
  /** Null for a matrix with more columns than rows. */
  readonly grid: GridPicture | null;
  /** Null beyond the limit. */
  readonly extremes: readonly { readonly epsilon: number; readonly abscissa: number; readonly radius: number }[] | null;
  /** Kreiss constants and distances for both regions; null beyond the limit. */
  readonly stability: readonly StabilityPicture[] | null;
  /** Norms of powers; null for a rectangular matrix. */
  readonly powers: GrowthPicture | null;
  /** Norms of exponentials; null for a rectangular matrix. */
  readonly exponentials: GrowthPicture | null;
  /** What was left out and why. */
  readonly notes: readonly string[];
}

/** Lines of a grid each way: `fine` up to an order, `coarse` beyond it. */
interface GridLines {
  readonly upTo: number;
  readonly fine: number;
  readonly coarse: number;
}

/** What an analysis of a spectrum takes where nothing is said. */
export const SPECTRUM_DEFAULTS = {
  horizon: 50,
  /** Searches take eigenvalue problems of twice the order: at 128, twice the usual width of a head, some seconds. */
  limit: 128,
  grid: {
    square: { upTo: 200, fine: 100, coarse: 64 },
    /** Every point costs a decomposition. */
    rectangular: { upTo: 40, fine: 64, coarse: 24 },
  },
} as const;
const LEVELS = 8;
/** Shortest time span of exponentials, in units of 1/‖A‖. */
const TIMES = 20;
/** Shortest time span of growing exponentials, in units of 1/max Re λ. */
const E_FOLDS = 5;

/**
 * Spectrum, pseudospectra, stability and transient growth of any matrix.
 *
 * @throws what the functions of linalg that it calls throw; an unstable matrix is no error, its Kreiss constant is ∞.
 * @example
 * const picture = analyses.analyseSpectrum(backend, linalg.readMatrix(bytes, name));
 */
export function analyseSpectrum(backend: Backend, a: AnyMatrix, options: SpectrumOptions = {}): SpectrumReport {
  const { rows, columns } = a;
  const values = singularValues(backend, a);
  const frame = { rows, columns, singularValues: values };
  if (rows !== columns) return { ...frame, ...rectangular(backend, a, values[0] ?? 0, options) };
  const { horizon = SPECTRUM_DEFAULTS.horizon, limit = SPECTRUM_DEFAULTS.limit, onProgress } = options;
  const summary = spectralSummary(backend, a);
  const done = (parts: number) => onProgress?.(parts, 5);
  done(1);
  const norm = values[0]!;
  const grid = pictureOf(resolventGrid(backend, a, sidesOf(columns, options)));
  done(2);
  const searched = rows <= limit;
  const stability = searched
    ? (['half-plane', 'disc'] as const).map((region, k) =>
        stabilityOf(backend, a, region, (share) => done(2 + k + share)),
      )
    : null;
  done(4);
  const epsilons = options.epsilons ?? [1e-1, 1e-2, 1e-3].map((share) => share * (norm > 0 ? decadeOf(norm) : 1));
  const extremes = searched
    ? epsilons.map((epsilon) => ({
        epsilon,
        abscissa: pseudospectralAbscissa(backend, a, epsilon).value,
        radius: pseudospectralRadius(backend, a, epsilon).value,
      }))
    : null;
  const exponentials = exponentialsOf(backend, a, summary, options);
  done(5);
  return {
    ...frame,
    summary,
    grid,
    extremes,
    stability,
    powers: withBounds(transientPowers(backend, a, horizon), a.rows, stability?.[1]),
    exponentials: exponentials === null ? null : withBounds(exponentials, a.rows, stability?.[0]),
    notes: [
      ...(rows > limit
        ? [
            `Order ${rows} is above the limit of ${limit} for Kreiss constants, ε-abscissae and ε-radii: they are left out. A limit of ${rows} (--limit ${rows}) computes them, in a time that grows as the cube of the order.`,
          ]
        : []),
      ...(exponentials === null ? [`‖A‖ = ${norm} is too small for exponentials over times of 1/‖A‖.`] : []),
    ],
  };
}

function rectangular(backend: Backend, a: AnyMatrix, norm: number, options: SpectrumOptions) {
  const none = { summary: null, extremes: null, stability: null, powers: null, exponentials: null };
  if (a.rows < a.columns) {
    return { ...none, grid: null, notes: ['Pseudospectra of a rectangular matrix need more rows than columns.'] };
  }
  const sides = options.grid ?? linesFor(a.columns, SPECTRUM_DEFAULTS.grid.rectangular);
  const side = norm > 0 ? 1.25 * norm : 1;
  const whole = [-side, side] as const;
  const [re, im] = [options.re ?? whole, options.im ?? whole].map(([low, high]) =>
    Float64Array.from({ length: sides }, (_, k) => low + ((high - low) * k) / (sides - 1)),
  ) as [Float64Array, Float64Array];
  const points = Float64Array.from([...im].flatMap((y) => [...re].flatMap((x) => [x, y])));
  return { ...none, grid: pictureOf({ re, im, sigmaMin: rectangularSigmaMin(backend, a, points) }), notes: [] };
}

function linesFor(order: number, { upTo, fine, coarse }: GridLines): number {
  return order <= upTo ? fine : coarse;
}

function sidesOf(order: number, { grid = linesFor(order, SPECTRUM_DEFAULTS.grid.square), re, im }: SpectrumOptions) {
  return { nRe: grid, nIm: grid, ...(re === undefined ? {} : { re }), ...(im === undefined ? {} : { im }) };
}

/** Over the time given, or as long as growth and decay take: only for the shortest span where that overflows at the first step. */
function exponentialsOf(
  backend: Backend,
  a: AnyMatrix,
  summary: SpectralSummary,
  { time, horizon = SPECTRUM_DEFAULTS.horizon }: SpectrumOptions,
): TransientGrowth | null {
  if (time !== undefined) return transientExponentials(backend, a, time, horizon);
  const shortest = TIMES / summary.singularValues[0]!;
  if (!Number.isFinite(shortest)) return null;
  try {
    return transientExponentials(backend, a, endOf(backend, a, shortest, summary), horizon);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return transientExponentials(backend, a, shortest, horizon);
  }
}

/** Where the time of exponentials ends. */
function endOf(
  backend: Backend,
  a: AnyMatrix,
  shortest: number,
  { eigenvalues, abscissa, uncertainty }: SpectralSummary,
): number {
  const outermost = uncertainty.findIndex((_, k) => eigenvalues[2 * k] === abscissa);
  // The sign of an eigenvalue that is 0 but for rounding says nothing.
  if (!(Math.abs(abscissa) > uncertainty[outermost]!)) return shortest;
  return abscissa > 0 ? Math.max(shortest, E_FOLDS / abscissa) : (decayTime(backend, a, shortest) ?? shortest);
}

function pictureOf({ re, im, sigmaMin }: Omit<GridPicture, 'contours'>): GridPicture {
  return { re, im, sigmaMin, contours: contourLines({ re, im, sigmaMin }, levelsOf(sigmaMin)) };
}

/** Powers of ten that the grid crosses, the larger ones if they are many. */
function levelsOf(sigmaMin: Float64Array): number[] {
  let [low, high] = [Number.POSITIVE_INFINITY, 0];
  for (const sigma of sigmaMin) {
    if (sigma > 0) low = Math.min(low, sigma);
    high = Math.max(high, sigma);
  }
  const top = Math.floor(Math.log10(high));
  const count = Math.max(1, Math.min(LEVELS, top - Math.ceil(Math.log10(low)) + 1));
  return Array.from({ length: count }, (_, k) => Number(`1e${top - k}`));
}

/** The power of ten next to a positive number, in its logarithm. */
function decadeOf(x: number): number {
  return Number(`1e${Math.round(Math.log10(x))}`);
}

function stabilityOf(
  backend: Backend,
  a: AnyMatrix,
  region: StabilityRegion,
  onProgress: (share: number) => void,
): StabilityPicture {
  return {
    region,
    kreiss: kreissConstant(backend, a, region, { unstable: 'infinite', onProgress }),
    distance: distanceToInstability(backend, a, region),
  };
}

function withBounds(growth: TransientGrowth, n: number, stability: StabilityPicture | undefined): GrowthPicture {
  if (stability === undefined || !Number.isFinite(stability.kreiss.value))
    return { growth, bounds: null, ceiling: null };
  const { kreiss } = stability;
  return {
    growth,
    bounds: transientLowerBounds(kreiss, growth.times),
    ceiling: Number.isFinite(kreiss.upper) ? Math.E * n * kreiss.upper : null,
  };
}
