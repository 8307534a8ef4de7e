/**
 * Sine and cosine for |x| ≤ 10⁶: r = x − n·π/2 with n = round(2x/π) and π/2 in three parts of 33 bits (n·part is exact for
 * n < 2²⁰), then the Taylor polynomials of degree 17 (sin) and 18 (cos) on |r| ≤ π/4.
 *
 * @accuracy absolute error below 2.3e-16 for |x| ≤ 10⁶ (tests/unit/elementary.test.ts).
 * @source W. J. Cody and W. Waite, Software Manual for the Elementary Functions (1980).
 */
const TWO_OVER_PI = 0.6366197723675814;
const HALF_PI_1 = 1.5707963267341256;
const HALF_PI_2 = 6.077100506303966e-11;
const HALF_PI_3 = 2.0222662487959506e-21;
const ROUND = 6755399441055744;

function sinPolynomial(r: number): number {
  const z = r * r;
  let p = 1 / 355687428096000;
  p = p * z - 1 / 1307674368000;
  p = p * z + 1 / 6227020800;
  p = p * z - 1 / 39916800;
  p = p * z + 1 / 362880;
  p = p * z - 1 / 5040;
  p = p * z + 1 / 120;
  p = p * z - 1 / 6;
  return r + r * (p * z);
}

function cosPolynomial(r: number): number {
  const z = r * r;
  let p = -1 / 6402373705728000;
  p = p * z + 1 / 20922789888000;
  p = p * z - 1 / 87178291200;
  p = p * z + 1 / 479001600;
  p = p * z - 1 / 3628800;
  p = p * z + 1 / 40320;
  p = p * z - 1 / 720;
  p = p * z + 1 / 24;
  return 1 - (0.5 * z - p * z * z);
}

/** sin(x + quarter·π/2): quarter 0 is the sine, 1 the cosine. */
function circular(x: number, quarter: number): number {
  const n = x * TWO_OVER_PI + ROUND - ROUND;
  const r = x - n * HALF_PI_1 - n * HALF_PI_2 - n * HALF_PI_3;
  const quadrant = (n + quarter) & 3;
  const magnitude = (quadrant & 1) === 0 ? sinPolynomial(r) : cosPolynomial(r);
  return (quadrant & 2) === 0 ? magnitude : -magnitude;
}

export function sin(x: number): number {
  return circular(x, 0);
}

export function cos(x: number): number {
  return circular(x, 1);
}

/** dst[i] = sin src[i]. */
export function mapSin(src: Float64Array, dst: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) dst[i] = sin(src[i]!);
}

/** dst[i] = cos src[i]. */
export function mapCos(src: Float64Array, dst: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) dst[i] = cos(src[i]!);
}
