import { makeReflector } from '../dense/reflector.ts';

/**
 * Unitary reduction of an m×n matrix (m ≥ n) to real upper bidiagonal form, A = Q B P† with Q = H_0 ⋯ H_{n−1} and
 * P = G_0 ⋯ G_{n−2}: H_k clears column k below the diagonal, G_k row k beyond the superdiagonal.
 *
 * A ← H†A subtracts u z with z = τ̄ u†A, A ← A G subtracts w v† with w = τ A v. Both wait for the next step, so that one pass
 * over the rows applies them and forms the next u†A, and a second one, which only reads, forms A v: with A' = A − u z not yet
 * stored, A'v = A v − u (z v).
 *
 * A = re + i·im has rows of `ld` elements, n rounded up to even, the last zero; `im` is null for a real matrix. On
 * return row k holds v of G_k from column k+1 on, row k of `left` (unless null: n rows of m, then n rows of imaginary
 * parts) u of H_k from k on; tauLeft and tauRight hold their τ in pairs, d the diagonal of B, e[k] the element beside d[k].
 * `vectors` holds 8·ld + 6·m elements, `out` three. Sums over a row add even-numbered and odd-numbered columns apart.
 *
 * @cost 4n²(m − n/3) flops real, four times that complex
 * @accuracy backward stable: ‖QBP† − A‖ ≤ c·m·u·‖A‖; parity exact.
 * @source G. Golub, W. Kahan, SIAM J. Numer. Anal. B 2 (1965) 205; fused passes: G. W. Howell, J. W. Demmel, C. T. Fulton,
 * S. Hammarling, K. Marmol, ACM TOMS 34 (2008) 14.
 */
export function bidiagonalise(
  re: Float64Array,
  im: Float64Array | null,
  m: number,
  n: number,
  d: Float64Array,
  e: Float64Array,
  tauLeft: Float64Array,
  tauRight: Float64Array,
  left: Float64Array | null,
  vectors: Float64Array,
  out: Float64Array,
): void {
  const ld = n + (n & 1);
  vectors.fill(0, 0, 8 * ld + 6 * m);
  const alongRow = (index: number): Float64Array => vectors.subarray(index * ld, (index + 1) * ld);
  const alongColumn = (index: number): Float64Array => vectors.subarray(8 * ld + index * m, 8 * ld + (index + 1) * m);
  const [zr, zi, vr, vi] = [alongRow(0), alongRow(1), alongRow(2), alongRow(3)];
  const [nr, ni, xr, xi] = [alongRow(4), alongRow(5), alongRow(6), alongRow(7)];
  const [ur, ui, wr] = [alongColumn(0), alongColumn(1), alongColumn(2)];
  const [wi, pr, pi] = [alongColumn(3), alongColumn(4), alongColumn(5)];
  for (let k = 0; k < n; k++) {
    for (let i = k; i < m; i++) {
      const at = i * ld + k;
      pr[i] = re[at]! - (ur[i]! * zr[k]! - ui[i]! * zi[k]! + (wr[i]! * vr[k]! + wi[i]! * vi[k]!));
      if (im !== null) pi[i] = im[at]! - (ur[i]! * zi[k]! + ui[i]! * zr[k]! + (wi[i]! * vr[k]! - wr[i]! * vi[k]!));
    }
    makeReflector(pr.subarray(k), im === null ? null : pi.subarray(k), m - k, 0, out);
    const tr = out[0]!;
    const ti = out[1]!;
    d[k] = out[2]!;
    tauLeft[2 * k] = tr;
    tauLeft[2 * k + 1] = ti;
    if (left !== null) {
      for (let i = k; i < m; i++) left[k * m + i] = pr[i]!;
      if (im !== null) for (let i = k; i < m; i++) left[(n + k) * m + i] = pi[i]!;
    }
    if (k === n - 1) return;
    // Pairs begin at an even column; where that is column k, what happens to it no longer matters.
    const first = (k + 1) & ~1;
    nr.fill(0, first);
    ni.fill(0, first);
    for (let i = k; i < m; i++) {
      if (im === null) updateReal(re, i * ld, first, ld, ur[i]!, wr[i]!, pr[i]!, zr, vr, nr);
      else {
        const row = [ur[i]!, ui[i]!, wr[i]!, wi[i]!, pr[i]!, pi[i]!] as const;
        updateComplex(re, im, i * ld, first, ld, row, zr, zi, vr, vi, nr, ni);
      }
    }
    for (let j = first; j < ld; j++) {
      zr[j] = tr * nr[j]! + ti * ni[j]!;
      zi[j] = tr * ni[j]! - ti * nr[j]!;
    }
    xr[k] = 0;
    xi[k] = 0;
    for (let j = k + 1; j < n; j++) {
      xr[j] = re[k * ld + j]! - zr[j]!;
      if (im !== null) xi[j] = -(im[k * ld + j]! - zi[j]!);
    }
    makeReflector(xr.subarray(k + 1), im === null ? null : xi.subarray(k + 1), n - k - 1, 0, out);
    const sr = out[0]!;
    const si = out[1]!;
    e[k] = out[2]!;
    tauRight[2 * k] = sr;
    tauRight[2 * k + 1] = si;
    for (let j = k + 1; j < n; j++) {
      re[k * ld + j] = xr[j]!;
      if (im !== null) im[k * ld + j] = xi[j]!;
    }
    multiplyRow(zr, im === null ? null : zi, 0, first, ld, xr, xi, out);
    const qr = out[0]!;
    const qi = out[1]!;
    for (let i = k + 1; i < m; i++) {
      multiplyRow(re, im, i * ld, first, ld, xr, xi, out);
      const br = out[0]! - (pr[i]! * qr - pi[i]! * qi);
      const bi = out[1]! - (pr[i]! * qi + pi[i]! * qr);
      wr[i] = sr * br - si * bi;
      wi[i] = sr * bi + si * br;
    }
    for (let j = first; j < ld; j++) {
      vr[j] = xr[j]!;
      vi[j] = xi[j]!;
    }
    for (let i = k; i < m; i++) {
      ur[i] = pr[i]!;
      ui[i] = pi[i]!;
    }
  }
}

