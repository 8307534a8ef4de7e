/**
 * Low-rank operator on a vector. Mathematics: src/backend/ts/qlens/low-rank-apply.ts. One f64x2 accumulator per inner
 * product: lane 0 holds the even-numbered terms, lane 1 the odd-numbered ones. x and y may be the same array.
 */
import { at, put, putVector, rowOf, vectorAt } from '../layout';

export function lowRankApply(x: usize, basis: usize, coefficients: usize, identity: f64, y: usize, work: usize, V: i32, rank: i32): void {
  for (let a = 0; a < rank; a++) {
    const row = rowOf<f64>(basis, a, V);
    let sums = f64x2.splat(0);
    let i = 0;
    for (; i + 2 <= V; i += 2) sums = f64x2.add(sums, f64x2.mul(vectorAt<f64>(row, i), vectorAt<f64>(x, i)));
    let even = f64x2.extract_lane(sums, 0);
    if (i < V) even += at<f64>(row, i) * at<f64>(x, i);
    put<f64>(work, a, even + f64x2.extract_lane(sums, 1));
  }
  for (let a = 0; a < rank; a++) {
    const row = rowOf<f64>(coefficients, a, rank);
    let weight: f64 = 0;
    for (let b = 0; b < rank; b++) weight += at<f64>(row, b) * at<f64>(work, b);
    put<f64>(work, rank + a, weight);
  }
  const identities = f64x2.splat(identity);
  let j = 0;
  for (; j + 2 <= V; j += 2) putVector<f64>(y, j, f64x2.mul(identities, vectorAt<f64>(x, j)));
  for (; j < V; j++) put<f64>(y, j, identity * at<f64>(x, j));
  for (let a = 0; a < rank; a++) {
    const row = rowOf<f64>(basis, a, V);
    const weight = at<f64>(work, rank + a);
    const weights = f64x2.splat(weight);
    let i = 0;
    for (; i + 2 <= V; i += 2) {
      putVector<f64>(y, i, f64x2.add(vectorAt<f64>(y, i), f64x2.mul(weights, vectorAt<f64>(row, i))));
    }
    for (; i < V; i++) put<f64>(y, i, at<f64>(y, i) + weight * at<f64>(row, i));
  }
}
