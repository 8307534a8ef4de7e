import type { Backend, BackendKind } from '../../backend/backend.ts';
import { ConvergenceError, DomainError } from '../../core/errors.ts';
import type { ResolventOf } from '../resolvent/resolvent.ts';
import { type StabilityRegion, type Sweep, sweepOf } from './regions.ts';
import { ResolventLevels } from './resolvent-levels.ts';
import { curveMinimum, outermost, pointsBetween } from './sweep-search.ts';

/** The largest Re z or |z| in the closed ε-pseudospectrum. */
export interface PseudospectralExtreme {
  /** The abscissa, or the radius. */
  readonly value: number;
  /** A point where it is attained: σ_min(point − A) = ε. */
  readonly point: readonly [re: number, im: number];
  /** ε that was asked for. */
  readonly epsilon: number;
  /** Searches along lines or circles. */
  readonly searches: number;
  /** n·u·‖A‖_F: ε should be well above. */
  readonly noise: number;
  /** Which implementation ran. */
  readonly backend: BackendKind;
}

/** σ_min below ε by this much, relatively, counts as inside. */
const INSIDE = 1e-10;
const MOST_SEARCHES = 100;

/**
 * The ε-pseudospectral abscissa α_ε(A) = max{Re z : σ_min(z − A) ≤ ε} = max{Re λ : λ an eigenvalue of A + E, ‖E‖ ≤ ε} by criss-cross: on
 * the vertical line at the best Re z so far, the intervals within the pseudospectrum are found; from the middle of each a horizontal
 * search goes right.
 *
 * @param epsilon from 0 (the spectral abscissa).
 * @throws DomainError for a bad epsilon; ConvergenceError after 100 searches; and what {@link smallestSingularValues} throws.
 * @accuracy the point is in the pseudospectrum of ε(1 + 1e-11), and the line through it leaves that of ε(1 − 1e-10) on its right, both up
 * to the noise, n·u·‖A‖_F, in ε; error of the value: that, times dα_ε/dε.
 * @cost some ten eigenvalue problems of order 2n: about 25·(2n)³ complex multiply-adds each.
 * @source J. V. Burke, A. S. Lewis, M. L. Overton, IMA J. Numer. Anal. 23 (2003) 359.
 * @example
 * const { value } = pseudospectralAbscissa(backend, Matrix.fromRows([[0, 1], [0, 0]]), 1); // √2
 */
export function pseudospectralAbscissa(backend: Backend, a: ResolventOf, epsilon: number): PseudospectralExtreme {
  return extreme('pseudospectralAbscissa', backend, a, epsilon, 'half-plane');
}

/**
 * The ε-pseudospectral radius ρ_ε(A) = max{|z| : σ_min(z − A) ≤ ε}: as {@link pseudospectralAbscissa}, on circles and rays.
 *
 * @throws, @accuracy, @cost as pseudospectralAbscissa, and one linear system of order 2n per circle.
 * @source E. Mengi, M. L. Overton, IMA J. Numer. Anal. 25 (2005) 648; the pencil on a circle is reduced by shift and invert (ours).
 */
export function pseudospectralRadius(backend: Backend, a: ResolventOf, epsilon: number): PseudospectralExtreme {
  return extreme('pseudospectralRadius', backend, a, epsilon, 'disc');
}

function extreme(
  where: string,
  backend: Backend,
  a: ResolventOf,
  epsilon: number,
  region: StabilityRegion,
): PseudospectralExtreme {
  if (!(epsilon >= 0 && epsilon < Number.POSITIVE_INFINITY)) {
    throw new DomainError(`${where}: epsilon must be a finite number of at least 0, but it is ${String(epsilon)}.`);
  }
  const levels = new ResolventLevels(where, backend, a);
  const found = crissCross(where, levels, sweepOf(where, region), epsilon);
  return { ...found, epsilon, noise: levels.noise, backend: backend.kind };
}

