/** Weighted sum of arrays. Mathematics: src/backend/ts/functions/weighted-sum.ts. */
import { at, put, putVector, rowOf, seek, vectorAt } from '../layout';

export function weightedSum(count: i32, length: i32, coefficients: usize, x: usize, stride: i32, y: usize): void {
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    let c = f64x2.splat(at<f64>(coefficients, 0));
    let low = f64x2.mul(c, vectorAt<f64>(x, i));
    let high = f64x2.mul(c, vectorAt<f64>(x, i + 2));
    for (let k = 1; k < count; k++) {
      const row = rowOf<f64>(x, k, stride);
      c = f64x2.splat(at<f64>(coefficients, k));
      low = f64x2.add(low, f64x2.mul(c, vectorAt<f64>(row, i)));
      high = f64x2.add(high, f64x2.mul(c, vectorAt<f64>(row, i + 2)));
    }
    putVector<f64>(y, i, low);
    putVector<f64>(y, i + 2, high);
  }
  for (; i < length; i++) {
    let sum = at<f64>(coefficients, 0) * at<f64>(x, i);
    for (let k = 1; k < count; k++) sum += at<f64>(coefficients, k) * at<f64>(seek<f64>(rowOf<f64>(x, k, stride), i), 0);
    put<f64>(y, i, sum);
  }
}
