/** How a softmax does against a law. Mathematics: src/backend/ts/lens/lens-scores.ts. */
import { at, put, rowOf, vectorAt, wideAt, widePairAt } from '../layout';
import { log } from '../math/log';
import { largest, sumOfExponentials } from '../nn/softmax';
import { lanes } from '../simd';

/** First place of a number among n, which are finite and hold it. */
// @ts-ignore: decorator
@inline
function placeOf<T>(x: usize, n: i32, value: f64): i32 {
  const step = lanes<T>();
  const wanted = v128.splat<T>(<T>value);
  let i = 0;
  while (i + step <= n && !v128.any_true(v128.eq<T>(vectorAt<T>(x, i), wanted))) i += step;
  while (i < n - 1 && wideAt<T>(x, i) != value) i++;
  return i;
}

// @ts-ignore: decorator
@inline
function lensScores<T>(logits: usize, p: usize, logP: usize, scores: usize, rows: i32, V: i32): void {
  for (let r = 0; r < rows; r++) {
    const x = rowOf<T>(logits, r, V);
    const law = rowOf<f64>(p, r, V);
    const logLaw = rowOf<f64>(logP, r, V);
    const highest = largest<T>(x, V);
    const logSum = log(sumOfExponentials<T>(x, V, highest));
    const first = f64x2.splat(highest);
    const second = f64x2.splat(logSum);
    let terms = f64x2.splat(0);
    let i = 0;
    for (; i + 2 <= V; i += 2) {
      const logQ = f64x2.sub(f64x2.sub(widePairAt<T>(x, i), first), second);
      terms = f64x2.add(terms, f64x2.mul(vectorAt<f64>(law, i), f64x2.sub(vectorAt<f64>(logLaw, i), logQ)));
    }
    let even = f64x2.extract_lane(terms, 0);
    if (i < V) even += at<f64>(law, i) * (at<f64>(logLaw, i) - (wideAt<T>(x, i) - highest - logSum));
    put<f64>(scores, 3 * r, even + f64x2.extract_lane(terms, 1));
    put<f64>(scores, 3 * r + 1, highest + logSum);
    put<f64>(scores, 3 * r + 2, <f64>placeOf<T>(x, V, highest));
  }
}

export function lensScoresF32(logits: usize, p: usize, logP: usize, scores: usize, rows: i32, V: i32): void {
  lensScores<f32>(logits, p, logP, scores, rows, V);
}
export function lensScoresF64(logits: usize, p: usize, logP: usize, scores: usize, rows: i32, V: i32): void {
  lensScores<f64>(logits, p, logP, scores, rows, V);
}
