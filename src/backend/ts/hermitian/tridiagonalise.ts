import { dotProduct, makeReflector } from '../dense/reflector.ts';

/**
 * Unitary reduction of a Hermitian matrix to real tridiagonal form, A = Q T Q† with Q = H_{n−1} ⋯ H_1, from the last row up.
 *
 * H_k = I − τ v v† maps column k above the diagonal to β e_{k−1}. With y = τ A v and w = y − ½|τ|²(v†Av) v the similarity is
 * A ← A − v w† − w v†. The update waits for the next step, so that one pass over the lower triangle both applies it and forms
 * the next product A v: every element is read and written once per step.
 *
 * A = re + i·im, n×n row-major, of which the lower triangle counts; `im` is null for a real matrix. On return row k holds v
 * of H_k in columns 0…k−1, tau[2k], tau[2k+1] its τ, d the diagonal of T, e[i] the element between i and i+1 (e[n−1] = 0).
 * `vectors` holds 8n elements, `out` three.
 *
 * @cost 4n³/3 flops real, 16n³/3 complex
 * @accuracy backward stable: ‖QTQ† − A‖ ≤ c·n·u·‖A‖; parity exact.
 * @source R. S. Martin, C. Reinsch, J. H. Wilkinson, Numer. Math. 11 (1968) 181; the delayed update: J. J. Dongarra,
 * D. C. Sorensen, S. J. Hammarling, J. Comput. Appl. Math. 27 (1989) 215.
 */
export function tridiagonalise(
  re: Float64Array,
  im: Float64Array | null,
  n: number,
  d: Float64Array,
  e: Float64Array,
  tau: Float64Array,
  vectors: Float64Array,
  out: Float64Array,
): void {
  const part = (index: number): Float64Array => vectors.subarray(index * n, (index + 1) * n);
  const [vr, vi, wr, wi, xr, xi, yr, yi] = [part(0), part(1), part(2), part(3), part(4), part(5), part(6), part(7)];
  vectors.fill(0, 0, 8 * n);
  e[n - 1] = 0;
  for (let k = n - 1; k >= 0; k--) {
    const row = k * n;
    if (im === null) updateRowReal(re, row, k, vr, wr);
    else updateRowComplex(re, im, row, k, vr, vi, wr, wi);
    d[k] = re[row + k]!;
    if (k === 0) return;
    // Column k above the diagonal is the conjugate of row k.
    for (let j = 0; j < k; j++) xr[j] = re[row + j]!;
    if (im !== null) for (let j = 0; j < k; j++) xi[j] = -im[row + j]!;
    makeReflector(xr, im === null ? null : xi, k, k - 1, out);
    const tr = out[0]!;
    const ti = out[1]!;
    e[k - 1] = out[2]!;
    tau[2 * k] = tr;
    tau[2 * k + 1] = ti;
    for (let j = 0; j < k; j++) re[row + j] = xr[j]!;
    if (im === null) {
      for (let i = 0; i < k; i++) passReal(re, i * n, i, vr, wr, xr, yr);
      const half = -0.5 * tr * tr * dotProduct(yr, xr, k);
      for (let j = 0; j < k; j++) {
        wr[j] = tr * yr[j]! + half * xr[j]!;
        vr[j] = xr[j]!;
      }
    } else {
      for (let j = 0; j < k; j++) im[row + j] = xi[j]!;
      for (let i = 0; i < k; i++) passComplex(re, im, i * n, i, vr, vi, wr, wi, xr, xi, yr, yi);
      const half = -0.5 * (tr * tr + ti * ti) * (dotProduct(yr, xr, k) + dotProduct(yi, xi, k));
      for (let j = 0; j < k; j++) {
        wr[j] = tr * yr[j]! - ti * yi[j]! + half * xr[j]!;
        wi[j] = tr * yi[j]! + ti * yr[j]! + half * xi[j]!;
        vr[j] = xr[j]!;
        vi[j] = xi[j]!;
      }
    }
  }
}

