import type { Width } from '../../contract/hermitian.ts';
import { makeReflector } from '../dense/reflector.ts';
import { subtractRow } from '../dense/rows.ts';
import { largestSize, scaleFor, scaleTriangle } from '../dense/scaling.ts';
import { blockedQr, blockedQrMultiply, multiplyInBlocks, qrInBlocks } from './blocked-qr.ts';

/** √u: below it a downdated norm is computed afresh. */
const FRESH = 2 ** -26;

/**
 * A = Q R by reflectors, H†A by rows: z = τ̄ v†A, row_i ← row_i − v_i z. With pivoting step k takes the column whose rest is longest;
 * the lengths are downdated and computed afresh where cancellation has cost half the digits. Contract:
 * src/backend/contract/factorisations.ts. Without pivoting larger matrices go by blocks ({@link blockedQr}). Here work = [xr, xi, z, lengths, lengths when last computed, out].
 *
 * @cost 2n²(m − n/3) flops real, four times that complex
 * @accuracy backward stable column by column: ‖QR − A‖ ≤ c·m·u·‖A‖; parity exact.
 * @source P. Businger, G. H. Golub, Numer. Math. 7 (1965) 269; downdating: Z. Drmač, Z. Bujanović, ACM TOMS 35 (2008) 12.
 */
export function qr(
  a: Float64Array,
  m: number,
  n: number,
  width: Width,
  permutation: Int32Array | null,
  tau: Float64Array,
  work: Float64Array,
): void {
  if (permutation === null && qrInBlocks(Math.min(m, n))) {
    blockedQr(a, m, n, width, tau, work);
    return;
  }
  let used = 0;
  const take = (length: number): Float64Array => work.subarray(used, (used += length));
  const [xr, xi, z, lengths, fresh, out] = [take(m), take(m), take(width * n), take(n), take(n), take(3)];
  const total = width * m * n;
  const scale = scaleFor(largestSize(a, total));
  for (let at = 0; at < total; at++) a[at] = a[at]! * scale;
  const row = width * n;
  if (permutation !== null) {
    for (let j = 0; j < n; j++) {
      permutation[j] = j;
      lengths[j] = fresh[j] = columnLength(a, m, n, width, 0, j);
    }
  }
  for (let k = 0; k < m && k < n; k++) {
    if (permutation !== null) exchange(a, m, n, width, k, permutation, lengths, fresh);
    const column = k * width;
    for (let i = k; i < m; i++) {
      xr[i] = a[i * row + column]!;
      xi[i] = width === 1 ? 0 : a[i * row + column + 1]!;
    }
    makeReflector(xr.subarray(k), width === 1 ? null : xi.subarray(k), m - k, 0, out);
    const tr = out[0]!;
    const ti = out[1]!;
    tau[2 * k] = tr;
    tau[2 * k + 1] = ti;
    for (let i = k; i < m; i++) {
      a[i * row + column] = xr[i]!;
      if (width === 2) a[i * row + column + 1] = xi[i]!;
    }
    const count = n - k - 1;
    z.fill(0, 0, width * count);
    for (let i = k; i < m; i++) subtractRow(width, count, -xr[i]!, xi[i]!, a, i * row + column + width, z, 0);
    // v_i τ̄ z
    for (let i = k; i < m; i++) {
      const fr = xr[i]! * tr + xi[i]! * ti;
      const fi = xi[i]! * tr - xr[i]! * ti;
      subtractRow(width, count, fr, fi, z, 0, a, i * row + column + width);
    }
    a[k * row + column] = out[2]!;
    if (width === 2) a[k * row + column + 1] = 0;
    if (permutation !== null) downdate(a, m, n, width, k, lengths, fresh);
  }
  scaleTriangle(a, m, n, width, 1 / scale);
}

/** B ← H_0 H_1 ⋯ B, or ⋯ H_1†H_0† B where `adjoint`. */
export function qrMultiply(
  factors: Float64Array,
  tau: Float64Array,
  m: number,
  n: number,
  width: Width,
  b: Float64Array,
  columns: number,
  adjoint: boolean,
  work: Float64Array,
): void {
  const count = Math.min(m, n);
  if (multiplyInBlocks(count, columns)) {
    blockedQrMultiply(factors, tau, m, n, width, b, columns, adjoint, work);
    return;
  }
  const row = width * columns;
  const z = work.subarray(0, row);
  for (let step = 0; step < count; step++) {
    const k = adjoint ? step : count - 1 - step;
    const tr = tau[2 * k]!;
    const ti = adjoint ? -tau[2 * k + 1]! : tau[2 * k + 1]!;
    z.fill(0);
    for (let i = k; i < m; i++) {
      const at = (i * n + k) * width;
      const vr = i === k ? 1 : factors[at]!;
      const vi = i === k || width === 1 ? 0 : factors[at + 1]!;
      subtractRow(width, columns, -vr, vi, b, i * row, z, 0);
    }
    for (let i = k; i < m; i++) {
      const at = (i * n + k) * width;
      const vr = i === k ? 1 : factors[at]!;
      const vi = i === k || width === 1 ? 0 : factors[at + 1]!;
      subtractRow(width, columns, vr * tr - vi * ti, vi * tr + vr * ti, z, 0, b, i * row);
    }
  }
}

/** Length of column j from row k on. */
function columnLength(a: Float64Array, m: number, n: number, width: Width, k: number, j: number): number {
  let largest = 0;
  for (let i = k; i < m; i++) {
    const at = (i * n + j) * width;
    largest = Math.max(largest, Math.abs(a[at]!));
    if (width === 2) largest = Math.max(largest, Math.abs(a[at + 1]!));
  }
  if (largest === 0) return 0;
  let sum = 0;
  for (let i = k; i < m; i++) {
    const at = (i * n + j) * width;
    const re = a[at]! / largest;
    const im = width === 1 ? 0 : a[at + 1]! / largest;
    sum += re * re + im * im;
  }
  return largest * Math.sqrt(sum);
}

/** Exchanges column k with the longest one that is left. */
function exchange(
  a: Float64Array,
  m: number,
  n: number,
  width: Width,
  k: number,
  permutation: Int32Array,
  lengths: Float64Array,
  fresh: Float64Array,
): void {
  let longest = k;
  for (let j = k + 1; j < n; j++) if (lengths[j]! > lengths[longest]!) longest = j;
  if (longest === k) return;
  for (let i = 0; i < m; i++) {
    for (let part = 0; part < width; part++) {
      const x = (i * n + k) * width + part;
      const y = (i * n + longest) * width + part;
      const kept = a[x]!;
      a[x] = a[y]!;
      a[y] = kept;
    }
  }
  const kept = permutation[k]!;
  permutation[k] = permutation[longest]!;
  permutation[longest] = kept;
  lengths[longest] = lengths[k]!;
  fresh[longest] = fresh[k]!;
}

/** Takes row k off the lengths of the columns after k. */
function downdate(
  a: Float64Array,
  m: number,
  n: number,
  width: Width,
  k: number,
  lengths: Float64Array,
  fresh: Float64Array,
): void {
  for (let j = k + 1; j < n; j++) {
    const length = lengths[j]!;
    if (length === 0) continue;
    const at = (k * n + j) * width;
    const re = a[at]! / length;
    const im = width === 1 ? 0 : a[at + 1]! / length;
    const rest = Math.max(0, 1 - (re * re + im * im));
    const ratio = length / fresh[j]!;
    if (rest * ratio * ratio <= FRESH) lengths[j] = fresh[j] = columnLength(a, m, n, width, k + 1, j);
    else lengths[j] = length * Math.sqrt(rest);
  }
}
