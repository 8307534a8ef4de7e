/**
 * C = α op(A) op(B) + β C. Element (i, j) starts from β c_ij (from 0 if β = 0) and adds (α a_ip)·b_pj for p = 0, 1, …, k−1, so
 * |error| ≤ (k+2)u(|α||A||B| + |β||C|) to first order, element by element.
 *
 * op(A)[i][p] is a[i·rowA + p·columnA], op(B)[p][j] is b[p·rowB + j·columnB]. `lower` leaves everything above the diagonal of C
 * alone.
 *
 * @source N. J. Higham, Accuracy and Stability of Numerical Algorithms (2002), § 3.5; the blocking of the WebAssembly side is
 * K. Goto and R. A. van de Geijn, ACM Trans. Math. Softw. 34 (2008) 12.
 */
export function product(
  m: number,
  n: number,
  k: number,
  alpha: number,
  a: Float64Array,
  rowA: number,
  columnA: number,
  b: Float64Array,
  rowB: number,
  columnB: number,
  beta: number,
  c: Float64Array,
  ldc: number,
  lower: boolean,
): void {
  for (let i = 0; i < m; i++) {
    const start = i * ldc;
    const end = start + (lower ? i + 1 : n);
    for (let to = start; to < end; to++) c[to] = beta === 0 ? 0 : c[to]! * beta;
    for (let p = 0; p < k; p++) {
      const x = a[i * rowA + p * columnA]! * alpha;
      let from = p * rowB;
      for (let to = start; to < end; to++) {
        c[to] = c[to]! + x * b[from]!;
        from += columnB;
      }
    }
  }
}

/** The same in f32, every operation rounded. */
export function productF32(
  m: number,
  n: number,
  k: number,
  alpha: number,
  a: Float32Array,
  rowA: number,
  columnA: number,
  b: Float32Array,
  rowB: number,
  columnB: number,
  beta: number,
  c: Float32Array,
  ldc: number,
  lower: boolean,
): void {
  const [scale, keep] = [Math.fround(alpha), Math.fround(beta)];
  for (let i = 0; i < m; i++) {
    const start = i * ldc;
    const end = start + (lower ? i + 1 : n);
    for (let to = start; to < end; to++) c[to] = keep === 0 ? 0 : c[to]! * keep;
    for (let p = 0; p < k; p++) {
      const x = Math.fround(a[i * rowA + p * columnA]! * scale);
      let from = p * rowB;
      for (let to = start; to < end; to++) {
        c[to] = c[to]! + Math.fround(x * b[from]!);
        from += columnB;
      }
    }
  }
}
