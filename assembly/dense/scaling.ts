/** Scaling by a power of two. Mathematics: src/backend/ts/dense/scaling.ts. */
import { at, vectorAt } from '../layout';

// Powers of two by their bits.
const HUGE: f64 = reinterpret<f64>((1023 + 400) << 52);
const TINY: f64 = reinterpret<f64>((1023 - 400) << 52);
const LOW: f64 = reinterpret<f64>((1023 - 200) << 52);
const UP: f64 = reinterpret<f64>((1023 + 50) << 52);
const DOWN: f64 = reinterpret<f64>((1023 - 50) << 52);

export function largestSize(x: usize, n: i32): f64 {
  let pair = f64x2.splat(0);
  let i = 0;
  // The one that is not smaller: what is not a number never is.
  for (; i + 2 <= n; i += 2) pair = f64x2.pmax(pair, f64x2.abs(vectorAt<f64>(x, i)));
  let largest = f64x2.extract_lane(pair, 0);
  if (f64x2.extract_lane(pair, 1) > largest) largest = f64x2.extract_lane(pair, 1);
  if (i < n && abs<f64>(at<f64>(x, i)) > largest) largest = abs<f64>(at<f64>(x, i));
  return largest;
}

export function scaleFor(largest: f64): f64 {
  let scale: f64 = 1;
  if (largest > HUGE) while (largest * scale > HUGE) scale *= DOWN;
  else if (largest > 0 && largest < TINY) while (largest * scale < LOW) scale *= UP;
  return scale;
}
