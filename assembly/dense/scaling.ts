/** Scaling by a power of two. Mathematics: src/backend/ts/dense/scaling.ts. */
import { at } from '../layout';

// 2^±400 and 2^±700 by their bits.
const HUGE: f64 = reinterpret<f64>((1023 + 400) << 52);
const TINY: f64 = reinterpret<f64>((1023 - 400) << 52);
const UP: f64 = reinterpret<f64>((1023 + 700) << 52);
const DOWN: f64 = reinterpret<f64>((1023 - 700) << 52);

export function largestSize(x: usize, n: i32): f64 {
  let largest: f64 = 0;
  for (let i = 0; i < n; i++) {
    const size = abs<f64>(at<f64>(x, i));
    if (size > largest) largest = size;
  }
  return largest;
}

export function scaleFor(largest: f64): f64 {
  if (largest > HUGE) return DOWN;
  if (largest > 0 && largest < TINY) return UP;
  return 1;
}

export function unscale(scale: f64): f64 {
  if (scale == DOWN) return UP;
  return scale == UP ? DOWN : 1;
}
