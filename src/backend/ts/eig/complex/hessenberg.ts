/**
 * Reduction to Hessenberg form, H = Q* A Q, by n−2 Householder reflectors P_k = I − τ v v*.
 *
 * With w = τ v*A and y = τ A v, P A P = A − v w − (y − τ(w·v) v) v*: one rank-2 update. Column k+1 of the update costs O(n)
 * and gives the next v, so one pass over the rows both updates them and forms the next w and y. Rows above the active block
 * only take P from the right; they wait and take all of them while they are in the cache.
 *
 * @cost 10/3·n³ complex multiply-adds, and 4/3·n³ to form Q.
 * @source A. S. Householder, J. ACM 5 (1958) 339; fused passes: G. W. Howell, J. W. Demmel, C. T. Fulton, S. Hammarling,
 * K. Marmol, ACM TOMS 34 (2008) 14.
 */
import { formHessenbergBasis } from './hessenberg-basis.ts';
import { updateRows } from './rank-two.ts';
import { makeReflector, reflectRows } from './reflector.ts';

/** Moves column k of a below its diagonal into row k of v as a reflector; leaves β and zeros. */
function takeReflector(
  a: Float64Array,
  ld: number,
  n: number,
  hi: number,
  k: number,
  v: Float64Array,
  tau: Float64Array,
  out: Float64Array,
  o: number,
): void {
  const row = 2 * k * ld;
  for (let j = 0; j < 2 * n; j++) v[row + j] = 0;
  for (let i = k + 1; i <= hi; i++) {
    const from = 2 * (i * ld + k);
    v[row + 2 * i] = a[from]!;
    v[row + 2 * i + 1] = a[from + 1]!;
    a[from] = 0;
    a[from + 1] = 0;
  }
  makeReflector(v, row + 2 * (k + 1), hi - k, out, o);
  tau[k] = out[o]!;
  const to = 2 * ((k + 1) * ld + k);
  a[to] = out[o + 1]!;
  a[to + 1] = out[o + 2]!;
}

/**
 * Reduces rows and columns lo…hi of the n×n matrix a (rows ld complex numbers apart), which is triangular outside them.
 * Row k of v and tau[k] receive reflector k (lo ≤ k ≤ hi−2).
 */
function reduceToHessenberg(
  a: Float64Array,
  ld: number,
  n: number,
  lo: number,
  hi: number,
  v: Float64Array,
  tau: Float64Array,
  work: Float64Array,
): void {
  if (hi - lo < 2) return;
  const y = 4 * n;
  const out = 6 * n;
  let w = 0;
  let next = 2 * n;
  takeReflector(a, ld, n, hi, lo, v, tau, work, out);
  for (let j = 0; j < 6 * n; j++) work[j] = 0;
  const from = lo + 1;
  const firstV = 2 * lo * ld;
  // ν = η = 0: the work space holds zeros where they are read.
  updateRows(
    a,
    2 * (from * ld + from),
    2 * ld,
    hi - lo,
    n - from,
    work,
    next,
    v,
    firstV + 2 * from,
    firstV + 2 * from,
    firstV + 2 * from,
    work,
    next + 2 * from,
    w + 2 * from,
    y + 2 * from,
  );
  for (let k = lo; k <= hi - 2; k++) {
    const vk = 2 * k * ld;
    const t = tau[k]!;
    let dotR = 0.0;
    let dotI = 0.0;
    for (let j = 2 * (k + 1); j < 2 * n; j += 2) {
      const wr = t * work[w + j]!;
      const wi = t * work[w + j + 1]!;
      work[w + j] = wr;
      work[w + j + 1] = wi;
      dotR += wr * v[vk + j]! - wi * v[vk + j + 1]!;
      dotI += wr * v[vk + j + 1]! + wi * v[vk + j]!;
    }
    dotR *= t;
    dotI *= t;
    const c = 2 * (k + 1);
    const wr = work[w + c]!;
    const wi = work[w + c + 1]!;
    const cr = v[vk + c]!;
    const ci = v[vk + c + 1]!;
    for (let i = k + 1; i <= hi; i++) {
      const vr = v[vk + 2 * i]!;
      const vi = v[vk + 2 * i + 1]!;
      const yr = t * work[y + 2 * i]! - (dotR * vr - dotI * vi);
      const yi = t * work[y + 2 * i + 1]! - (dotR * vi + dotI * vr);
      work[y + 2 * i] = yr;
      work[y + 2 * i + 1] = yi;
      const p = 2 * (i * ld + k + 1);
      a[p] = a[p]! - vr * wr + vi * wi - yr * cr - yi * ci;
      a[p + 1] = a[p + 1]! - vr * wi - vi * wr + yr * ci - yi * cr;
    }
    const vn = 2 * (k + 1) * ld;
    if (k < hi - 2) takeReflector(a, ld, n, hi, k + 1, v, tau, work, out);
    else for (let j = 0; j < 2 * n; j++) v[vn + j] = 0;
    for (let j = 2 * (k + 2); j < 2 * n; j++) work[next + j] = 0;
    const column = k + 2;
    updateRows(
      a,
      2 * ((k + 1) * ld + column),
      2 * ld,
      hi - k,
      n - column,
      v,
      vk + c,
      v,
      vk + 2 * column,
      vn + c,
      vn + 2 * column,
      work,
      w + 2 * column,
      next + 2 * column,
      y + c,
    );
    const swap = w;
    w = next;
    next = swap;
  }
  finishUpperRows(a, ld, lo, hi, v, tau);
}

/** Applies to every row the reflectors that came after it had left the active block, four rows at a time. */
function finishUpperRows(
  a: Float64Array,
  ld: number,
  lo: number,
  hi: number,
  v: Float64Array,
  tau: Float64Array,
): void {
  for (let top = 0; top <= hi - 2; top += 4) {
    const rows = Math.min(4, hi - 1 - top);
    const together = top + rows - 1;
    for (let i = top; i < together; i++) {
      for (let k = Math.max(lo, i); k < together; k++) {
        reflectRows(a, 2 * (i * ld + k + 1), 2 * ld, 1, v, 2 * (k * ld + k + 1), hi - k, tau[k]!);
      }
    }
    for (let k = Math.max(lo, together); k <= hi - 2; k++) {
      reflectRows(a, 2 * (top * ld + k + 1), 2 * ld, rows, v, 2 * (k * ld + k + 1), hi - k, tau[k]!);
    }
  }
}

/**
 * a ← Q* A Q in Hessenberg form; q = Q if `basis`. v (n×ld complex) and tau (n) receive the reflectors. work: w, the next w,
 * y, the constants of one reflector: 6n + 4 numbers.
 */
export function complexHessenberg(
  a: Float64Array,
  ld: number,
  n: number,
  lo: number,
  hi: number,
  q: Float64Array,
  basis: boolean,
  v: Float64Array,
  tau: Float64Array,
  work: Float64Array,
): void {
  reduceToHessenberg(a, ld, n, lo, hi, v, tau, work);
  if (basis) formHessenbergBasis(q, ld, n, lo, hi, v, tau, work);
}
