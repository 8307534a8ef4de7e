/**
 * Reduction to Hessenberg form, H = Qᵀ A Q: the real twin of complex/hessenberg, where the method is explained.
 *
 * @cost 10/3·n³ multiply-adds, and 4/3·n³ to form Q.
 */
import { formHessenbergBasis } from './hessenberg-basis.ts';
import { updateRow } from './rank-two.ts';
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
  const row = k * ld;
  for (let j = 0; j < n; j++) v[row + j] = 0;
  for (let i = k + 1; i <= hi; i++) {
    v[row + i] = a[i * ld + k]!;
    a[i * ld + k] = 0;
  }
  makeReflector(v, row + k + 1, hi - k, out, o);
  tau[k] = out[o]!;
  a[(k + 1) * ld + k] = out[o + 1]!;
}

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
  const y = 2 * n;
  const out = 3 * n;
  let w = 0;
  let next = n;
  takeReflector(a, ld, n, hi, lo, v, tau, work, out);
  for (let j = 0; j < 3 * n; j++) work[j] = 0;
  const from = lo + 1;
  const first = lo * ld;
  for (let i = from; i <= hi; i++) {
    updateRow(
      a,
      i * ld + from,
      n - from,
      0,
      work,
      next + from,
      0,
      v,
      first + from,
      v[first + i]!,
      work,
      w + from,
      v,
      first + from,
      work,
      y + i,
    );
  }
  for (let k = lo; k <= hi - 2; k++) {
    const vk = k * ld;
    const t = tau[k]!;
    let dot = 0.0;
    for (let j = k + 1; j < n; j++) {
      const scaled = t * work[w + j]!;
      work[w + j] = scaled;
      dot += scaled * v[vk + j]!;
    }
    dot *= t;
    const c = k + 1;
    const wc = work[w + c]!;
    const vc = v[vk + c]!;
    for (let i = c; i <= hi; i++) {
      const vi = v[vk + i]!;
      const yi = t * work[y + i]! - dot * vi;
      work[y + i] = yi;
      a[i * ld + c] = a[i * ld + c]! - vi * wc - yi * vc;
    }
    const vn = c * ld;
    if (k < hi - 2) takeReflector(a, ld, n, hi, c, v, tau, work, out);
    else for (let j = 0; j < n; j++) v[vn + j] = 0;
    const column = k + 2;
    for (let j = column; j < n; j++) work[next + j] = 0;
    for (let i = c; i <= hi; i++) {
      updateRow(
        a,
        i * ld + column,
        n - column,
        v[vk + i]!,
        work,
        w + column,
        work[y + i]!,
        v,
        vk + column,
        v[vn + i]!,
        work,
        next + column,
        v,
        vn + column,
        work,
        y + i,
      );
    }
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
        reflectRows(a, i * ld + k + 1, ld, 1, v, k * ld + k + 1, hi - k, tau[k]!);
      }
    }
    for (let k = Math.max(lo, together); k <= hi - 2; k++) {
      reflectRows(a, top * ld + k + 1, ld, rows, v, k * ld + k + 1, hi - k, tau[k]!);
    }
  }
}

/**
 * a ← Qᵀ A Q in Hessenberg form; q = Q if `basis`. v (n×ld) and tau (n) receive the reflectors. work: 3n + 2 numbers.
 */
export function realHessenberg(
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
