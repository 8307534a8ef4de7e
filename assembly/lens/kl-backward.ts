/** KL divergence from a law to a softmax, and its gradient. Mathematics: src/backend/ts/lens/kl-backward.ts. */
import { at, put, putPairRounded, putRounded, rowOf, vectorAt, wideAt, widePairAt } from '../layout';
import { exp, expPair } from '../math/exp';
import { log } from '../math/log';
import { largest, sumOfExponentials } from '../nn/softmax';

// @ts-ignore: decorator
@inline
function klBackward<T>(logits: usize, p: usize, logP: usize, measures: usize, rows: i32, V: i32, weight: f64): void {
  const weights = f64x2.splat(weight);
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
      const pair = vectorAt<f64>(law, i);
      terms = f64x2.add(terms, f64x2.mul(pair, f64x2.sub(vectorAt<f64>(logLaw, i), logQ)));
      putPairRounded<T>(x, i, f64x2.mul(weights, f64x2.sub(expPair(logQ), pair)));
    }
    let even = f64x2.extract_lane(terms, 0);
    if (i < V) {
      const logQ = wideAt<T>(x, i) - highest - logSum;
      even += at<f64>(law, i) * (at<f64>(logLaw, i) - logQ);
      putRounded<T>(x, i, weight * (exp(logQ) - at<f64>(law, i)));
    }
    put<f64>(measures, 2 * r, even + f64x2.extract_lane(terms, 1));
    put<f64>(measures, 2 * r + 1, highest + logSum);
  }
}

export function klBackwardF32(logits: usize, p: usize, logP: usize, measures: usize, rows: i32, V: i32, weight: f64): void {
  klBackward<f32>(logits, p, logP, measures, rows, V, weight);
}
export function klBackwardF64(logits: usize, p: usize, logP: usize, measures: usize, rows: i32, V: i32, weight: f64): void {
  klBackward<f64>(logits, p, logP, measures, rows, V, weight);
}
