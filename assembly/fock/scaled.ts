/** Scaled numbers (m, e) = m·2^(512e). Mathematics and source: src/backend/ts/fock/scaled.ts. */
import { at, put } from '../layout';

export const UP: f64 = 1.3407807929942597e154;
export const DOWN: f64 = 7.458340731200207e-155;
export const LOW: f64 = 8.636168555094445e-78;
export const HIGH: f64 = 1.157920892373162e77;

// @ts-ignore: decorator
@inline
export function addScaled(numbers: usize, i: i32, m: f64, e: f64): void {
  let sum = at<f64>(numbers, 2 * i);
  let exponent = at<f64>(numbers, 2 * i + 1);
  if (sum == 0 || e > exponent + 1) {
    sum = m;
    exponent = e;
  } else if (e == exponent) sum = sum + m;
  else if (e == exponent - 1) sum = sum + m * DOWN;
  else if (e == exponent + 1) {
    sum = sum * DOWN + m;
    exponent = e;
  }
  if (sum >= HIGH) {
    sum = sum * DOWN;
    exponent = exponent + 1;
  }
  put<f64>(numbers, 2 * i, sum);
  put<f64>(numbers, 2 * i + 1, exponent);
}