/** One row of A ← A − u z − w v†, and its part in u'†A. */
function updateReal(
  re: Float64Array,
  row: number,
  first: number,
  end: number,
  u: number,
  w: number,
  p: number,
  z: Float64Array,
  v: Float64Array,
  next: Float64Array,
): void {
  for (let j = first; j < end; j++) {
    const a = re[row + j]! - (u * z[j]! + w * v[j]!);
    re[row + j] = a;
    next[j] = next[j]! + p * a;
  }
}

function updateComplex(
  re: Float64Array,
  im: Float64Array,
  row: number,
  first: number,
  end: number,
  [ur, ui, wr, wi, pr, pi]: readonly [number, number, number, number, number, number],
  zr: Float64Array,
  zi: Float64Array,
  vr: Float64Array,
  vi: Float64Array,
  nr: Float64Array,
  ni: Float64Array,
): void {
  for (let j = first; j < end; j++) {
    const a = re[row + j]! - (ur * zr[j]! - ui * zi[j]! + (wr * vr[j]! + wi * vi[j]!));
    const b = im[row + j]! - (ur * zi[j]! + ui * zr[j]! + (wi * vr[j]! - wr * vi[j]!));
    re[row + j] = a;
    im[row + j] = b;
    nr[j] = nr[j]! + (pr * a + pi * b);
    ni[j] = ni[j]! + (pr * b - pi * a);
  }
}

/** out[0] + i·out[1] = Σ_j a_j x_j over one row. */
function multiplyRow(
  re: Float64Array,
  im: Float64Array | null,
  row: number,
  first: number,
  end: number,
  xr: Float64Array,
  xi: Float64Array,
  out: Float64Array,
): void {
  let [rr0, rr1, ii0, ii1, ri0, ri1, ir0, ir1] = [0, 0, 0, 0, 0, 0, 0, 0];
  if (im === null) {
    for (let j = first; j < end; j += 2) {
      rr0 += re[row + j]! * xr[j]!;
      rr1 += re[row + j + 1]! * xr[j + 1]!;
    }
  } else {
    for (let j = first; j < end; j += 2) {
      rr0 += re[row + j]! * xr[j]!;
      rr1 += re[row + j + 1]! * xr[j + 1]!;
      ii0 += im[row + j]! * xi[j]!;
      ii1 += im[row + j + 1]! * xi[j + 1]!;
      ri0 += re[row + j]! * xi[j]!;
      ri1 += re[row + j + 1]! * xi[j + 1]!;
      ir0 += im[row + j]! * xr[j]!;
      ir1 += im[row + j + 1]! * xr[j + 1]!;
    }
  }
  out[0] = rr0 + rr1 - (ii0 + ii1);
  out[1] = ri0 + ri1 + (ir0 + ir1);
}
