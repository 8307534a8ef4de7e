/** Mathematics: src/backend/ts/eig/balance.ts. */
import { at, put } from '../layout';

const LOW: f64 = 1e-280;
const HIGH: f64 = 1e280;
/** A step of scaling must shrink the sum of the two norms by this factor to be taken. */
const GAIN: f64 = 0.95;
/** Bounds on the factors: products with elements in range stay in range. */
const SMALLEST: f64 = 1.0020841800044864e-292;
const LARGEST: f64 = 9.9792015476736e291;

/** 2-norm of `count` elements of `width` numbers each, the first at a[p], `step` numbers apart. */
function norm2(a: usize, p: i32, count: i32, step: i32, width: i32): f64 {
  let squares = 0.0;
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < width; k++) {
      const x = at<f64>(a, p + i * step + k);
      squares += x * x;
    }
  }
  if (squares > LOW && squares < HIGH) return sqrt(squares);
  let largest = 0.0;
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < width; k++) largest = max(largest, abs(at<f64>(a, p + i * step + k)));
  }
  if (largest == 0) return 0;
  squares = 0;
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < width; k++) {
      const x = at<f64>(a, p + i * step + k) / largest;
      squares += x * x;
    }
  }
  return largest * sqrt(squares);
}

function exchange(a: usize, p: i32, q: i32, count: i32, step: i32, width: i32): void {
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < width; k++) {
      const one = p + i * step + k;
      const other = q + i * step + k;
      const x = at<f64>(a, one);
      put<f64>(a, one, at<f64>(a, other));
      put<f64>(a, other, x);
    }
  }
}

/** Whether row i (or column i) is zero in columns (rows) lo…hi but for its diagonal element. */
function isolated(a: usize, ld: i32, lo: i32, hi: i32, i: i32, column: boolean, width: i32): boolean {
  for (let j = lo; j <= hi; j++) {
    const p = width * (column ? j * ld + i : i * ld + j);
    if (j != i && (at<f64>(a, p) != 0 || at<f64>(a, p + width - 1) != 0)) return false;
  }
  return true;
}

/** Exchanges indices i and j of a, whose rows and columns lo…hi are active, and records it in scale[j]. */
function permute(a: usize, ld: i32, n: i32, hi: i32, lo: i32, i: i32, j: i32, scale: usize, width: i32): void {
  put<f64>(scale, j, <f64>i);
  if (i == j) return;
  exchange(a, width * i, width * j, hi + 1, width * ld, width);
  exchange(a, width * (i * ld + lo), width * (j * ld + lo), n - lo, width, width);
}

export function balance(a: usize, ld: i32, n: i32, width: i32, scale: usize, info: usize): void {
  let lo = 0;
  let hi = n - 1;
  let i = hi;
  while (i >= 0 && hi > 0) {
    if (isolated(a, ld, 0, hi, i, false, width)) {
      permute(a, ld, n, hi, 0, i, hi, scale, width);
      hi--;
      i = hi;
    } else i--;
  }
  i = lo;
  while (i <= hi && lo < hi) {
    if (isolated(a, ld, lo, hi, i, true, width)) {
      permute(a, ld, n, hi, lo, i, lo, scale, width);
      lo++;
      i = lo;
    } else i++;
  }
  for (let j = lo; j <= hi; j++) put<f64>(scale, j, 1);
  put<f64>(info, 0, <f64>lo);
  put<f64>(info, 1, <f64>hi);
  let changed = hi > lo;
  while (changed) {
    changed = false;
    for (let j = lo; j <= hi; j++) {
      if (scaleIndex(a, ld, n, lo, hi, j, scale, width)) changed = true;
    }
  }
}

/** One step of scaling at index j; whether it was worth taking. */
function scaleIndex(a: usize, ld: i32, n: i32, lo: i32, hi: i32, j: i32, scale: usize, width: i32): boolean {
  let c = norm2(a, width * (lo * ld + j), hi - lo + 1, width * ld, width);
  let r = norm2(a, width * (j * ld + lo), hi - lo + 1, width, width);
  if (c == 0 || r == 0) return false;
  const sum = c + r;
  let f = 1.0;
  while (2 * c <= r && f < LARGEST && c < LARGEST) {
    f *= 2;
    c *= 2;
    r *= 0.5;
  }
  while (c >= 2 * r && f > SMALLEST && r < LARGEST) {
    f *= 0.5;
    c *= 0.5;
    r *= 2;
  }
  if (c + r >= GAIN * sum || f == 1) return false;
  const product = at<f64>(scale, j) * f;
  if (product < SMALLEST || product > LARGEST) return false;
  put<f64>(scale, j, product);
  const inverse = 1 / f;
  for (let k = width * (j * ld + lo); k < width * (j * ld + n); k++) put<f64>(a, k, at<f64>(a, k) * inverse);
  for (let k = 0; k <= hi; k++) {
    const p = width * (k * ld + j);
    for (let w = p; w < p + width; w++) put<f64>(a, w, at<f64>(a, w) * f);
  }
  return true;
}

/** Rows of the complex matrix x ← D x (or D⁻¹ x for left vectors), then the exchanges in reverse: vectors of the matrix before balancing. */
export function undoBalance(x: usize, ld: i32, n: i32, columns: i32, lo: i32, hi: i32, scale: usize, left: boolean): void {
  for (let i = lo; i <= hi; i++) {
    const factor = left ? 1 / at<f64>(scale, i) : at<f64>(scale, i);
    if (factor != 1) for (let j = 2 * i * ld; j < 2 * (i * ld + columns); j++) put<f64>(x, j, at<f64>(x, j) * factor);
  }
  for (let i = lo - 1; i >= 0; i--) exchange(x, 2 * i * ld, 2 * <i32>at<f64>(scale, i) * ld, columns, 2, 2);
  for (let i = hi + 1; i < n; i++) exchange(x, 2 * i * ld, 2 * <i32>at<f64>(scale, i) * ld, columns, 2, 2);
}