/** Row i of A ← A − v w† − w v†, up to the diagonal. */
function updateRowReal(re: Float64Array, row: number, i: number, v: Float64Array, w: Float64Array): void {
  const a = v[i]!;
  const b = w[i]!;
  for (let j = 0; j <= i; j++) re[row + j] = re[row + j]! - (a * w[j]! + b * v[j]!);
}

function updateRowComplex(
  re: Float64Array,
  im: Float64Array,
  row: number,
  i: number,
  vr: Float64Array,
  vi: Float64Array,
  wr: Float64Array,
  wi: Float64Array,
): void {
  const ar = vr[i]!;
  const ai = vi[i]!;
  const br = wr[i]!;
  const bi = wi[i]!;
  for (let j = 0; j <= i; j++) {
    re[row + j] = re[row + j]! - (ar * wr[j]! + ai * wi[j]! + (br * vr[j]! + bi * vi[j]!));
    im[row + j] = im[row + j]! - (ai * wr[j]! - ar * wi[j]! + (bi * vr[j]! - br * vi[j]!));
  }
  im[row + i] = 0;
}

/** The update of row i, and its part in y = A x for the updated A: row i gives y_i, its conjugate adds to y_j for j < i. */
function passReal(
  re: Float64Array,
  row: number,
  i: number,
  v: Float64Array,
  w: Float64Array,
  x: Float64Array,
  y: Float64Array,
): void {
  updateRowReal(re, row, i, v, w);
  const xi = x[i]!;
  let even = 0;
  let odd = 0;
  let j = 0;
  for (; j + 2 <= i; j += 2) {
    const a = re[row + j]!;
    const b = re[row + j + 1]!;
    even += a * x[j]!;
    odd += b * x[j + 1]!;
    y[j] = y[j]! + a * xi;
    y[j + 1] = y[j + 1]! + b * xi;
  }
  if (j < i) {
    const a = re[row + j]!;
    even += a * x[j]!;
    y[j] = y[j]! + a * xi;
  }
  y[i] = even + odd + re[row + i]! * xi;
}

function passComplex(
  re: Float64Array,
  im: Float64Array,
  row: number,
  i: number,
  vr: Float64Array,
  vi: Float64Array,
  wr: Float64Array,
  wi: Float64Array,
  xr: Float64Array,
  xi: Float64Array,
  yr: Float64Array,
  yi: Float64Array,
): void {
  updateRowComplex(re, im, row, i, vr, vi, wr, wi);
  const r = xr[i]!;
  const s = xi[i]!;
  // Σ a x in eight sums: even-numbered and odd-numbered terms of each product of a real or imaginary part.
  let [rr0, rr1, ii0, ii1, ri0, ri1, ir0, ir1] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let j = 0; j < i; j += 2) {
    const a = re[row + j]!;
    const b = im[row + j]!;
    rr0 += a * xr[j]!;
    ii0 += b * xi[j]!;
    ri0 += a * xi[j]!;
    ir0 += b * xr[j]!;
    yr[j] = yr[j]! + (a * r + b * s);
    yi[j] = yi[j]! + (a * s - b * r);
    if (j + 1 === i) break;
    const c = re[row + j + 1]!;
    const d = im[row + j + 1]!;
    rr1 += c * xr[j + 1]!;
    ii1 += d * xi[j + 1]!;
    ri1 += c * xi[j + 1]!;
    ir1 += d * xr[j + 1]!;
    yr[j + 1] = yr[j + 1]! + (c * r + d * s);
    yi[j + 1] = yi[j + 1]! + (c * s - d * r);
  }
  const diagonal = re[row + i]!;
  yr[i] = rr0 + rr1 - (ii0 + ii1) + diagonal * r;
  yi[i] = ri0 + ri1 + (ir0 + ir1) + diagonal * s;
}
