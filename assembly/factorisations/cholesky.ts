/** Cholesky factorisation. Mathematics: src/backend/ts/factorisations/cholesky.ts. */
import { at, put, rowOf, seek } from '../layout';
import { divideRow, innerProduct } from '../dense/rows';

export function cholesky(a: usize, n: i32, width: i32): i32 {
  for (let i = 0; i < n; i++) {
    const row = rowOf<f64>(a, i, n * width);
    for (let j = 0; j <= i; j++) {
      const other = rowOf<f64>(a, j, n * width);
      const element = seek<f64>(row, j * width);
      const sum = innerProduct(width, j, row, other);
      put<f64>(element, 0, at<f64>(element, 0) - f64x2.extract_lane(sum, 0));
      if (width == 2) put<f64>(element, 1, at<f64>(element, 1) - f64x2.extract_lane(sum, 1));
      if (j < i) divideRow(width, 1, at<f64>(other, j * width), 0, element);
    }
    const diagonal = i * width;
    if (!(at<f64>(row, diagonal) > 0)) return i + 1;
    put<f64>(row, diagonal, sqrt<f64>(at<f64>(row, diagonal)));
    if (width == 2) put<f64>(row, diagonal + 1, 0);
    for (let j = diagonal + width; j < n * width; j++) put<f64>(row, j, 0);
  }
  return 0;
}
