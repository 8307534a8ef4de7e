/** Logarithm of the softmax. Mathematics: src/backend/ts/nn/softmax.ts. */
import { exp, expPair } from '../math/exp';
import { log } from '../math/log';
import { put, wideAt } from '../layout';

// @ts-ignore: decorator
@inline
function logSoftmax<T>(logits: usize, logP: usize, n: i32): void {
  let highest = -Infinity;
  for (let i = 0; i < n; i++) highest = max(highest, wideAt<T>(logits, i));
  let sum: f64 = 0;
  let i = 0;
  for (; i + 2 <= n; i += 2) {
    const v = f64x2.replace_lane(f64x2.splat(wideAt<T>(logits, i) - highest), 1, wideAt<T>(logits, i + 1) - highest);
    const e = expPair(v);
    sum += f64x2.extract_lane(e, 0);
    sum += f64x2.extract_lane(e, 1);
  }
  for (; i < n; i++) sum += exp(wideAt<T>(logits, i) - highest);
  const logSum = log(sum);
  for (let j = 0; j < n; j++) put<f64>(logP, j, wideAt<T>(logits, j) - highest - logSum);
}

export function logSoftmaxF32(logits: usize, logP: usize, n: i32): void {
  logSoftmax<f32>(logits, logP, n);
}
export function logSoftmaxF64(logits: usize, logP: usize, n: i32): void {
  logSoftmax<f64>(logits, logP, n);
}
