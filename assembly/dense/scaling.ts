/** Scaling by a power of two. Mathematics: src/backend/ts/dense/scaling.ts. */
import { at } from '../layout';

// Powers of two by their bits.
const HUGE: f64 = reinterpret<f64>((1023 + 400) << 52);
const TINY: f64 = reinterpret<f64>((1023 - 400) << 52);
const LOW: f64 = reinterpret<f64>((1023 - 200) << 52);
const UP: f64 = reinterpret<f64>((1023 + 50) << 52);
const DOWN: f64 = reinterpret<f64>((1023 - 50) << 52);

export function largestSize(x: usize, n: i32): f64 {
  let largest: f64 = 0;
  for (let i = 0; i < n; i++) {
    const size = abs<f64>(at<f64>(x, i));
    if (size > largest) largest = size;
  }
  return largest;
}

export function scaleFor(largest: f64): f64 {
  let scale: f64 = 1;
  if (largest > HUGE) while (largest * scale > HUGE) scale *= DOWN;
  else if (largest > 0 && largest < TINY) while (largest * scale < LOW) scale *= UP;
  return scale;
}
