/**
 * Compensated sum and dot product. Mathematics and source: src/backend/ts/sums/compensated.ts. Two vectors are the four lanes.
 * Nothing here may be fused: the errors are those of separately rounded operations.
 */
import { at, put, seek } from '../layout';

const LANES: i32 = 4;
const SPLITTER: f64 = 134217729.0;

// @ts-ignore: decorator
@inline
function sumErrors(s: v128, t: v128, sum: v128): v128 {
  const z = f64x2.sub(sum, s);
  return f64x2.add(f64x2.sub(s, f64x2.sub(sum, z)), f64x2.sub(t, z));
}

// @ts-ignore: decorator
@inline
function productErrors(x: v128, y: v128, product: v128): v128 {
  const splitter = f64x2.splat(SPLITTER);
  const cx = f64x2.mul(splitter, x);
  const cy = f64x2.mul(splitter, y);
  const xHigh = f64x2.sub(cx, f64x2.sub(cx, x));
  const yHigh = f64x2.sub(cy, f64x2.sub(cy, y));
  const xLow = f64x2.sub(x, xHigh);
  const yLow = f64x2.sub(y, yHigh);
  const rest = f64x2.sub(f64x2.sub(product, f64x2.mul(xHigh, yHigh)), f64x2.mul(xLow, yHigh));
  return f64x2.sub(f64x2.mul(xLow, yLow), f64x2.sub(rest, f64x2.mul(xHigh, yLow)));
}

/** One more term, in both lanes: the new sums, and their errors added to `errors`. */
// @ts-ignore: decorator
@inline
function termAt(x: usize, y: usize, i: i32): v128 {
  const term = v128.load(seek<f64>(x, i));
  return y == 0 ? term : f64x2.mul(term, v128.load(seek<f64>(y, i)));
}

// @ts-ignore: decorator
@inline
function errorsAt(x: usize, y: usize, i: i32, s: v128, term: v128, sum: v128): v128 {
  const errors = sumErrors(s, term, sum);
  if (y == 0) return f64x2.add(errors, f64x2.splat(0));
  return f64x2.add(errors, productErrors(v128.load(seek<f64>(x, i)), v128.load(seek<f64>(y, i)), term));
}

/** `y` is a literal 0 for the sum. */
// @ts-ignore: decorator
@inline
function compensated(x: usize, y: usize, n: i32): f64 {
  const whole = n - n % LANES;
  let s0 = f64x2.splat(0), s1 = f64x2.splat(0), e0 = f64x2.splat(0), e1 = f64x2.splat(0);
  for (let i = 0; i < whole; i += LANES) {
    const t0 = termAt(x, y, i);
    const t1 = termAt(x, y, i + 2);
    const sum0 = f64x2.add(s0, t0);
    const sum1 = f64x2.add(s1, t1);
    e0 = f64x2.add(e0, errorsAt(x, y, i, s0, t0, sum0));
    e1 = f64x2.add(e1, errorsAt(x, y, i + 2, s1, t1, sum1));
    s0 = sum0;
    s1 = sum1;
  }
  let total = f64x2.splat(0);
  let error = f64x2.splat(0);
  for (let lane = 0; lane < LANES; lane++) {
    const s = lane < 2 ? s0 : s1;
    const e = lane < 2 ? e0 : e1;
    const swap = (lane & 1) == 1;
    const term = swap ? v128.shuffle<f64>(s, s, 1, 0) : s;
    const sum = f64x2.add(total, term);
    const own = swap ? v128.shuffle<f64>(e, e, 1, 0) : e;
    error = f64x2.add(error, f64x2.add(sumErrors(total, term, sum), own));
    total = sum;
  }
  for (let i = whole; i < n; i++) {
    const left = f64x2.splat(at<f64>(x, i));
    const right = y == 0 ? left : f64x2.splat(at<f64>(y, i));
    const term = y == 0 ? left : f64x2.mul(left, right);
    const sum = f64x2.add(total, term);
    const own = y == 0 ? f64x2.splat(0) : productErrors(left, right, term);
    error = f64x2.add(error, f64x2.add(sumErrors(total, term, sum), own));
    total = sum;
  }
  return f64x2.extract_lane(f64x2.add(total, error), 0);
}

export function compensatedSum(x: usize, n: i32, result: usize): void {
  put<f64>(result, 0, compensated(x, 0, n));
}

export function compensatedDot(x: usize, y: usize, n: i32, result: usize): void {
  put<f64>(result, 0, compensated(x, y, n));
}
