/**
 * Logarithm of the softmax. Mathematics: src/backend/ts/nn/softmax.ts. logP holds the shifted logits, then their
 * exponentials, whose sum runs from left to right beside them.
 */
import { exp, expFour } from '../math/exp';
import { log } from '../math/log';
import { at, put, putVector, seek, wideAt, widePairAt } from '../layout';

// @ts-ignore: decorator
@inline
function largest<T>(logits: usize, n: i32): f64 {
  let pair = f64x2.splat(-Infinity);
  let i = 0;
  for (; i + 2 <= n; i += 2) pair = f64x2.max(pair, widePairAt<T>(logits, i));
  const highest = max(f64x2.extract_lane(pair, 0), f64x2.extract_lane(pair, 1));
  return i < n ? max(highest, wideAt<T>(logits, i)) : highest;
}

/** logP = logits − highest − logSum. */
// @ts-ignore: decorator
@inline
function shift<T>(logits: usize, logP: usize, n: i32, highest: f64, logSum: f64): void {
  const first = f64x2.splat(highest);
  const second = f64x2.splat(logSum);
  let i = 0;
  for (; i + 2 <= n; i += 2) putVector<f64>(logP, i, f64x2.sub(f64x2.sub(widePairAt<T>(logits, i), first), second));
  if (i < n) put<f64>(logP, i, wideAt<T>(logits, i) - highest - logSum);
}

// @ts-ignore: decorator
@inline
function logSoftmax<T>(logits: usize, logP: usize, n: i32): void {
  const highest = largest<T>(logits, n);
  shift<T>(logits, logP, n, highest, 0);
  let sum: f64 = 0;
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const four = seek<f64>(logP, i);
    expFour(four, four);
    sum += at<f64>(four, 0);
    sum += at<f64>(four, 1);
    sum += at<f64>(four, 2);
    sum += at<f64>(four, 3);
  }
  for (; i < n; i++) sum += exp(at<f64>(logP, i));
  shift<T>(logits, logP, n, highest, log(sum));
}

export function logSoftmaxF32(logits: usize, logP: usize, n: i32): void {
  logSoftmax<f32>(logits, logP, n);
}
export function logSoftmaxF64(logits: usize, logP: usize, n: i32): void {
  logSoftmax<f64>(logits, logP, n);
}
