import { DomainError } from '../../core/errors.ts';
import { exp } from '../../math/exp.ts';
import { log } from '../../math/log.ts';

/** From here on six terms of the series give Γ(a + ½)/Γ(a) to u. */
const SERIES_FROM = 40;
const TINY = 1e-300;
const MOST_STEPS = 100_000;

/**
 * P(T > t) for Student's t with `degrees` degrees of freedom, ½·I_x(ν/2, ½) with x = ν/(ν + t²) for t ≥ 0.
 *
 * @throws DomainError for NaN, or unless degrees is positive and finite.
 * @accuracy relative 1e-11 while the value is above 1e-250 (tests/golden/distance-correlation.json).
 * @cost O(√ν) steps of a continued fraction.
 * @source NIST Digital Library of Mathematical Functions, 8.17.22 (fraction), 5.11.13 (Γ ratio).
 */
export function studentUpperTail(t: number, degrees: number): number {
  if (Number.isNaN(t)) throw new DomainError('studentUpperTail: t must be a number, but it is NaN.');
  if (!(degrees > 0 && degrees < Infinity)) {
    throw new DomainError(`studentUpperTail: degrees must be positive and finite, but it is ${String(degrees)}.`);
  }
  const half = 0.5 * tails(Math.abs(t), degrees);
  return t >= 0 ? half : 1 - half;
}

/** I_x(a, ½) with a = ν/2: both tails together. */
function tails(t: number, degrees: number): number {
  if (t === 0) return 1;
  if (t === Infinity) return 0;
  const a = degrees / 2;
  const ratio = (t * t) / degrees;
  const [x, y] = ratio < Infinity ? [1 / (1 + ratio), ratio / (1 + ratio)] : [0, 1];
  if (x === 0) return 0;
  // x^a·y^½/B(a, ½)
  const front = exp(-a * logOnePlus(ratio)) * Math.sqrt(y / Math.PI) * gammaRatio(a);
  if (x < (a + 1) / (a + 2.5)) return (front / a) * fraction(x, a, 0.5);
  return 1 - 2 * front * fraction(y, 0.5, a);
}

/** ln(1 + x), x ≥ 0: the rounding of 1 + x is divided out. */
function logOnePlus(x: number): number {
  const whole = 1 + x;
  if (whole === 1) return x;
  return whole === Infinity ? log(x) : (log(whole) * x) / (whole - 1);
}

/** Γ(a + ½)/Γ(a), by the recurrence up to where the series serves. */
function gammaRatio(a: number): number {
  let factor = 1;
  let z = a;
  for (; z < SERIES_FROM; z++) factor *= z / (z + 0.5);
  const w = 1 / z;
  const tail = 1 / 128 + w * (5 / 1024 + w * (-21 / 32768 + w * (-399 / 262144 + w * (869 / 4194304))));
  return factor * Math.sqrt(z) * (1 + w * (-1 / 8 + w * tail));
}

/** The continued fraction of I_x(a, b) by Lentz's method. */
function fraction(x: number, a: number, b: number): number {
  const away = (value: number): number => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= MOST_STEPS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    const change = d * c;
    result *= change;
    if (Math.abs(change - 1) < 1e-16) break;
  }
  return result;
}
