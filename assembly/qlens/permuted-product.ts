/** Inner products under permutations. Mathematics: src/backend/ts/qlens/permuted-product.ts. Scalar: the reads are gathered. */
import { at, put, rowOf } from '../layout';

export function permutedProduct(a: usize, b: usize, order: usize, n: i32, count: i32, result: usize): void {
  for (let k = 0; k < count; k++) put<f64>(result, k, productUnder(a, b, rowOf<i32>(order, k, n), n));
}

function productUnder(a: usize, b: usize, order: usize, n: i32): f64 {
  let total: f64 = 0;
  for (let i = 1; i < n; i++) {
    const x = rowOf<f64>(a, i, n);
    const y = rowOf<f64>(b, at<i32>(order, i), n);
    let even: f64 = 0;
    let odd: f64 = 0;
    let j = 0;
    for (; j + 2 <= i; j += 2) {
      even += at<f64>(x, j) * at<f64>(y, at<i32>(order, j));
      odd += at<f64>(x, j + 1) * at<f64>(y, at<i32>(order, j + 1));
    }
    if (j < i) even += at<f64>(x, j) * at<f64>(y, at<i32>(order, j));
    total += even + odd;
  }
  return total;
}
