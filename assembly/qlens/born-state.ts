/**
 * Law and state of a vector of logits. Mathematics: src/backend/ts/qlens/born-state.ts. One f64x2 accumulator per paired
 * sum: lane 0 holds the even-numbered terms, lane 1 the odd-numbered ones.
 */
import { at, put, putVector, vectorAt, wideAt, widePairAt } from '../layout';
import { exp, expPair } from '../math/exp';
import { log } from '../math/log';

// @ts-ignore: decorator
@inline
function bornState<T>(logits: usize, p: usize, logP: usize, psi: usize, summary: usize, V: i32): void {
  let maxima = f64x2.splat(wideAt<T>(logits, 0));
  let minima = maxima;
  for (let k = 0; k + 2 <= V; k += 2) {
    const pair = widePairAt<T>(logits, k);
    maxima = f64x2.max(maxima, pair);
    minima = f64x2.min(minima, pair);
  }
  const last = wideAt<T>(logits, V - 1);
  const top = max<f64>(max<f64>(f64x2.extract_lane(maxima, 0), f64x2.extract_lane(maxima, 1)), last);
  const bottom = min<f64>(min<f64>(f64x2.extract_lane(minima, 0), f64x2.extract_lane(minima, 1)), last);

  const shift = f64x2.splat(top);
  let sums = f64x2.splat(0);
  let moments = f64x2.splat(0);
  let i = 0;
  for (; i + 2 <= V; i += 2) {
    const difference = f64x2.sub(widePairAt<T>(logits, i), shift);
    const weight = expPair(difference);
    putVector<f64>(logP, i, difference);
    putVector<f64>(p, i, weight);
    sums = f64x2.add(sums, weight);
    moments = f64x2.add(moments, f64x2.mul(weight, difference));
  }
  let evenSum = f64x2.extract_lane(sums, 0);
  let evenMoment = f64x2.extract_lane(moments, 0);
  if (i < V) {
    const even = wideAt<T>(logits, i) - top;
    const evenWeight = exp(even);
    put<f64>(logP, i, even);
    put<f64>(p, i, evenWeight);
    evenSum += evenWeight;
    evenMoment += evenWeight * even;
  }
  const z = evenSum + f64x2.extract_lane(sums, 1);
  const logZ = log(z);

  const zs = f64x2.splat(z);
  const logZs = f64x2.splat(logZ);
  let j = 0;
  for (; j + 2 <= V; j += 2) {
    const probability = f64x2.div(vectorAt<f64>(p, j), zs);
    putVector<f64>(p, j, probability);
    putVector<f64>(logP, j, f64x2.sub(vectorAt<f64>(logP, j), logZs));
    putVector<f64>(psi, j, f64x2.sqrt(probability));
  }
  for (; j < V; j++) {
    const probability = at<f64>(p, j) / z;
    put<f64>(p, j, probability);
    put<f64>(logP, j, at<f64>(logP, j) - logZ);
    put<f64>(psi, j, sqrt(probability));
  }
  put<f64>(summary, 0, top);
  put<f64>(summary, 1, logZ);
  put<f64>(summary, 2, logZ - (evenMoment + f64x2.extract_lane(moments, 1)) / z);
  put<f64>(summary, 3, bottom);
}

export function bornStateF32(logits: usize, p: usize, logP: usize, psi: usize, summary: usize, V: i32): void {
  bornState<f32>(logits, p, logP, psi, summary, V);
}
export function bornStateF64(logits: usize, p: usize, logP: usize, psi: usize, summary: usize, V: i32): void {
  bornState<f64>(logits, p, logP, psi, summary, V);
}
