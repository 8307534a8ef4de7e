/** QR factorisation. Mathematics and work space: src/backend/ts/factorisations/qr.ts. permutation = 0: no pivoting. */
import { at, put, rowOf, seek } from '../layout';
import { makeReflector } from '../dense/reflector';
import { subtractRow, subtractRows } from '../dense/rows';
import { largestSize, scaleFor } from '../dense/scaling';
import { BLOCKED_COLUMNS, BLOCKED_FROM, blockedQr, blockedQrMultiply } from './blocked-qr';

const FRESH: f64 = reinterpret<f64>((1023 - 26) << 52);

export function qr(a: usize, m: i32, n: i32, width: i32, permutation: usize, tau: usize, work: usize): void {
  if (permutation == 0 && min(m, n) >= BLOCKED_FROM) {
    blockedQr(a, m, n, width, tau, work);
    return;
  }
  const xr = work;
  const xi = seek<f64>(xr, m);
  const z = seek<f64>(xi, m);
  const lengths = seek<f64>(z, width * n);
  const fresh = seek<f64>(lengths, n);
  const out = seek<f64>(fresh, n);
  const total = width * m * n;
  const scale = scaleFor(largestSize(a, total));
  for (let i = 0; i < total; i++) put<f64>(a, i, at<f64>(a, i) * scale);
  const row = width * n;
  if (permutation != 0) {
    for (let j = 0; j < n; j++) {
      put<i32>(permutation, j, j);
      const length = columnLength(a, m, n, width, 0, j);
      put<f64>(lengths, j, length);
      put<f64>(fresh, j, length);
    }
  }
  for (let k = 0; k < m && k < n; k++) {
    if (permutation != 0) exchange(a, m, n, width, k, permutation, lengths, fresh);
    const column = seek<f64>(a, k * width);
    for (let i = k; i < m; i++) {
      const element = rowOf<f64>(column, i, row);
      put<f64>(xr, i, at<f64>(element, 0));
      put<f64>(xi, i, width == 1 ? 0 : at<f64>(element, 1));
    }
    makeReflector(seek<f64>(xr, k), width == 1 ? 0 : seek<f64>(xi, k), m - k, 0, out);
    const tr = at<f64>(out, 0);
    const ti = at<f64>(out, 1);
    put<f64>(tau, 2 * k, tr);
    put<f64>(tau, 2 * k + 1, ti);
    for (let i = k; i < m; i++) {
      const element = rowOf<f64>(column, i, row);
      put<f64>(element, 0, at<f64>(xr, i));
      if (width == 2) put<f64>(element, 1, at<f64>(xi, i));
    }
    const count = n - k - 1;
    const rest = seek<f64>(column, width);
    for (let j = 0; j < width * count; j++) put<f64>(z, j, 0);
    subtractRows(width, count, m - k, rowOf<f64>(column, k, row), row, rowOf<f64>(rest, k, row), row, z, true);
    for (let i = k; i < m; i++) {
      const vr = at<f64>(xr, i);
      const vi = at<f64>(xi, i);
      subtractRow(width, count, vr * tr + vi * ti, vi * tr - vr * ti, z, rowOf<f64>(rest, i, row));
    }
    const diagonal = rowOf<f64>(column, k, row);
    put<f64>(diagonal, 0, at<f64>(out, 2));
    if (width == 2) put<f64>(diagonal, 1, 0);
    if (permutation != 0) downdate(a, m, n, width, k, lengths, fresh);
  }
  const factor = 1 / scale;
  for (let i = 0; i < m && i < n; i++) {
    const r = rowOf<f64>(a, i, row);
    for (let j = i * width; j < row; j++) put<f64>(r, j, at<f64>(r, j) * factor);
  }
}

