import { exp } from '../../math/exp.ts';
import { log } from '../../math/log.ts';

/** A number m·2^(512e) ≥ 0 as kernels leave it, in two neighbouring elements. */
export type ScaledNumber = readonly [mantissa: number, exponent: number];

const LN_UP_HIGH = 354.8913563489914;
const LN_UP_LOW = 9.770060437865409e-8;

/** ln of element pair i; −∞ for zero. */
export function logOfScaled(numbers: ArrayLike<number>, i = 0): number {
  const e = numbers[2 * i + 1]!;
  return e * LN_UP_HIGH + (log(numbers[2 * i]!) + e * LN_UP_LOW);
}

/** Element pair i as a double; 0 below the smallest double. */
export function valueOfScaled(numbers: ArrayLike<number>, i = 0): number {
  const e = numbers[2 * i + 1]!;
  if (e === 0) return numbers[2 * i]!;
  if (e === -1) return numbers[2 * i]! * 2 ** -512;
  return numbers[2 * i] === 0 ? 0 : exp(logOfScaled(numbers, i));
}

/** Whether pair i of a is larger than pair j of b. */
export function isLarger(a: ArrayLike<number>, i: number, b: ArrayLike<number>, j: number): boolean {
  const [m, e] = [a[2 * i]!, a[2 * i + 1]!];
  const [n, f] = [b[2 * j]!, b[2 * j + 1]!];
  if (m === 0 || n === 0) return m > n;
  return e > f || (e === f && m > n);
}

/** Pair i of numbers += (m, e). */
export function addScaled(numbers: Float64Array, i: number, [m, e]: ScaledNumber): void {
  if (m === 0) return;
  let sum = numbers[2 * i]!;
  let exponent = numbers[2 * i + 1]!;
  if (sum === 0 || e > exponent + 1) {
    sum = m;
    exponent = e;
  } else if (e === exponent) sum = sum + m;
  else if (e === exponent - 1) sum = sum + m * 2 ** -512;
  else if (e === exponent + 1) {
    sum = sum * 2 ** -512 + m;
    exponent = e;
  }
  if (sum >= 2 ** 256) {
    sum = sum * 2 ** -512;
    exponent = exponent + 1;
  }
  numbers[2 * i] = sum;
  numbers[2 * i + 1] = exponent;
}
