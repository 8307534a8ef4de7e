/**
 * Reduction to tridiagonal form. Mathematics: src/backend/ts/hermitian/tridiagonalise.ts. Real and imaginary parts of A lie in
 * planes of their own, so that two columns fill a vector and a complex product needs no shuffle. The eight vectors lie in records of
 * 128 bytes: columns 2q and 2q+1 of v, w, x, y (real part, imaginary part each), so that one pointer serves them all.
 * im = 0: a real matrix.
 */
import { at, put, putVector, rowOf, seek, vectorAt } from '../layout';
import { makeReflector } from '../dense/reflector';

/** Fields of a record: the offset of their two numbers. */
const VR: i32 = 0;
const VI: i32 = 2;
const WR: i32 = 4;
const WI: i32 = 6;
const XR: i32 = 8;
const XI: i32 = 10;
const YR: i32 = 12;
const YI: i32 = 14;
const RECORD: i32 = 16;

/** Number j of a field. */
// @ts-ignore: decorator
@inline
function get(records: usize, field: i32, j: i32): f64 {
  return at<f64>(records, (j >> 1) * RECORD + field + (j & 1));
}

// @ts-ignore: decorator
@inline
function set(records: usize, field: i32, j: i32, value: f64): void {
  put<f64>(records, (j >> 1) * RECORD + field + (j & 1), value);
}

export function tridiagonalise(re: usize, im: usize, n: i32, d: usize, e: usize, tau: usize, records: usize, out: usize): void {
  const length = ((n + 1) >> 1) * RECORD;
  for (let j = 0; j < length; j++) put<f64>(records, j, 0);
  put<f64>(e, n - 1, 0);
  for (let k = n - 1; k >= 0; k--) {
    const row = rowOf<f64>(re, k, n);
    const imRow: usize = im == 0 ? 0 : rowOf<f64>(im, k, n);
    if (im == 0) updateRowReal(row, k, records);
    else updateRowComplex(row, imRow, k, records);
    put<f64>(d, k, at<f64>(row, k));
    if (k == 0) return;
    // The reflector replaces the row, and goes to the records from there.
    if (im != 0) for (let j = 0; j < k; j++) put<f64>(imRow, j, -at<f64>(imRow, j));
    makeReflector(row, imRow, k, k - 1, out);
    const tr = at<f64>(out, 0);
    const ti = at<f64>(out, 1);
    put<f64>(e, k - 1, at<f64>(out, 2));
    put<f64>(tau, 2 * k, tr);
    put<f64>(tau, 2 * k + 1, ti);
    for (let j = 0; j < k; j++) set(records, XR, j, at<f64>(row, j));
    if (im == 0) {
      for (let i = 0; i < k; i++) passReal(rowOf<f64>(re, i, n), i, records);
      const half = -0.5 * tr * tr * dotXY(records, XR, YR, k);
      for (let j = 0; j < k; j++) {
        const x = get(records, XR, j);
        set(records, WR, j, tr * get(records, YR, j) + half * x);
        set(records, VR, j, x);
      }
    } else {
      for (let j = 0; j < k; j++) set(records, XI, j, at<f64>(imRow, j));
      for (let i = 0; i < k; i++) passComplex(rowOf<f64>(re, i, n), rowOf<f64>(im, i, n), i, records);
      const half = -0.5 * (tr * tr + ti * ti) * (dotXY(records, XR, YR, k) + dotXY(records, XI, YI, k));
      for (let j = 0; j < k; j++) {
        const xr = get(records, XR, j);
        const xi = get(records, XI, j);
        const yr = get(records, YR, j);
        const yi = get(records, YI, j);
        set(records, WR, j, tr * yr - ti * yi + half * xr);
        set(records, WI, j, tr * yi + ti * yr + half * xi);
        set(records, VR, j, xr);
        set(records, VI, j, xi);
      }
    }
  }
}

/** Σ of the products of two fields; even-numbered terms in lane 0. */
function dotXY(records: usize, a: i32, b: i32, m: i32): f64 {
  let sums = f64x2.splat(0);
  let j = 0;
  let record = records;
  for (; j + 2 <= m; j += 2) {
    sums = f64x2.add(sums, f64x2.mul(vectorAt<f64>(record, a), vectorAt<f64>(record, b)));
    record = seek<f64>(record, RECORD);
  }
  let even = f64x2.extract_lane(sums, 0);
  if (j < m) even += at<f64>(record, a) * at<f64>(record, b);
  return even + f64x2.extract_lane(sums, 1);
}

function updateRowReal(row: usize, i: i32, records: usize): void {
  const a = get(records, VR, i);
  const b = get(records, WR, i);
  for (let j = 0; j <= i; j++) put<f64>(row, j, at<f64>(row, j) - (a * get(records, WR, j) + b * get(records, VR, j)));
}

// @ts-ignore: decorator
@inline
function updateElement(row: usize, imRow: usize, j: i32, ar: f64, ai: f64, br: f64, bi: f64, records: usize): void {
  const pr = get(records, VR, j);
  const pi = get(records, VI, j);
  const qr = get(records, WR, j);
  const qi = get(records, WI, j);
  put<f64>(row, j, at<f64>(row, j) - (ar * qr + ai * qi + (br * pr + bi * pi)));
  put<f64>(imRow, j, at<f64>(imRow, j) - (ai * qr - ar * qi + (bi * pr - br * pi)));
}

function updateRowComplex(row: usize, imRow: usize, i: i32, records: usize): void {
  const ar = get(records, VR, i);
  const ai = get(records, VI, i);
  const br = get(records, WR, i);
  const bi = get(records, WI, i);
  for (let j = 0; j <= i; j++) updateElement(row, imRow, j, ar, ai, br, bi, records);
  put<f64>(imRow, i, 0);
}

