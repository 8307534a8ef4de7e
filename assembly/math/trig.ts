/** Sine and cosine. Mathematics and source: src/backend/ts/math/trig.ts. */
import { at, put } from '../layout';

const TWO_OVER_PI: f64 = 0.6366197723675814;
const HALF_PI_1: f64 = 1.5707963267341256;
const HALF_PI_2: f64 = 6.077100506303966e-11;
const HALF_PI_3: f64 = 2.0222662487959506e-21;
const ROUND: f64 = 6755399441055744.0;

function sinPolynomial(r: f64): f64 {
  const z = r * r;
  let p: f64 = 1.0 / 355687428096000.0;
  p = p * z - 1.0 / 1307674368000.0;
  p = p * z + 1.0 / 6227020800.0;
  p = p * z - 1.0 / 39916800.0;
  p = p * z + 1.0 / 362880.0;
  p = p * z - 1.0 / 5040.0;
  p = p * z + 1.0 / 120.0;
  p = p * z - 1.0 / 6.0;
  return r + r * (p * z);
}

function cosPolynomial(r: f64): f64 {
  const z = r * r;
  let p: f64 = -1.0 / 6402373705728000.0;
  p = p * z + 1.0 / 20922789888000.0;
  p = p * z - 1.0 / 87178291200.0;
  p = p * z + 1.0 / 479001600.0;
  p = p * z - 1.0 / 3628800.0;
  p = p * z + 1.0 / 40320.0;
  p = p * z - 1.0 / 720.0;
  p = p * z + 1.0 / 24.0;
  return 1 - (0.5 * z - p * z * z);
}

/** sin(x + quarter·π/2): quarter 0 is the sine, 1 the cosine. */
function circular(x: f64, quarter: i32): f64 {
  const n = x * TWO_OVER_PI + ROUND - ROUND;
  const r = x - n * HALF_PI_1 - n * HALF_PI_2 - n * HALF_PI_3;
  const quadrant = (<i32>n + quarter) & 3;
  const magnitude = (quadrant & 1) == 0 ? sinPolynomial(r) : cosPolynomial(r);
  return (quadrant & 2) == 0 ? magnitude : -magnitude;
}

export function sin(x: f64): f64 {
  return circular(x, 0);
}

export function cos(x: f64): f64 {
  return circular(x, 1);
}

/** dst[i] = sin src[i]. */
export function mapSin(src: usize, dst: usize, n: i32): void {
  for (let i = 0; i < n; i++) put<f64>(dst, i, sin(at<f64>(src, i)));
}

/** dst[i] = cos src[i]. */
export function mapCos(src: usize, dst: usize, n: i32): void {
  for (let i = 0; i < n; i++) put<f64>(dst, i, cos(at<f64>(src, i)));
}
