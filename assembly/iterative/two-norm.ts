/** ‖x‖₂. Mathematics: src/backend/ts/iterative/two-norm.ts. */
import { at, vectorAt } from '../layout';

const SMALLEST_SQUARE: f64 = 1e-270;
const LARGEST_SQUARE: f64 = 1e300;

export function twoNorm(n: i32, x: usize): f64 {
  const squares = sumOfSquares(n, x, 1);
  if (squares >= SMALLEST_SQUARE && squares <= LARGEST_SQUARE) return sqrt<f64>(squares);
  let largest: f64 = 0;
  for (let i = 0; i < n; i++) if (abs<f64>(at<f64>(x, i)) > largest) largest = abs<f64>(at<f64>(x, i));
  if (largest == 0 || largest == Infinity) return squares + largest;
  return largest * sqrt<f64>(sumOfSquares(n, x, largest));
}

function sumOfSquares(n: i32, x: usize, unit: f64): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  let i = 0;
  if (unit == 1) {
    for (; i + 4 <= n; i += 4) {
      const u = vectorAt<f64>(x, i);
      const v = vectorAt<f64>(x, i + 2);
      low = f64x2.add(low, f64x2.mul(u, u));
      high = f64x2.add(high, f64x2.mul(v, v));
    }
  } else {
    const units = f64x2.splat(unit);
    for (; i + 4 <= n; i += 4) {
      const u = f64x2.div(vectorAt<f64>(x, i), units);
      const v = f64x2.div(vectorAt<f64>(x, i + 2), units);
      low = f64x2.add(low, f64x2.mul(u, u));
      high = f64x2.add(high, f64x2.mul(v, v));
    }
  }
  let s0 = f64x2.extract_lane(low, 0);
  let s1 = f64x2.extract_lane(low, 1);
  let s2 = f64x2.extract_lane(high, 0);
  const s3 = f64x2.extract_lane(high, 1);
  const rest = n - i;
  if (rest > 0) s0 += squareOf(at<f64>(x, i) / unit);
  if (rest > 1) s1 += squareOf(at<f64>(x, i + 1) / unit);
  if (rest > 2) s2 += squareOf(at<f64>(x, i + 2) / unit);
  return s0 + s1 + s2 + s3;
}

// @ts-ignore: decorator
@inline
function squareOf(x: f64): f64 {
  return x * x;
}
