/** Logarithm of the softmax. Mathematics: src/backend/ts/nn/softmax.ts. */
import { exp, expPair } from '../math/exp';
import { log } from '../math/log';
import { put, putVector, vectorAt, wideAt, widePairAt } from '../layout';
import { lanes } from '../simd';

/** The largest of n numbers; of zeros the positive one, and no NaN unless there is nothing else. */
// @ts-ignore: decorator
@inline
export function largest<T>(x: usize, n: i32): f64 {
  const step = lanes<T>();
  let first = v128.splat<T>(<T>-Infinity);
  let second = first;
  let i = 0;
  for (; i + 2 * step <= n; i += 2 * step) {
    first = v128.pmax<T>(first, vectorAt<T>(x, i));
    second = v128.pmax<T>(second, vectorAt<T>(x, i + step));
  }
  first = v128.pmax<T>(first, second);
  let highest: f64 = <f64>v128.extract_lane<T>(first, 0);
  highest = max(highest, <f64>v128.extract_lane<T>(first, 1));
  if (sizeof<T>() == 4) {
    highest = max(highest, <f64>v128.extract_lane<T>(first, 2));
    highest = max(highest, <f64>v128.extract_lane<T>(first, 3));
  }
  for (; i < n; i++) if (wideAt<T>(x, i) > highest) highest = wideAt<T>(x, i);
  return highest + 0;
}

/** Σ e^{x_i − highest}: four sums, of the terms whose numbers leave the same rest by 4. */
// @ts-ignore: decorator
@inline
export function sumOfExponentials<T>(x: usize, n: i32, highest: f64): f64 {
  const shift = f64x2.splat(highest);
  let first = f64x2.splat(0);
  let second = f64x2.splat(0);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    first = f64x2.add(first, expPair(f64x2.sub(widePairAt<T>(x, i), shift)));
    second = f64x2.add(second, expPair(f64x2.sub(widePairAt<T>(x, i + 2), shift)));
  }
  return total(
    first,
    second,
    i < n ? exp(wideAt<T>(x, i) - highest) : 0,
    i + 1 < n ? exp(wideAt<T>(x, i + 1) - highest) : 0,
    i + 2 < n ? exp(wideAt<T>(x, i + 2) - highest) : 0,
  );
}

/** The total of four sums and of what is left beyond a multiple of four terms. */
// @ts-ignore: decorator
@inline
export function total(first: v128, second: v128, e0: f64, e1: f64, e2: f64): f64 {
  const even = f64x2.extract_lane(first, 0) + e0 + (f64x2.extract_lane(second, 0) + e2);
  const odd = f64x2.extract_lane(first, 1) + e1 + f64x2.extract_lane(second, 1);
  return even + odd;
}

// @ts-ignore: decorator
@inline
function logSoftmax<T>(logits: usize, logP: usize, n: i32): void {
  const highest = largest<T>(logits, n);
  const logSum = log(sumOfExponentials<T>(logits, n, highest));
  const first = f64x2.splat(highest);
  const second = f64x2.splat(logSum);
  let i = 0;
  for (; i + 2 <= n; i += 2) putVector<f64>(logP, i, f64x2.sub(f64x2.sub(widePairAt<T>(logits, i), first), second));
  if (i < n) put<f64>(logP, i, wideAt<T>(logits, i) - highest - logSum);
}

export function logSoftmaxF32(logits: usize, logP: usize, n: i32): void {
  logSoftmax<f32>(logits, logP, n);
}
export function logSoftmaxF64(logits: usize, logP: usize, n: i32): void {
  logSoftmax<f64>(logits, logP, n);
}