/** The largest level of the ε-pseudospectrum. */
export function crissCross(
  where: string,
  levels: ResolventLevels,
  sweep: Sweep,
  epsilon: number,
): Pick<PseudospectralExtreme, 'value' | 'point' | 'searches'> {
  let { level, along } = outermostEigenvalue(levels, sweep);
  if (epsilon === 0) return { value: level, point: sweep.point(level, along), searches: 0 };
  level = outermost(levels, sweep, along, epsilon, level);
  for (let searches = 1; searches <= MOST_SEARCHES; searches++) {
    let next = level;
    for (const here of middlesWithin(levels, sweep, level, epsilon)) {
      const reached = outermost(levels, sweep, here, epsilon, next);
      if (reached > next) [next, along] = [reached, here];
    }
    if (next === level) return { value: level, point: sweep.point(level, along), searches };
    level = next;
  }
  throw new ConvergenceError(
    `${where}: the search must settle within ${MOST_SEARCHES} lines, but it did not (value ${level} so far). Take a larger epsilon.`,
    { iterations: MOST_SEARCHES, converged: 0 },
  );
}

/** Two coordinates within every interval of the curve where σ_min < ε: its middle, and its least value. */
function middlesWithin(levels: ResolventLevels, sweep: Sweep, level: number, epsilon: number): number[] {
  const points = pointsBetween(sweep, level, levels.along(sweep, level, epsilon));
  const sigma = levels.sigma(points);
  const order = Array.from(sigma, (value, k) => ({ value, along: sweep.along(points[2 * k]!, points[2 * k + 1]!) }));
  order.sort((x, y) => x.along - y.along);
  const found: number[] = [];
  for (let first = 0; first < order.length; first++) {
    let last = first;
    let lowest = order[first]!;
    while (last < order.length && order[last]!.value < epsilon * (1 - INSIDE)) {
      if (order[last]!.value < lowest.value) lowest = order[last]!;
      last++;
    }
    if (last === first) continue;
    found.push((order[first]!.along + order[last - 1]!.along) / 2);
    if (last - first > 1) found.push(lowest.along);
    first = last;
  }
  return found;
}

/** The eigenvalue farthest out. */
export function outermostEigenvalue(
  { n, values }: ResolventLevels,
  sweep: Sweep,
): { readonly index: number; readonly level: number; readonly along: number } {
  let [index, level] = [0, Number.NEGATIVE_INFINITY];
  for (let k = 0; k < n; k++) {
    const own = sweep.level(values[2 * k]!, values[2 * k + 1]!);
    if (own > level) [index, level] = [k, own];
  }
  return { index, level, along: sweep.along(values[2 * index]!, values[2 * index + 1]!) };
}

/** How small a perturbation makes a stable matrix unstable. */
export interface StabilityDistance {
  /** min ‖E‖₂ over complex E such that A + E has an eigenvalue on the boundary; 0 if A itself is not stable. */
  readonly value: number;
  /** No perturbation smaller than this does, up to the noise. */
  readonly lower: number;
  /** The eigenvalue that comes to the boundary; of A itself where A is not stable. */
  readonly point: readonly [re: number, im: number];
  /** n·u·‖A‖_F: distances of this size are rounding. */
  readonly noise: number;
  /** Which implementation ran. */
  readonly backend: BackendKind;
}

/**
 * The distance to instability (complex stability radius): the least σ_min(z − A) on the imaginary axis, or on the unit circle.
 *
 * @throws DomainError for a bad region; and what {@link smallestSingularValues} throws.
 * @accuracy relative 1e-10 and an absolute n·u·‖A‖_F.
 * @cost some five eigenvalue problems of order 2n.
 * @source R. Byers, SIAM J. Sci. Stat. Comput. 9 (1988) 875; S. Boyd, V. Balakrishnan, Systems & Control Letters 15 (1990) 1.
 * @example
 * distanceToInstability(backend, Matrix.fromRows([[-1, 0], [0, -2]]), 'half-plane').value; // 1
 */
export function distanceToInstability(backend: Backend, a: ResolventOf, region: StabilityRegion): StabilityDistance {
  const where = 'distanceToInstability';
  const sweep = sweepOf(where, region);
  const levels = new ResolventLevels(where, backend, a);
  const { level, along } = outermostEigenvalue(levels, sweep);
  const frame = { noise: levels.noise, backend: backend.kind };
  if (level >= sweep.boundary) return { value: 0, lower: 0, point: sweep.point(level, along), ...frame };
  const { sigma, lower, re, im } = curveMinimum(levels, sweep, sweep.boundary);
  return { value: sigma, lower, point: [re, im], ...frame };
}
