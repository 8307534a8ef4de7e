/**
 * The element above the diagonal of f([[a, t], [0, b]]) is t·f[a, b], f[a, b] = (f(b) − f(a))/(b − a) or f′(a): computed without the
 * cancellation of close a and b.
 *
 * @accuracy a few units in the last place, relative.
 * @source N. J. Higham, Functions of Matrices (2008), (10.42), (11.28) and (5.6) of N. J. Higham, L. Lin, SIAM J. Matrix Anal. Appl.
 * 32 (2011) 1056.
 */
import {
  artanh,
  exponentialOf,
  logarithmOf,
  minus,
  plus,
  quotient,
  type Scalar,
  scaled,
  sinch,
  sizeOf,
  times,
  unwinding,
} from './complex-scalars.ts';

/** exp[a, b]. */
export function exponentialDifference(a: Scalar, b: Scalar): Scalar {
  const difference = minus(b, a);
  if (sizeOf(difference) > 2) return quotient(minus(exponentialOf(b), exponentialOf(a)), difference);
  return times(exponentialOf(scaled(plus(a, b), 0.5)), sinch(scaled(difference, 0.5)));
}

/** log[a, b]; a, b ≠ 0. */
export function logarithmDifference(a: Scalar, b: Scalar): Scalar {
  const difference = minus(b, a);
  if (isApart(a, b)) return quotient(minus(logarithmOf(b), logarithmOf(a)), difference);
  if (sizeOf(difference) === 0) return quotient([1, 0], a);
  return quotient(scaled(halfLogarithm(a, b), 2), difference);
}

/** (x^p)[a, b] for 0 < p < 1; a, b ≠ 0. */
export function powerDifference(a: Scalar, b: Scalar, p: number): Scalar {
  const [logA, logB] = [logarithmOf(a), logarithmOf(b)];
  const difference = minus(b, a);
  if (isApart(a, b)) return quotient(minus(exponentialOf(scaled(logB, p)), exponentialOf(scaled(logA, p))), difference);
  if (sizeOf(difference) === 0) return scaled(exponentialOf(scaled(logA, p - 1)), p);
  const angle = scaled(halfLogarithm(a, b), p);
  const mean = exponentialOf(scaled(plus(logA, logB), 0.5 * p));
  return quotient(times(mean, times(scaled(angle, 2), sinch(angle))), difference);
}

/** Whether a and b are far enough apart for the quotient itself. */
function isApart(a: Scalar, b: Scalar): boolean {
  return sizeOf(minus(b, a)) > 0.5 * sizeOf(plus(a, b));
}

/** (ln b − ln a)/2 for close a and b. */
function halfLogarithm(a: Scalar, b: Scalar): Scalar {
  const [re, im] = artanh(quotient(minus(b, a), plus(a, b)));
  return [re, im + Math.PI * unwinding(minus(logarithmOf(b), logarithmOf(a)))];
}
