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
/** Width of the bracket about a crossing that is tried first, relative to the distance to its neighbours. */
const NARROW = 1e-7;
/** σ_min this near ε, relatively, is ε: it is not known better. */
const ON_LEVEL = 1e-13;

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
  const excess = (at: readonly number[]) =>
    levels.sigma(Float64Array.from(at.flatMap((level) => sweep.point(level, along)))).map((sigma) => sigma - epsilon);
  const middles = places.map((level, k) => (level + (places[k + 1] ?? from)) / 2);
  const k = excess(middles).findIndex((value) => value < 0);
  return k < 0 ? from : Math.max(from, crossing(excess, epsilon, middles[k]!, places[k]!, middles[k - 1] ?? null));
}

/**
 * The last level within the pseudospectrum on the way from `inside` to `outside`, near `place`: regula falsi after Illinois in a bracket that is
 * checked at every step. Without an `outside` steps away from `inside` double until σ_min ≥ ε, as it is far out.
 *
 * @source M. Dowell, P. Jarratt, BIT 11 (1971) 168.
 */
function crossing(
  excess: (levels: readonly number[]) => Float64Array,
  epsilon: number,
  inside: number,
  place: number,
  outside: number | null,
): number {
  let step = outside === null ? Math.max(place - inside, Math.abs(place) * 2 ** -50) : outside - inside;
  let [low, high] = [inside, inside + step];
  let [below = 0, above = 0] = excess([low, high]);
  while (outside === null && above < 0) {
    [low, below] = [high, above];
    step *= 2;
    high = inside + step;
    above = excess([high])[0]!;
  }
  // A narrow bracket about the place, where it holds.
  const near = NARROW * (high - low);
  const close = [place - near, place + near].filter((level) => level > low && level < high);
  excess(close).forEach((value, k) => {
    if (value < 0) [low, below] = [Math.max(low, close[k]!), value];
    else if (close[k]! < high) [high, above] = [close[k]!, value];
  });
  let last = 0;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const quotient = (low * above - high * below) / (above - below);
    const at = quotient > low && quotient < high ? quotient : (low + high) / 2;
    if (!(at > low && at < high)) break;
    const value = excess([at])[0]!;
    if (Math.abs(value) <= ON_LEVEL * epsilon) return at;
    const side = Math.sign(value);
    if (side < 0) {
      [low, below] = [at, value];
      if (side === last) above /= 2;
    } else {
      [high, above] = [at, value];
      if (side === last) below /= 2;
    }
    last = side;
  }
  return low;
}
