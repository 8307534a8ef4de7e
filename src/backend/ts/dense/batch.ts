/** C_s = A_s B_s for s < count: matrices of one shape, one behind the other. The bits of each are those of a product by itself. */
import { product } from './gemm.ts';

export function batchMultiply(
  count: number,
  m: number,
  n: number,
  k: number,
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
): void {
  for (let s = 0; s < count; s++) {
    const left = a.subarray(s * m * k, (s + 1) * m * k);
    const right = b.subarray(s * k * n, (s + 1) * k * n);
    product(m, n, k, 1, left, k, 1, right, n, 1, 0, c.subarray(s * m * n, (s + 1) * m * n), n, false);
  }
}
