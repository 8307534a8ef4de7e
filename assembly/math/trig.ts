/** Sine and cosine, one value and two lanes at a time. Mathematics and source: src/math/trig.ts. */
import { at, put, putVector, vectorAt } from '../layout';
import { choose, constant } from '../simd';

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

// prettier-ignore
const TABLE: usize = memory.data<f64>([
  0.6366197723675814, 0.6366197723675814,
  6755399441055744.0, 6755399441055744.0,
  1.5707963267341256, 1.5707963267341256,
  6.077100506303966e-11, 6.077100506303966e-11,
  2.0222662487959506e-21, 2.0222662487959506e-21,
  0.5, 0.5,
  1.0, 1.0,
  1.0 / 355687428096000.0, 1.0 / 355687428096000.0,
  1.0 / 1307674368000.0, 1.0 / 1307674368000.0,
  1.0 / 6227020800.0, 1.0 / 6227020800.0,
  1.0 / 39916800.0, 1.0 / 39916800.0,
  1.0 / 362880.0, 1.0 / 362880.0,
  1.0 / 5040.0, 1.0 / 5040.0,
  1.0 / 120.0, 1.0 / 120.0,
  1.0 / 6.0, 1.0 / 6.0,
  -1.0 / 6402373705728000.0, -1.0 / 6402373705728000.0,
  1.0 / 20922789888000.0, 1.0 / 20922789888000.0,
  1.0 / 87178291200.0, 1.0 / 87178291200.0,
  1.0 / 479001600.0, 1.0 / 479001600.0,
  1.0 / 3628800.0, 1.0 / 3628800.0,
  1.0 / 40320.0, 1.0 / 40320.0,
  1.0 / 720.0, 1.0 / 720.0,
  1.0 / 24.0, 1.0 / 24.0,
], 16);

/** x·2/π moved so that its low bits are the nearest integer n. */
// @ts-ignore: decorator
@inline
function shiftedPair(x: v128): v128 {
  return f64x2.add(f64x2.mul(x, constant(TABLE, 0)), constant(TABLE, 1));
}

/** x − n·π/2. */
// @ts-ignore: decorator
@inline
function reducedPair(x: v128, shifted: v128): v128 {
  const n = f64x2.sub(shifted, constant(TABLE, 1));
  const r = f64x2.sub(x, f64x2.mul(n, constant(TABLE, 2)));
  return f64x2.sub(f64x2.sub(r, f64x2.mul(n, constant(TABLE, 3))), f64x2.mul(n, constant(TABLE, 4)));
}

// @ts-ignore: decorator
@inline
function sinPolynomialPair(r: v128, z: v128): v128 {
  let p = constant(TABLE, 7);
  p = f64x2.sub(f64x2.mul(p, z), constant(TABLE, 8));
  p = f64x2.add(f64x2.mul(p, z), constant(TABLE, 9));
  p = f64x2.sub(f64x2.mul(p, z), constant(TABLE, 10));
  p = f64x2.add(f64x2.mul(p, z), constant(TABLE, 11));
  p = f64x2.sub(f64x2.mul(p, z), constant(TABLE, 12));
  p = f64x2.add(f64x2.mul(p, z), constant(TABLE, 13));
  p = f64x2.sub(f64x2.mul(p, z), constant(TABLE, 14));
  return f64x2.add(r, f64x2.mul(r, f64x2.mul(p, z)));
}

// @ts-ignore: decorator
@inline
function cosPolynomialPair(z: v128): v128 {
  let q = constant(TABLE, 15);
  q = f64x2.add(f64x2.mul(q, z), constant(TABLE, 16));
  q = f64x2.sub(f64x2.mul(q, z), constant(TABLE, 17));
  q = f64x2.add(f64x2.mul(q, z), constant(TABLE, 18));
  q = f64x2.sub(f64x2.mul(q, z), constant(TABLE, 19));
  q = f64x2.add(f64x2.mul(q, z), constant(TABLE, 20));
  q = f64x2.sub(f64x2.mul(q, z), constant(TABLE, 21));
  q = f64x2.add(f64x2.mul(q, z), constant(TABLE, 22));
  const tail = f64x2.sub(f64x2.mul(constant(TABLE, 5), z), f64x2.mul(f64x2.mul(q, z), z));
  return f64x2.sub(constant(TABLE, 6), tail);
}

/** The polynomial that the quadrant's parity chooses, with the quadrant's sign. */
// @ts-ignore: decorator
@inline
function inQuadrant(sine: v128, cosine: v128, shifted: v128, quarter: i64): v128 {
  const quadrant = i64x2.add(shifted, i64x2.splat(quarter));
  // Minus bit 0 of the quadrant is a mask.
  const odd = i64x2.sub(i64x2.splat(0), v128.and(quadrant, i64x2.splat(1)));
  const sign = i64x2.shl(i64x2.shr_u(quadrant, 1), 63);
  return v128.xor(choose(odd, cosine, sine), sign);
}

/** Two lanes of {@link circular}, bit for bit. */
// @ts-ignore: decorator
@inline
function circularPair(x: v128, quarter: i64): v128 {
  const shifted = shiftedPair(x);
  const r = reducedPair(x, shifted);
  const z = f64x2.mul(r, r);
  return inQuadrant(sinPolynomialPair(r, z), cosPolynomialPair(z), shifted, quarter);
}

/** cosines[i] = cos x and sines[i] = sin x for two lanes, bit for bit {@link cos} and {@link sin}. */
// @ts-ignore: decorator
@inline
export function cosSinPair(x: v128, cosines: usize, sines: usize, i: i32): void {
  const shifted = shiftedPair(x);
  const r = reducedPair(x, shifted);
  const z = f64x2.mul(r, r);
  const sine = sinPolynomialPair(r, z);
  const cosine = cosPolynomialPair(z);
  putVector<f64>(cosines, i, inQuadrant(sine, cosine, shifted, 1));
  putVector<f64>(sines, i, inQuadrant(sine, cosine, shifted, 0));
}

/** dst[i] = sin src[i]. */
export function mapSin(src: usize, dst: usize, n: i32): void {
  let i = 0;
  for (; i + 2 <= n; i += 2) putVector<f64>(dst, i, circularPair(vectorAt<f64>(src, i), 0));
  for (; i < n; i++) put<f64>(dst, i, sin(at<f64>(src, i)));
}

/** dst[i] = cos src[i]. */
export function mapCos(src: usize, dst: usize, n: i32): void {
  let i = 0;
  for (; i + 2 <= n; i += 2) putVector<f64>(dst, i, circularPair(vectorAt<f64>(src, i), 1));
  for (; i < n; i++) put<f64>(dst, i, cos(at<f64>(src, i)));
}