export function qrMultiply(factors: usize, tau: usize, m: i32, n: i32, width: i32, b: usize, columns: i32, adjoint: bool, work: usize): void {
  const count = min(m, n);
  if (count >= BLOCKED_FROM && columns >= BLOCKED_COLUMNS) {
    blockedQrMultiply(factors, tau, m, n, width, b, columns, adjoint, work);
    return;
  }
  const z = work;
  const row = width * columns;
  for (let step = 0; step < count; step++) {
    const k = adjoint ? step : count - 1 - step;
    const tr = at<f64>(tau, 2 * k);
    const ti = adjoint ? -at<f64>(tau, 2 * k + 1) : at<f64>(tau, 2 * k + 1);
    for (let j = 0; j < row; j++) put<f64>(z, j, 0);
    // The one of v is not stored.
    subtractRow(width, columns, -1, 0, rowOf<f64>(b, k, row), z);
    const below = seek<f64>(rowOf<f64>(factors, k + 1, n * width), k * width);
    subtractRows(width, columns, m - k - 1, below, n * width, rowOf<f64>(b, k + 1, row), row, z, true);
    for (let i = k; i < m; i++) {
      const v = seek<f64>(rowOf<f64>(factors, i, n * width), k * width);
      const vr = i == k ? 1.0 : at<f64>(v, 0);
      const vi = i == k || width == 1 ? 0.0 : at<f64>(v, 1);
      subtractRow(width, columns, vr * tr - vi * ti, vi * tr + vr * ti, z, rowOf<f64>(b, i, row));
    }
  }
}

function columnLength(a: usize, m: i32, n: i32, width: i32, k: i32, j: i32): f64 {
  const column = seek<f64>(a, j * width);
  let largest: f64 = 0;
  for (let i = k; i < m; i++) {
    const z = rowOf<f64>(column, i, n * width);
    largest = max<f64>(largest, abs<f64>(at<f64>(z, 0)));
    if (width == 2) largest = max<f64>(largest, abs<f64>(at<f64>(z, 1)));
  }
  if (largest == 0) return 0;
  let sum: f64 = 0;
  for (let i = k; i < m; i++) {
    const z = rowOf<f64>(column, i, n * width);
    const re = at<f64>(z, 0) / largest;
    const im = width == 1 ? 0.0 : at<f64>(z, 1) / largest;
    sum += re * re + im * im;
  }
  return largest * sqrt<f64>(sum);
}

function exchange(a: usize, m: i32, n: i32, width: i32, k: i32, permutation: usize, lengths: usize, fresh: usize): void {
  let longest = k;
  for (let j = k + 1; j < n; j++) if (at<f64>(lengths, j) > at<f64>(lengths, longest)) longest = j;
  if (longest == k) return;
  for (let i = 0; i < m; i++) {
    const row = rowOf<f64>(a, i, n * width);
    for (let part = 0; part < width; part++) {
      const kept = at<f64>(row, k * width + part);
      put<f64>(row, k * width + part, at<f64>(row, longest * width + part));
      put<f64>(row, longest * width + part, kept);
    }
  }
  const kept = at<i32>(permutation, k);
  put<i32>(permutation, k, at<i32>(permutation, longest));
  put<i32>(permutation, longest, kept);
  put<f64>(lengths, longest, at<f64>(lengths, k));
  put<f64>(fresh, longest, at<f64>(fresh, k));
}

function downdate(a: usize, m: i32, n: i32, width: i32, k: i32, lengths: usize, fresh: usize): void {
  const row = rowOf<f64>(a, k, n * width);
  for (let j = k + 1; j < n; j++) {
    const length = at<f64>(lengths, j);
    if (length == 0) continue;
    const re = at<f64>(row, j * width) / length;
    const im = width == 1 ? 0.0 : at<f64>(row, j * width + 1) / length;
    const rest = max<f64>(0, 1 - (re * re + im * im));
    const ratio = length / at<f64>(fresh, j);
    if (rest * ratio * ratio <= FRESH) {
      const computed = columnLength(a, m, n, width, k + 1, j);
      put<f64>(lengths, j, computed);
      put<f64>(fresh, j, computed);
    } else put<f64>(lengths, j, length * sqrt<f64>(rest));
  }
}
