/** C = α op(A) op(A)† + β C, real and complex. Mathematics: src/backend/ts/dense/rank-update.ts. */
import { at, put } from '../layout';
import { complexAt, complexProduct } from './complex-gemm';
import { LOWER, product } from './gemm';
import { element } from './pack';

// @ts-ignore: decorator
@inline
function rankUpdate<T>(transpose: i32, full: i32, n: i32, k: i32, alpha: T, a: usize, lda: i32, beta: T, c: usize, ldc: i32, work: usize): void {
  const row = transpose ? 1 : lda;
  const column = transpose ? lda : 1;
  product<T>(n, n, k, alpha, a, row, column, a, column, row, beta, c, ldc, LOWER, work);
  if (full) {
    for (let i = 0; i < n; i++) {
      const to = element<T>(c, i, ldc, 0, 0);
      for (let j = i + 1; j < n; j++) put<T>(to, j, load<T>(element<T>(c, j, ldc, i, 1)));
    }
  }
}

export function rankUpdateF32(transpose: i32, full: i32, n: i32, k: i32, alpha: f32, a: usize, lda: i32, beta: f32, c: usize, ldc: i32, work: usize): void {
  rankUpdate<f32>(transpose, full, n, k, alpha, a, lda, beta, c, ldc, work);
}
export function rankUpdateF64(transpose: i32, full: i32, n: i32, k: i32, alpha: f64, a: usize, lda: i32, beta: f64, c: usize, ldc: i32, work: usize): void {
  rankUpdate<f64>(transpose, full, n, k, alpha, a, lda, beta, c, ldc, work);
}

export function complexRankUpdate(transpose: i32, full: i32, n: i32, k: i32, alpha: f64, a: usize, lda: i32, beta: f64, c: usize, ldc: i32, work: usize): void {
  complexProduct(transpose ? 2 : 0, transpose ? 0 : 2, n, n, k, alpha, 0, a, lda, a, lda, beta, 0, c, ldc, LOWER, work);
  for (let i = 0; i < n; i++) put<f64>(complexAt(c, i, ldc, i), 1, 0);
  if (full) {
    for (let i = 0; i < n; i++) {
      for (let j = i + 1; j < n; j++) {
        const from = complexAt(c, j, ldc, i);
        const to = complexAt(c, i, ldc, j);
        put<f64>(to, 0, at<f64>(from, 0));
        put<f64>(to, 1, -at<f64>(from, 1));
      }
    }
  }
}
