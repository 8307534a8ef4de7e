/**
 * A batch of small products, C_s = A_s B_s. Mathematics: src/backend/ts/dense/batch.ts. Nothing is packed: four rows by four
 * columns of C in eight vectors, straight from A and B, then what is left by rows, pairs of columns and single numbers.
 */
import { at, put, putVector, rowOf, seek, vectorAt } from '../layout';
import { multiplyAddF64 } from '../simd';

function fourByFour(n: i32, k: i32, a: usize, b: usize, c: usize): void {
  let s00 = f64x2.splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
  const a1 = rowOf<f64>(a, 1, k), a2 = rowOf<f64>(a, 2, k), a3 = rowOf<f64>(a, 3, k);
  const step = (<usize>n) * 8;
  for (let p = 0; p < k; p++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load64_splat(seek<f64>(a, p));
    s00 = multiplyAddF64(x, b0, s00);
    s01 = multiplyAddF64(x, b1, s01);
    x = v128.load64_splat(seek<f64>(a1, p));
    s10 = multiplyAddF64(x, b0, s10);
    s11 = multiplyAddF64(x, b1, s11);
    x = v128.load64_splat(seek<f64>(a2, p));
    s20 = multiplyAddF64(x, b0, s20);
    s21 = multiplyAddF64(x, b1, s21);
    x = v128.load64_splat(seek<f64>(a3, p));
    s30 = multiplyAddF64(x, b0, s30);
    s31 = multiplyAddF64(x, b1, s31);
    b += step;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  c += step;
  v128.store(c, s10);
  v128.store(c, s11, 16);
  c += step;
  v128.store(c, s20);
  v128.store(c, s21, 16);
  c += step;
  v128.store(c, s30);
  v128.store(c, s31, 16);
}

/** Columns `first` … n−1 of one row of C. */
// @ts-ignore: decorator
@inline
function rest(first: i32, n: i32, k: i32, a: usize, b: usize, c: usize): void {
  let j = first;
  for (; j + 2 <= n; j += 2) {
    let sum = f64x2.splat(0);
    for (let p = 0; p < k; p++) sum = multiplyAddF64(v128.load64_splat(seek<f64>(a, p)), vectorAt<f64>(rowOf<f64>(b, p, n), j), sum);
    putVector<f64>(c, j, sum);
  }
  if (j < n) {
    let sum = f64x2.splat(0);
    for (let p = 0; p < k; p++) sum = multiplyAddF64(f64x2.splat(at<f64>(a, p)), f64x2.splat(at<f64>(rowOf<f64>(b, p, n), j)), sum);
    put<f64>(c, j, f64x2.extract_lane(sum, 0));
  }
}

export function batchMultiply(count: i32, m: i32, n: i32, k: i32, a: usize, b: usize, c: usize): void {
  for (let s = 0; s < count; s++) {
    let i = 0;
    for (; i + 4 <= m; i += 4) {
      let j = 0;
      for (; j + 4 <= n; j += 4) fourByFour(n, k, rowOf<f64>(a, i, k), seek<f64>(b, j), seek<f64>(rowOf<f64>(c, i, n), j));
      if (j < n) for (let r = i; r < i + 4; r++) rest(j, n, k, rowOf<f64>(a, r, k), b, rowOf<f64>(c, r, n));
    }
    for (; i < m; i++) rest(0, n, k, rowOf<f64>(a, i, k), b, rowOf<f64>(c, i, n));
    a = rowOf<f64>(a, m, k);
    b = rowOf<f64>(b, k, n);
    c = rowOf<f64>(c, m, n);
  }
}
