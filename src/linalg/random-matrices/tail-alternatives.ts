import { normalCdf } from '../../backend/ts/math/erf.ts';
import { exp } from '../../backend/ts/math/exp.ts';
import { log } from '../../backend/ts/math/log.ts';

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
