/**
 * Functions of complex numbers for the diagonals of triangular matrices, from the package's own elementary functions, so that every
 * engine gives the same bits. A number is a pair (re, im).
 */

import { firstQuadrantAngle } from '../../math/atan.ts';
import { divide, modulus, squareRoot } from '../../math/complex-pairs.ts';
import { exp } from '../../math/exp.ts';
import { log } from '../../math/log.ts';
import { cos, sin } from '../../math/trig.ts';

export type Scalar = readonly [re: number, im: number];

const pair = new Float64Array(2);

export const plus = ([a, b]: Scalar, [c, d]: Scalar): Scalar => [a + c, b + d];
export const minus = ([a, b]: Scalar, [c, d]: Scalar): Scalar => [a - c, b - d];
export const times = ([a, b]: Scalar, [c, d]: Scalar): Scalar => [a * c - b * d, a * d + b * c];
export const scaled = ([a, b]: Scalar, factor: number): Scalar => [a * factor, b * factor];
export const sizeOf = ([a, b]: Scalar): number => modulus(a, b);

/** a/b, b ≠ 0. */
export function quotient([a, b]: Scalar, [c, d]: Scalar): Scalar {
  divide(a, b, c, d, pair, 0);
  return [pair[0]!, pair[1]!];
}

/** The root in the right half-plane; of a negative number the one on the upper imaginary axis. */
export function rootOf([re, im]: Scalar): Scalar {
  squareRoot(re, im, pair, 0);
  return [pair[0]!, pair[1]!];
}

/** Angle in (−π, π]: π for every negative number, whatever the sign of its zero imaginary part. */
export function argumentOf([re, im]: Scalar): number {
  const acute = firstQuadrantAngle(Math.abs(im), Math.abs(re));
  const angle = re < 0 ? Math.PI - acute : acute;
  return im < 0 ? -angle : angle;
}

/** ln(1 + x) for x > −1. @source N. J. Higham, Accuracy and Stability of Numerical Algorithms (2002), problem 1.5. */
export function log1p(x: number): number {
  const sum = 1 + x;
  return sum === 1 ? x : (log(sum) * x) / (sum - 1);
}

/** The principal logarithm, ln|z| relative to its own size also near |z| = 1. */
export function logarithmOf(z: Scalar): Scalar {
  const [x, y] = [Math.max(Math.abs(z[0]), Math.abs(z[1])), Math.min(Math.abs(z[0]), Math.abs(z[1]))];
  const nearOne = x > 0.5 && x < 2;
  return [nearOne ? 0.5 * log1p((x - 1) * (x + 1) + y * y) : log(x) + 0.5 * log1p((y / x) ** 2), argumentOf(z)];
}

/** e^z, |im| ≤ 10⁶. */
export function exponentialOf([re, im]: Scalar): Scalar {
  const size = exp(re);
  return im === 0 ? [size, 0] : [size * cos(im), size * sin(im)];
}

/** (sinh z)/z, |im| ≤ 10⁶. */
export function sinch(z: Scalar): Scalar {
  if (sizeOf(z) < 1) {
    const square = times(z, z);
    let sum: Scalar = [1, 0];
    for (let k = 18; k > 0; k -= 2) sum = plus([1, 0], scaled(times(square, sum), 1 / (k * (k + 1))));
    return sum;
  }
  const [up, down] = [exponentialOf(z), exponentialOf([-z[0], -z[1]])];
  return quotient(scaled(minus(up, down), 0.5), z);
}

/** artanh z for |z| ≤ 1/2: ½ ln((1+z)/(1−z)). */
export function artanh([x, y]: Scalar): Scalar {
  const re = 0.25 * log1p((4 * x) / ((1 - x) * (1 - x) + y * y));
  return [re, 0.5 * argumentOf([(1 - x) * (1 + x) - y * y, 2 * y])];
}

/** The k with z − 2πik in the strip −π < Im ≤ π: the unwinding number of e^z. */
export function unwinding([, im]: Scalar): number {
  return Math.ceil((im - Math.PI) / (2 * Math.PI));
}
