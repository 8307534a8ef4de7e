/** C_s = A_s B_s for s < count over interleaved complex numbers, by the four sums of a product by itself, and with its bits. */
export function complexBatchMultiply(
  count: number,
  m: number,
  n: number,
  k: number,
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
): void {
  for (let s = 0; s < count; s++) {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let [rr, ii, ri, ir] = [0, 0, 0, 0];
        for (let p = 0; p < k; p++) {
          const x = 2 * ((s * m + i) * k + p);
          const y = 2 * ((s * k + p) * n + j);
          rr += a[x]! * b[y]!;
          ii += a[x + 1]! * b[y + 1]!;
          ri += a[x]! * b[y + 1]!;
          ir += a[x + 1]! * b[y]!;
        }
        const z = 2 * ((s * m + i) * n + j);
        c[z] = rr - ii;
        c[z + 1] = ri + ir;
      }
    }
  }
}
