import { exp } from '../../math/exp.ts';
import { log } from '../../math/log.ts';
import { type Bracket, type ConvexProblem, maximiseUnderChords } from './convex-bound.ts';
import { crissCross } from './pseudospectral-extremes.ts';
import type { Sweep } from './regions.ts';
import type { ResolventLevels } from './resolvent-levels.ts';
import { curveMinimum } from './sweep-search.ts';

/** What a search begins with. */
export interface KreissStart {
  /** ω(A) or a bound of the numerical radius: ‖(z − A)⁻¹‖ ≤ 1/(level − growth). */
  readonly growth: number;
  /** Where the search begins: the distance from the boundary. */
  readonly strip: number;
  /** A lower bound that is known. */
  readonly floor: number;
  readonly onProgress: ((share: number) => void) | undefined;
}

/** Curves and pseudospectra of one matrix on their way to its Kreiss constant. */
export class KreissSearch {
  readonly #where: string;
  readonly #levels: ResolventLevels;
  readonly #sweep: Sweep;
  readonly #growth: number;
  readonly #strip: number;
  readonly #floor: number;
  readonly #onProgress: KreissStart['onProgress'];
  readonly #found: { readonly level: number; readonly value: number; readonly point: readonly [number, number] }[] = [];

  constructor(where: string, levels: ResolventLevels, sweep: Sweep, { growth, strip, floor, onProgress }: KreissStart) {
    this.#where = where;
    this.#levels = levels;
    this.#sweep = sweep;
    this.#growth = growth;
    this.#strip = strip;
    this.#floor = floor;
    this.#onProgress = onProgress;
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
    const outside = Math.max(2 * this.#growth - boundary, 4 * this.#strip);
    const last = problem.evaluate(coordinate(boundary + outside));
    return maximiseUnderChords(problem, [first, last], this.#floor, tolerance, most, this.#heard(tolerance));
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
        const value = (level - boundary) / this.#levels.sigma(Float64Array.from(point))[0]!;
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
    return maximiseUnderChords(problem, [first, last], this.#floor, tolerance, most, this.#heard(tolerance));
  }

  /** Turns brackets into the share of the powers of ten between the first one's width and the tolerance. */
  #heard(tolerance: number): (lower: number, upper: number) => void {
    let first = Number.POSITIVE_INFINITY;
    return (lower, upper) => {
      const width = upper / lower - 1;
      if (first === Number.POSITIVE_INFINITY) first = width;
      const [whole, now] = [log(first / tolerance), log(first / Math.max(width, tolerance))];
      this.#onProgress?.(whole > 0 && now > 0 ? now / whole : 0);
    };
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
