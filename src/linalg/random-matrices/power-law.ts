import { checkFinite, checkInteger } from '../../core/checks.ts';
import { DomainError } from '../../core/errors.ts';
import { checkWord64, fillUniform } from '../../core/philox.ts';
import { normalCdf } from '../../math/erf.ts';
import { log } from '../../math/log.ts';
import { COMPARISON_DEFAULTS } from './defaults.ts';
import { ascending } from './kolmogorov-smirnov.ts';
import { continuousLaw, discreteLaw, type Tail, type TailLaw } from './tail-laws.ts';

/** Power law of the numbers from x_min on: (α−1)/x_min·(x/x_min)^{−α}, or x^{−α}/ζ(α, x_min) of whole ones. */
export interface PowerLawTail {
  /** Exponent α > 1 of the density. */
  readonly alpha: number;
  /** (α−1)/√n; for whole numbers 1/√(n·Var ln x). */
  readonly standardError: number;
  /** Least number of the tail. */
  readonly xmin: number;
  /** Numbers in the tail. */
  readonly count: number;
  /** Kolmogorov–Smirnov distance within the tail. */
  readonly distance: number;
}

/** Likelihood of the power law against another law of the same tail. */
export interface LikelihoodRatio {
  /** Σ ln(p_power/p_other): negative where the other law fits better. */
  readonly ratio: number;
  /** Vuong's two-sided p-value: small means that the sign of the ratio can be trusted. */
  readonly pValue: number;
}

/** Why a power law should not be believed. */
export type PowerLawFlag =
  | 'whole-numbers'
  | 'few-tail-points'
  | 'bad-fit'
  | 'exponential-fits-better'
  | 'log-normal-fits-better';

/** A fitted power law, and what speaks for and against it. */
export interface PowerLawFit extends PowerLawTail {
  /** Share of samples drawn from the fitted law whose own fit is as bad or worse. */
  readonly pValue: number;
  /** Against an exponential law of the same tail. */
  readonly exponential: LikelihoodRatio;
  /** Against a log-normal law of the same tail. */
  readonly logNormal: LikelihoodRatio;
  /** Empty where nothing speaks against a power law. */
  readonly flags: readonly PowerLawFlag[];
}

/** Options of `fitPowerLaw`. */
export interface PowerLawOptions {
  /** Given cut-off; default: the one with the smallest distance. */
  readonly xmin?: number;
  /** Whether the numbers are whole, and the law is one of whole numbers. Default false. */
  readonly discrete?: boolean;
  /** Fewest numbers in a tail; default 10. */
  readonly leastTail?: number;
  /** Most cut-offs to try, evenly spaced in rank; default 200. */
  readonly candidates?: number;
  /** Synthetic samples for the goodness of fit; default 100, error of the p-value about 0.05 at most. */
  readonly bootstraps?: number;
  /** Default 0n. */
  readonly seed?: bigint;
}

/** Tails below this count say little. */
const FEW = 50;
/** A fit with a smaller p-value is rejected; so is one that an alternative beats at this level. */
const LEVEL = 0.1;

/**
 * Fits a power law to the tail of positive numbers: α by maximum likelihood for each cut-off, the cut-off by the smallest
 * Kolmogorov–Smirnov distance, goodness of fit by a semiparametric bootstrap that repeats the whole fit, and the likelihood ratio
 * against an exponential and a log-normal on the same tail. `flags` says what speaks against the fit: `whole-numbers` that the law is one
 * of real numbers and the tail has none but whole ones, for which α comes out wrong at small cut-offs.
 *
 * With `discrete` all laws are those of whole numbers: P(x) = x^{−α}/ζ(α, x_min), geometric, and the log-normal's share between x ± ½.
 *
 * @throws DomainError if there are fewer than `leastTail` different positive numbers, an option is out of range, or with `discrete` a
 *   positive number or the cut-off is not whole; NonFiniteError.
 * @accuracy α to its standard error; its bias is below that from 50 numbers on. As a maximum of the likelihood to 1e-10.
 * @cost candidates·n for each of bootstraps + 1 fits; with `discrete` some ten values of ζ for each cut-off, two for each different number
 *   and log x for each synthetic one.
 * @source A. Clauset, C. R. Shalizi, M. E. J. Newman, SIAM Rev. 51 (2009) 661; Q. H. Vuong, Econometrica 57 (1989) 307.
 * @example
 * const { alpha, flags } = fitPowerLaw(eigenvalues);
 */