function passReal(row: usize, i: i32, records: usize): void {
  const a = get(records, VR, i);
  const b = get(records, WR, i);
  const xi = get(records, XR, i);
  const as = f64x2.splat(a);
  const bs = f64x2.splat(b);
  const xs = f64x2.splat(xi);
  let sums = f64x2.splat(0);
  let element = row;
  let record = records;
  const end = seek<f64>(row, i & ~1);
  while (element < end) {
    const update = f64x2.add(f64x2.mul(as, vectorAt<f64>(record, WR)), f64x2.mul(bs, vectorAt<f64>(record, VR)));
    const value = f64x2.sub(v128.load(element), update);
    v128.store(element, value);
    sums = f64x2.add(sums, f64x2.mul(value, vectorAt<f64>(record, XR)));
    putVector<f64>(record, YR, f64x2.add(vectorAt<f64>(record, YR), f64x2.mul(value, xs)));
    element = seek<f64>(element, 2);
    record = seek<f64>(record, RECORD);
  }
  let even = f64x2.extract_lane(sums, 0);
  if (i & 1) {
    const j = i - 1;
    const value = at<f64>(row, j) - (a * get(records, WR, j) + b * get(records, VR, j));
    put<f64>(row, j, value);
    even += value * get(records, XR, j);
    set(records, YR, j, get(records, YR, j) + value * xi);
  }
  const diagonal = at<f64>(row, i) - (a * get(records, WR, i) + b * get(records, VR, i));
  put<f64>(row, i, diagonal);
  set(records, YR, i, even + f64x2.extract_lane(sums, 1) + diagonal * xi);
}

function passComplex(row: usize, imRow: usize, i: i32, records: usize): void {
  const ar = get(records, VR, i);
  const ai = get(records, VI, i);
  const br = get(records, WR, i);
  const bi = get(records, WI, i);
  const r = get(records, XR, i);
  const s = get(records, XI, i);
  const ars = f64x2.splat(ar);
  const ais = f64x2.splat(ai);
  const brs = f64x2.splat(br);
  const bis = f64x2.splat(bi);
  const rs = f64x2.splat(r);
  const ss = f64x2.splat(s);
  let rr = f64x2.splat(0);
  let ii = f64x2.splat(0);
  let ri = f64x2.splat(0);
  let ir = f64x2.splat(0);
  let element = row;
  let imElement = imRow;
  let record = records;
  const end = seek<f64>(row, i & ~1);
  while (element < end) {
    const pr = vectorAt<f64>(record, VR);
    const pi = vectorAt<f64>(record, VI);
    const qr = vectorAt<f64>(record, WR);
    const qi = vectorAt<f64>(record, WI);
    const a = f64x2.sub(
      v128.load(element),
      f64x2.add(f64x2.add(f64x2.mul(ars, qr), f64x2.mul(ais, qi)), f64x2.add(f64x2.mul(brs, pr), f64x2.mul(bis, pi))),
    );
    const b = f64x2.sub(
      v128.load(imElement),
      f64x2.add(f64x2.sub(f64x2.mul(ais, qr), f64x2.mul(ars, qi)), f64x2.sub(f64x2.mul(bis, pr), f64x2.mul(brs, pi))),
    );
    v128.store(element, a);
    v128.store(imElement, b);
    const x = vectorAt<f64>(record, XR);
    const y = vectorAt<f64>(record, XI);
    rr = f64x2.add(rr, f64x2.mul(a, x));
    ii = f64x2.add(ii, f64x2.mul(b, y));
    ri = f64x2.add(ri, f64x2.mul(a, y));
    ir = f64x2.add(ir, f64x2.mul(b, x));
    putVector<f64>(record, YR, f64x2.add(vectorAt<f64>(record, YR), f64x2.add(f64x2.mul(a, rs), f64x2.mul(b, ss))));
    putVector<f64>(record, YI, f64x2.add(vectorAt<f64>(record, YI), f64x2.sub(f64x2.mul(a, ss), f64x2.mul(b, rs))));
    element = seek<f64>(element, 2);
    imElement = seek<f64>(imElement, 2);
    record = seek<f64>(record, RECORD);
  }
  let rr0 = f64x2.extract_lane(rr, 0);
  let ii0 = f64x2.extract_lane(ii, 0);
  let ri0 = f64x2.extract_lane(ri, 0);
  let ir0 = f64x2.extract_lane(ir, 0);
  if (i & 1) {
    const j = i - 1;
    updateElement(row, imRow, j, ar, ai, br, bi, records);
    const a = at<f64>(row, j);
    const b = at<f64>(imRow, j);
    const x = get(records, XR, j);
    const y = get(records, XI, j);
    rr0 += a * x;
    ii0 += b * y;
    ri0 += a * y;
    ir0 += b * x;
    set(records, YR, j, get(records, YR, j) + (a * r + b * s));
    set(records, YI, j, get(records, YI, j) + (a * s - b * r));
  }
  updateElement(row, imRow, i, ar, ai, br, bi, records);
  put<f64>(imRow, i, 0);
  const diagonal = at<f64>(row, i);
  const ii1 = f64x2.extract_lane(ii, 1);
  const ir1 = f64x2.extract_lane(ir, 1);
  set(records, YR, i, rr0 + f64x2.extract_lane(rr, 1) - (ii0 + ii1) + diagonal * r);
  set(records, YI, i, ri0 + f64x2.extract_lane(ri, 1) + (ir0 + ir1) + diagonal * s);
}
