import { normalCdf } from '../../math/erf.ts';
import { exp } from '../../math/exp.ts';
import { log } from '../../math/log.ts';
import { minimum2 } from './minimum2.ts';

const LOG_ROOT_TWO_PI = 0.9189385332046727;

/** Log densities of λe^{−λ(x − x_min)} at its maximum likelihood. */
export function exponentialLogDensity(tail: Float64Array, xmin: number): Float64Array {
  const mean = tail.reduce((sum, value) => sum + (value - xmin), 0) / tail.length;
  return tail.map((value) => -log(mean) - (value - xmin) / mean);
}

/** Truncation points a in units of σ; beyond them the law is a power law, or is not truncated, to working accuracy. */
const FAR = 30;

/**
 * Log densities of a log-normal law on x ≥ x_min at its maximum likelihood, from y = ln(x/x_min); null where the likelihood only grows
 * towards the limit σ → ∞, which is the power law itself.
 *
 * ln x is a normal number truncated at a = (ln x_min − μ)/σ: with the hazard h = φ(a)/(1 − Φ(a)), E y = σ(h − a) and
 * E y² = σ²(1 − a(h − a)), so a solves E y²/(E y)² = (1 − a(h − a))/(h − a)², which rises with a from 1 to 2.
 *
 * @source A. C. Cohen, Ann. Math. Stat. 21 (1950) 557.
 */
export function logNormalLogDensity(y: Float64Array, xmin: number): Float64Array | null {
  const n = y.length;
  const mean = y.reduce((sum, value) => sum + value, 0) / n;
  const wanted = y.reduce((sum, value) => sum + value * value, 0) / n / (mean * mean);
  if (wanted >= momentRatio(FAR)) return null;
  let [low, high] = [-FAR, FAR];
  if (wanted <= momentRatio(low)) low = high = -1 / Math.sqrt(wanted - 1);
  for (let step = 0; step < 80 && high > low; step++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (momentRatio(middle) < wanted) low = middle;
    else high = middle;
  }
  const a = (low + high) / 2;
  const sigma = mean / (hazard(a) - a);
  const above = log(normalCdf(-a));
  return y.map((value) => {
    const z = value / sigma + a;
    return -value - log(xmin) - log(sigma) - LOG_ROOT_TWO_PI - 0.5 * z * z - above;
  });
}

function hazard(a: number): number {
  return exp(-0.5 * a * a - LOG_ROOT_TWO_PI) / normalCdf(-a);
}

function momentRatio(a: number): number {
  const gap = hazard(a) - a;
  return (1 - a * gap) / (gap * gap);
}

/** Log probabilities of the geometric law (1 − r) r^{x − x_min} on whole x ≥ x_min at its maximum likelihood. */
export function geometricLogDensity(tail: Float64Array, xmin: number): Float64Array {
  const mean = tail.reduce((sum, value) => sum + (value - xmin), 0) / tail.length;
  const [stop, go] = [-log(1 + mean), log(mean / (1 + mean))];
  return tail.map((value) => stop + (value - xmin) * go);
}

/**
 * Log probabilities of whole x ≥ x_min: the share that a log-normal law, cut at x_min − ½, has between x − ½ and x + ½, at its maximum
 * likelihood; null where that is the limit σ → ∞.
 */
export function discreteLogNormalLogDensity(tail: Float64Array, xmin: number): Float64Array | null {
  const start = log(xmin - 0.5);
  const logs = tail.map((value) => log(value));
  const n = tail.length;
  const mean = logs.reduce((sum, value) => sum + value, 0) / n;
  const counts = new Map<number, number>();
  for (const value of tail) counts.set(value, (counts.get(value) ?? 0) + 1);
  const edges = [...counts].map(([value, count]) => [log(value - 0.5), log(value + 0.5), count] as const);
  const density = (mu: number, sigma: number, low: number, high: number) =>
    logShare((low - mu) / sigma, (high - mu) / sigma) - logShare((start - mu) / sigma, Infinity);
  const cost = ([a, t]: readonly [number, number]) => {
    // a = (ln(x_min − ½) − μ)/σ keeps the two from running away together.
    const sigma = exp(t);
    const mu = start - a * sigma;
    return edges.reduce((sum, [low, high, count]) => sum - count * density(mu, sigma, low, high), 0);
  };
  const spread = Math.sqrt(logs.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n);
  const starts = [-2, 0, 4].map((a) => minimum2(cost, [a, log(spread * Math.max(1, 1 + a / 2))]));
  const [a, t] = starts.reduce((best, one) => (cost(one) < cost(best) ? one : best));
  if (a > FAR || !Number.isFinite(cost([a, t]))) return null;
  const sigma = exp(t);
  return tail.map((value) => density(start - a * sigma, sigma, log(value - 0.5), log(value + 0.5)));
}

/** ln(Φ(b) − Φ(a)), a < b. */
function logShare(a: number, b: number): number {
  return log(a > 0 ? normalCdf(-a) - normalCdf(-b) : normalCdf(b) - normalCdf(a));
}