export function fitPowerLaw(values: ArrayLike<number>, options: PowerLawOptions = {}): PowerLawFit {
  const where = 'fitPowerLaw';
  const {
    bootstraps = COMPARISON_DEFAULTS.bootstraps,
    seed = COMPARISON_DEFAULTS.seed,
    leastTail = 10,
    discrete = false,
    xmin,
  } = options;
  checkFinite(where, 'values', values);
  checkInteger(where, 'bootstraps', bootstraps, 1);
  checkInteger(where, 'leastTail', leastTail, 2);
  checkInteger(where, 'candidates', options.candidates ?? 200, 1);
  checkWord64(where, 'seed', seed);
  const sorted = ascending(Float64Array.from(values).filter((value) => value > 0));
  if (discrete) {
    for (const value of sorted) checkInteger(where, 'every positive number, which is discrete,', value, 1);
    if (xmin !== undefined) checkInteger(where, 'xmin', xmin, 1);
  }
  const law = discrete ? discreteLaw : continuousLaw;
  const fit = tailOf(law, sorted, options);
  if (fit === null) {
    throw new DomainError(
      `${where}: values must hold ${leastTail} positive numbers from the cut-off on, not all equal, but of ${values.length} values ${sorted.length} are positive. Give more of them or a lower cut-off.`,
    );
  }
  const tail = tailFrom(sorted, sorted.map(log), sorted.length - fit.count, fit.xmin);
  const own = law.logDensity(tail, fit.alpha);
  const exponential = likelihoodRatio(own, law.exponential(tail));
  const alternative = law.logNormal(tail);
  const logNormal = alternative === null ? { ratio: 0, pValue: 1 } : likelihoodRatio(own, alternative);
  const pValue = goodness(law, sorted, fit, { ...options, bootstraps, seed });
  const worse = ({ ratio, pValue: level }: LikelihoodRatio) => ratio < 0 && level < LEVEL;
  const flags: PowerLawFlag[] = [
    ...(!discrete && tail.values.every(Number.isInteger) ? (['whole-numbers'] as const) : []),
    ...(fit.count < FEW ? (['few-tail-points'] as const) : []),
    ...(pValue < LEVEL ? (['bad-fit'] as const) : []),
    ...(worse(exponential) ? (['exponential-fits-better'] as const) : []),
    ...(worse(logNormal) ? (['log-normal-fits-better'] as const) : []),
  ];
  return { ...fit, pValue, exponential, logNormal, flags };
}

/** The tail with the smallest distance, or null if there is none. `sorted` is ascending and positive. */
function tailOf(
  law: TailLaw,
  sorted: Float64Array,
  { xmin, leastTail = 10, candidates = 200 }: PowerLawOptions,
): PowerLawTail | null {
  const n = sorted.length;
  const logs = sorted.map(log);
  // Σ of the logarithms from k on.
  const sums = new Float64Array(n + 1);
  for (let k = n - 1; k >= 0; k--) sums[k] = sums[k + 1]! + logs[k]!;
  let best: PowerLawTail | null = null;
  for (const k of xmin === undefined ? startsOf(sorted, leastTail, candidates) : [firstFrom(sorted, xmin)]) {
    const count = n - k;
    if (count < leastTail) continue;
    const cut = xmin ?? sorted[k]!;
    if (!(sorted[n - 1]! > cut)) continue;
    const { alpha, standardError } = law.fit((sums[k]! - count * log(cut)) / count, count, cut);
    const least: number = best?.distance ?? Infinity;
    const distance = law.distance(tailFrom(sorted, logs, k, cut), alpha, least);
    if (distance < least) best = { alpha, standardError, xmin: cut, count, distance };
  }
  return best;
}

function tailFrom(sorted: Float64Array, logs: Float64Array, k: number, cut: number): Tail {
  return { values: sorted.subarray(k), logs: logs.subarray(k), cut };
}

/** Ranks at which different numbers begin, with at least `leastTail` from there on, thinned to `most`. */
function startsOf(sorted: Float64Array, leastTail: number, most: number): number[] {
  const starts: number[] = [];
  for (let k = 0; k <= sorted.length - leastTail; k++) if (k === 0 || sorted[k] !== sorted[k - 1]) starts.push(k);
  if (starts.length <= most) return starts;
  return Array.from({ length: most }, (_, i) => starts[Math.floor((i * starts.length) / most)]!);
}

function firstFrom(sorted: Float64Array, xmin: number): number {
  if (!(xmin > 0 && xmin < Infinity)) {
    throw new DomainError(`fitPowerLaw: xmin must be positive and finite, but it is ${String(xmin)}.`);
  }
  const k = sorted.findIndex((value) => value >= xmin);
  return k < 0 ? sorted.length : k;
}

/** Each synthetic number is from the law with the tail's share, otherwise one of the numbers below the cut-off. */
function goodness(
  law: TailLaw,
  sorted: Float64Array,
  fit: PowerLawTail,
  options: PowerLawOptions & { readonly bootstraps: number; readonly seed: bigint },
): number {
  const n = sorted.length;
  const below = n - fit.count;
  const uniform = new Float64Array(2 * n);
  let worse = 0;
  for (let sample = 0; sample < options.bootstraps; sample++) {
    fillUniform(uniform, options.seed, BigInt(sample), 0, 2 * n);
    const synthetic = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      const [which, u] = [uniform[2 * i]! * n, uniform[2 * i + 1]!];
      synthetic[i] = which < below ? sorted[Math.floor(u * below)]! : law.quantile(u, fit.alpha, fit.xmin);
    }
    const again = tailOf(law, synthetic.sort(), options);
    if (again === null || again.distance >= fit.distance) worse++;
  }
  return worse / options.bootstraps;
}

/** Vuong's test of two log densities on the same numbers. */
function likelihoodRatio(a: Float64Array, b: Float64Array): LikelihoodRatio {
  const n = a.length;
  const terms = a.map((value, i) => value - b[i]!);
  const ratio = terms.reduce((sum, value) => sum + value, 0);
  const variance = terms.reduce((sum, value) => sum + (value - ratio / n) * (value - ratio / n), 0) / n;
  if (variance === 0) return { ratio, pValue: 1 };
  return { ratio, pValue: 2 * normalCdf(-Math.abs(ratio) / Math.sqrt(n * variance)) };
}
