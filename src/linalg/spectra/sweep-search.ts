import type { Sweep } from './regions.ts';
import type { ResolventLevels } from './resolvent-levels.ts';

/** A point with the value of σ_min(z − A) there. */
export interface LevelPoint {
  readonly re: number;
  readonly im: number;
  readonly sigma: number;
}

/** The least σ_min(z − A) on a line or circle. */
export interface CurveMinimum extends LevelPoint {
  /** No point of the curve has a smaller σ_min, up to {@link ResolventLevels.noise}. */
  readonly lower: number;
}

/** Relative distance between the value found and the level that the curve does not reach. */
const GAP = 1e-10;
const MOST_ROUNDS = 60;
/** Relative step of the difference quotient by which a crossing is polished. */
const DIFFERENCE = 1e-6;

/** Points of a curve: one in every interval between neighbouring places, and the places themselves. */
export function pointsBetween(sweep: Sweep, level: number, places: readonly number[]): Float64Array {
  const sorted = [...places].sort((x, y) => x - y);
  const along = [...sorted];
  for (let k = 1; k < sorted.length; k++) along.push((sorted[k - 1]! + sorted[k]!) / 2);
  if (sweep.period !== null && sorted.length > 0) along.push((sorted.at(-1)! + sorted[0]! + sweep.period) / 2);
  return Float64Array.from([...new Set(along)].flatMap((at) => sweep.point(level, at)));
}

/**
 * The least σ_min(z − A) on the curve at `level`: levels just below the least value known are tried, and where the curve goes below
 * one, the middles of those intervals are the next points. Quadratically convergent.
 *
 * @source S. Boyd, V. Balakrishnan, Systems & Control Letters 15 (1990) 1; N. A. Bruinsma, M. Steinbuch, ibid. 14 (1990) 287.
 */
export function curveMinimum(levels: ResolventLevels, sweep: Sweep, level: number): CurveMinimum {
  const { values } = levels;
  const starts = Array.from({ length: levels.n }, (_, k) => sweep.along(values[2 * k]!, values[2 * k + 1]!));
  let best = least(levels, Float64Array.from(starts.flatMap((along) => sweep.point(level, along))));
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const target = best.sigma * (1 - GAP);
    if (best.sigma <= levels.noise) break;
    const next = least(levels, pointsBetween(sweep, level, levels.along(sweep, level, target)));
    if (!(next.sigma < target)) return { ...best, lower: target };
    best = next;
  }
  return { ...best, lower: 0 };
}

/** The point with the least σ_min; ∞ for no points. */
export function least(levels: ResolventLevels, points: Float64Array): LevelPoint {
  const sigma = levels.sigma(points);
  let [at, value] = [-1, Number.POSITIVE_INFINITY];
  for (let k = 0; k < sigma.length; k++) if (sigma[k]! < value) [at, value] = [k, sigma[k]!];
  return { re: points[2 * at] ?? Number.NaN, im: points[2 * at + 1] ?? Number.NaN, sigma: value };
}

/** The outermost level above `from` at which σ_min = ε at a fixed coordinate, or `from` if there is none. */
export function outermost(levels: ResolventLevels, sweep: Sweep, along: number, epsilon: number, from: number): number {
  const places = levels
    .across(sweep, along, epsilon)
    .filter((level) => level > from)
    .sort((x, y) => y - x);
  if (places.length === 0) return from;
  const middles = places.map((level, k) => (level + (places[k + 1] ?? from)) / 2);
  const sigma = levels.sigma(Float64Array.from(middles.flatMap((level) => sweep.point(level, along))));
  const k = sigma.findIndex((value) => value < epsilon);
  return k < 0 ? from : Math.max(from, polish(levels, sweep, along, epsilon, places[k]!));
}

/** Two Newton steps with a central difference quotient. */
function polish(levels: ResolventLevels, sweep: Sweep, along: number, epsilon: number, place: number): number {
  let level = place;
  for (let step = 0; step < 2; step++) {
    const h = DIFFERENCE * Math.max(Math.abs(level), epsilon);
    const points = [level - h, level, level + h].flatMap((at) => sweep.point(at, along));
    const [low = 0, here = 0, high = 0] = levels.sigma(Float64Array.from(points));
    const change = ((here - epsilon) * 2 * h) / (high - low);
    if (!(Math.abs(change) <= h)) return level;
    level -= change;
  }
  return level;
}
