import { exp } from '../../math/exp.ts';
import { log } from '../../math/log.ts';
import {
  discreteLogNormalLogDensity,
  exponentialLogDensity,
  geometricLogDensity,
  logNormalLogDensity,
} from './tail-alternatives.ts';
import { zetaSums } from './zeta-sums.ts';

/** Ascending numbers from a cut-off on, with their logarithms. */
export interface Tail {
  readonly values: Float64Array;
  readonly logs: Float64Array;
  readonly cut: number;
}

/** A power law from a cut-off on, as a density of real numbers or as probabilities of whole ones, with the laws it is held against. */
export interface TailLaw {
  /** α of the largest likelihood, and its standard error, from the mean of ln(x/x_min). */
  fit(meanLog: number, count: number, cut: number): { readonly alpha: number; readonly standardError: number };
  /** Kolmogorov–Smirnov distance; any number of at least `most` where it is that much. */
  distance(tail: Tail, alpha: number, most: number): number;
  /** The number below which the law has the share u. */
  quantile(u: number, alpha: number, cut: number): number;
  /** Logarithms of the density of the tail's numbers. */
  logDensity(tail: Tail, alpha: number): Float64Array;
  /** The same of an exponential law at its largest likelihood. */
  exponential(tail: Tail): Float64Array;
  /** The same of a log-normal law; null where its likelihood only grows towards the power law. */
  logNormal(tail: Tail): Float64Array | null;
}

/** p(x) = (α−1)/x_min·(x/x_min)^{−α} on x ≥ x_min. */
export const continuousLaw: TailLaw = {
  fit(meanLog, count) {
    const slope = 1 / meanLog;
    return { alpha: 1 + slope, standardError: slope / Math.sqrt(count) };
  },

  distance({ logs, cut }, alpha, most) {
    const start = log(cut);
    const n = logs.length;
    let distance = 0;
    for (let i = 0; i < n && distance < most; i++) {
      const share = 1 - exp(-(alpha - 1) * (logs[i]! - start));
      distance = Math.max(distance, (i + 1) / n - share, share - i / n);
    }
    return distance;
  },

  quantile: (u, alpha, cut) => cut * exp(-log(1 - u) / (alpha - 1)),

  logDensity({ values, cut }, alpha) {
    return values.map((value) => log((alpha - 1) / cut) - alpha * log(value / cut));
  },

  exponential: ({ values, cut }) => exponentialLogDensity(values, cut),

  logNormal: ({ values, cut }) =>
    logNormalLogDensity(
      values.map((value) => log(value / cut)),
      cut,
    ),
};

/** Sampled numbers stay below this. */
const LARGEST = Number.MAX_SAFE_INTEGER;

/**
 * P(x) = x^{−α}/ζ(α, x_min) on the whole numbers x ≥ x_min.
 *
 * @source A. Clauset, C. R. Shalizi, M. E. J. Newman, SIAM Rev. 51 (2009) 661, eqs. 2.4, 3.5, 3.6 and app. D.
 */
export const discreteLaw: TailLaw = {
  fit(meanLog, count, cut) {
    const alpha = exponentOf(meanLog, cut);
    // The variance of ln x is the derivative of its mean by −α.
    const step = 1e-4 * (alpha - 1);
    const variance = (meanLogOf(alpha - step, cut) - meanLogOf(alpha + step, cut)) / (2 * step);
    return { alpha, standardError: 1 / Math.sqrt(count * variance) };
  },

  distance({ values, cut }, alpha, most) {
    const n = values.length;
    const whole = zetaSums(alpha, cut).Z;
    let distance = 0;
    for (let i = 0; i < n && distance < most; ) {
      const value = values[i]!;
      // Both distribution functions are steps: they differ most before a number that occurs, or at it.
      const before = value === cut ? 0 : 1 - shareFrom(value, alpha, cut, whole);
      distance = Math.max(distance, Math.abs(before - i / n));
      while (i < n && values[i] === value) i++;
      const at = 1 - shareFrom(value + 1, alpha, cut, whole);
      distance = Math.max(distance, Math.abs(at - i / n));
    }
    return distance;
  },

  quantile(u, alpha, cut) {
    const whole = zetaSums(alpha, cut).Z;
    // The largest x with P(X ≥ x) > 1 − u, first between powers of two from the cut-off.
    const isAbove = (x: number) => shareFrom(x, alpha, cut, whole) > 1 - u;
    let [low, high] = [cut, cut + 1];
    for (let width = 1; high < LARGEST && isAbove(high); width *= 2)
      [low, high] = [high, Math.min(high + width, LARGEST)];
    while (high - low > 1) {
      const middle = Math.floor(low + (high - low) / 2);
      if (isAbove(middle)) low = middle;
      else high = middle;
    }
    return low;
  },

  logDensity({ values, cut }, alpha) {
    const normal = log(zetaSums(alpha, cut).Z);
    return values.map((value) => -alpha * log(value / cut) - normal);
  },

  exponential: ({ values, cut }) => geometricLogDensity(values, cut),

  logNormal: ({ values, cut }) => discreteLogNormalLogDensity(values, cut),
};

/** P(X ≥ x) from Z(α, x_min). */
function shareFrom(x: number, alpha: number, cut: number, whole: number): number {
  return (exp(-alpha * log(x / cut)) * zetaSums(alpha, x).Z) / whole;
}

/** Mean of ln(x/x_min) under the law. */
function meanLogOf(alpha: number, cut: number): number {
  const { Z, M } = zetaSums(alpha, cut);
  return M / Z;
}

/** The α whose law has this mean of ln(x/x_min), which falls with α; by false position in ln(α − 1). */
function exponentOf(meanLog: number, cut: number): number {
  const excess = (t: number) => meanLogOf(1 + exp(t), cut) - meanLog;
  // Clauset et al., eq. 3.7: near the solution, more so for larger cut-offs.
  const start = -log(meanLog + log(cut / (cut - 0.5)));
  let [low, high] = [start - 0.25, start + 0.25];
  for (let width = 0.5; excess(low) < 0; width *= 2) low -= width;
  for (let width = 0.5; excess(high) > 0; width *= 2) high += width;
  let [above, below] = [excess(low), excess(high)];
  for (let step = 0, side = 0; step < 100 && high - low > 1e-14; step++) {
    const t = (low * below - high * above) / (below - above);
    const value = excess(t);
    if (value === 0) return 1 + exp(t);
    if (value > 0) {
      [low, above] = [t, value];
      // A bound that stays twice gets half its weight (Illinois).
      if (side === 1) below /= 2;
      side = 1;
    } else {
      [high, below] = [t, value];
      if (side === -1) above /= 2;
      side = -1;
    }
  }
  return 1 + exp(Math.abs(above) < Math.abs(below) ? low : high);
}
