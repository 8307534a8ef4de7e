import type { Backend } from '../../backend/backend.ts';
import { inNameOf } from '../../core/errors.ts';
import { exp } from '../../math/exp.ts';
import { timesPowerOfTwo } from '../matrix/powers-of-two.ts';
import { pade, polynomialAt, positiveRoot, type Rational } from './pade.ts';
import { checkSequence, type Extrapolation, noiseOf, type VectorSequence, withinRange } from './sequence.ts';

/** A Borel–Padé sum, or why there is none. */
export type BorelPade =
  | { readonly value: number; readonly failure: null }
  | { readonly value: null; readonly failure: 'pole'; readonly pole: number }
  | { readonly value: null; readonly failure: 'overflow' };

/**
 * Borel–Padé sum of a scalar sequence of partial sums S_0, S_1, …: with a_0 = S_0, a_k = S_k − S_{k−1} and b_k = a_k/k!,
 *
 *     ∫_0^∞ e^{−t} P(t) dt,   P the Padé approximant of Σ b_k t^k.
 *
 * A pole of P on t > 0 leaves the integral without meaning; it is a failure that names the smallest one.
 *
 * @throws DomainError for no term, NonFiniteError.
 * @accuracy the quadrature to 1e-12 of ∫ e^{−t} |P(t)| dt; a pole within an angle of 1e-4 of the axis counts as on it. Whether the sum is
 * the limit is for the series to say.
 * @cost an eigenproblem of half the number of terms, and 600 values of P; about 60/angle of them for a pole next to the axis.
 * @source J. Zinn-Justin, Quantum Field Theory and Critical Phenomena (2002), ch. 42; quadrature: H. Takahasi, M. Mori, Publ. RIMS 9 (1974) 721.
 * @example
 * borelPade(backend, [1, 0, 2, -4]).value; // Σ (−1)^k k!: 0.5963…
 */
export function borelPade(backend: Backend, sums: ArrayLike<number>): BorelPade {
  const sequence = Array.from(sums, (sum) => [sum]);
  checkSequence('borelPade', sequence, 1);
  const { terms, exponent } = withinRange(sequence);
  const rounding = noiseOf(terms);
  const series = new Float64Array(terms.length);
  const noise = new Float64Array(terms.length);
  let factorial = 1;
  for (const [k, [sum]] of terms.entries() as Iterable<[number, number[]]>) {
    factorial *= Math.max(k, 1);
    series[k] = (k === 0 ? sum! : sum! - terms[k - 1]![0]!) / factorial;
    noise[k] = (2 * rounding) / factorial;
  }
  const rational = inNameOf('borelPade', () => pade(backend, series, noise));
  if (![...rational.numerator, ...rational.denominator].every(Number.isFinite))
    return { value: null, failure: 'overflow' };
  const pole = inNameOf('borelPade', () => positiveRoot(backend, rational.denominator));
  if (pole !== null) return { value: null, failure: 'pole', pole };
  const value = timesPowerOfTwo(laplace(rational), exponent);
  return Number.isFinite(value) ? { value, failure: null } : { value: null, failure: 'overflow' };
}

/** {@link borelPade} of every component; one that fails keeps its last value and is counted. */
export function borelPadeOfSequence(backend: Backend, sequence: VectorSequence): Extrapolation {
  const n = checkSequence('borelPadeOfSequence', sequence, 1);
  let fallbacks = 0;
  const value = Float64Array.from({ length: n }, (_, i) => {
    const { value: sum } = borelPade(
      backend,
      sequence.map((term) => term[i]!),
    );
    if (sum !== null) return sum;
    fallbacks++;
    return sequence.at(-1)![i]!;
  });
  return { value, order: Math.floor((sequence.length - 1) / 2), fallbacks };
}

/** First and last step, and range, of u in t = e^{u − e^{−u}}: e^{−t} dt has died out at both ends. */
const FIRST_STEP = 1 / 32;
const LAST_STEP = 2 ** -18;
const RANGE = [-4.2, 5] as const;

/** ∫_0^∞ e^{−t} p(t)/q(t) dt by the double exponential rule, whose step is halved until that changes nothing: the nearer a pole, the smaller. */
function laplace(rational: Rational): number {
  let step = FIRST_STEP;
  let { sum, size } = sumOverNodes(rational, RANGE[0], step);
  while (step > LAST_STEP) {
    const between = sumOverNodes(rational, RANGE[0] + step / 2, step);
    const change = Math.abs(between.sum - sum);
    sum += between.sum;
    size += between.size;
    step /= 2;
    if (!(change > 1e-14 * size)) break;
  }
  return sum * step;
}

/** Σ e^{−t} p(t)/q(t) dt/du over u = first, first + step, …, and the sum of its sizes. */
function sumOverNodes(
  { numerator, denominator }: Rational,
  first: number,
  step: number,
): { sum: number; size: number } {
  let [sum, size] = [0, 0];
  for (let k = 0; first + k * step <= RANGE[1]; k++) {
    const u = first + k * step;
    const decay = exp(-u);
    const t = exp(u - decay);
    const weight = exp(-t) * t * (1 + decay);
    if (weight === 0) continue;
    const term = (weight * polynomialAt(numerator, t)) / polynomialAt(denominator, t);
    sum += term;
    size += Math.abs(term);
  }
  return { sum, size };
}
