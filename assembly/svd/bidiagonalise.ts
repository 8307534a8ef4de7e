/**
 * Reduction to bidiagonal form. Mathematics: src/backend/ts/svd/bidiagonalise.ts. Real and imaginary parts of A lie in planes of
 * their own. The four vectors along a row lie in records of 128 bytes: columns 2q and 2q+1 of z, v, the next z, x (real part,
 * imaginary part each). Rows have an even length, so that there are no odd ends. im = 0: a real matrix.
 */
import { at, put, putVector, rowOf, seek, vectorAt } from '../layout';
import { makeReflector } from '../dense/reflector';
import { sumOfLanes } from '../simd';

const ZR: i32 = 0;
const ZI: i32 = 2;
const VR: i32 = 4;
const VI: i32 = 6;
const NR: i32 = 8;
const NI: i32 = 10;
const XR: i32 = 12;
const XI: i32 = 14;
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

export function bidiagonalise(
  re: usize, im: usize, m: i32, n: i32, d: usize, e: usize, tauLeft: usize, tauRight: usize, left: usize, vectors: usize, out: usize,
): void {
  const ld = n + (n & 1);
  for (let i = 0; i < 8 * ld + 6 * m; i++) put<f64>(vectors, i, 0);
  const records = vectors;
  const ur = seek<f64>(vectors, 8 * ld);
  const ui = seek<f64>(ur, m);
  const wr = seek<f64>(ui, m);
  const wi = seek<f64>(wr, m);
  const pr = seek<f64>(wi, m);
  const pi = seek<f64>(pr, m);
  for (let k = 0; k < n; k++) {
    const rowK = rowOf<f64>(re, k, ld);
    const imRowK: usize = im == 0 ? 0 : rowOf<f64>(im, k, ld);
    finishColumn(re, im, m, ld, k, records, ur, ui, wr, wi, pr, pi);
    makeReflector(seek<f64>(pr, k), im == 0 ? 0 : seek<f64>(pi, k), m - k, 0, out);
    const tr = at<f64>(out, 0);
    const ti = at<f64>(out, 1);
    put<f64>(d, k, at<f64>(out, 2));
    put<f64>(tauLeft, 2 * k, tr);
    put<f64>(tauLeft, 2 * k + 1, ti);
    if (left != 0) {
      const store = rowOf<f64>(left, k, m);
      for (let i = k; i < m; i++) put<f64>(store, i, at<f64>(pr, i));
      const imStore = rowOf<f64>(left, n + k, m);
      if (im != 0) for (let i = k; i < m; i++) put<f64>(imStore, i, at<f64>(pi, i));
    }
    if (k == n - 1) return;
    const first = (k + 1) & ~1;
    for (let j = first; j < ld; j++) {
      set(records, NR, j, 0);
      set(records, NI, j, 0);
    }
    const start = seek<f64>(records, (first >> 1) * RECORD);
    const length = ld - first;
    let next = k;
    if (im == 0) for (; next + 3 <= m; next += 3) updateThree(seek<f64>(rowOf<f64>(re, next, ld), first), ld, length, start, seek<f64>(ur, next), seek<f64>(wr, next), seek<f64>(pr, next));
    for (let i = next; i < m; i++) {
      const row = seek<f64>(rowOf<f64>(re, i, ld), first);
      if (im == 0) updateReal(row, length, start, at<f64>(ur, i), at<f64>(wr, i), at<f64>(pr, i));
      else {
        const imRow = seek<f64>(rowOf<f64>(im, i, ld), first);
        updateComplex(row, imRow, length, start, at<f64>(ur, i), at<f64>(ui, i), at<f64>(wr, i), at<f64>(wi, i), at<f64>(pr, i), at<f64>(pi, i));
      }
    }
    for (let j = first; j < ld; j++) {
      const nr = get(records, NR, j);
      const ni = get(records, NI, j);
      set(records, ZR, j, tr * nr + ti * ni);
      set(records, ZI, j, tr * ni - ti * nr);
    }
    for (let j = k + 1; j < n; j++) {
      put<f64>(rowK, j, at<f64>(rowK, j) - get(records, ZR, j));
      if (im != 0) put<f64>(imRowK, j, -(at<f64>(imRowK, j) - get(records, ZI, j)));
    }
    makeReflector(seek<f64>(rowK, k + 1), im == 0 ? 0 : seek<f64>(imRowK, k + 1), n - k - 1, 0, out);
    const sr = at<f64>(out, 0);
    const si = at<f64>(out, 1);
    put<f64>(e, k, at<f64>(out, 2));
    put<f64>(tauRight, 2 * k, sr);
    put<f64>(tauRight, 2 * k + 1, si);
    set(records, XR, k, 0);
    set(records, XI, k, 0);
    for (let j = k + 1; j < n; j++) {
      set(records, XR, j, at<f64>(rowK, j));
      if (im != 0) set(records, XI, j, at<f64>(imRowK, j));
    }
    const q = multiplyRecords(start, length, im != 0);
    const qr = f64x2.extract_lane(q, 0);
    const qi = f64x2.extract_lane(q, 1);
    let done = k + 1;
    // The four sums wait in w.
    if (im == 0) for (; done + 4 <= m; done += 4) multiplyFour(seek<f64>(rowOf<f64>(re, done, ld), first), ld, length, start, seek<f64>(wr, done));
    for (let i = k + 1; i < m; i++) {
      const row = seek<f64>(rowOf<f64>(re, i, ld), first);
      let sum = f64x2.splat(0);
      if (im != 0) sum = multiplyComplex(row, seek<f64>(rowOf<f64>(im, i, ld), first), length, start);
      else if (i < done) sum = f64x2.replace_lane(sum, 0, at<f64>(wr, i));
      else sum = multiplyReal(row, length, start);
      const p = at<f64>(pr, i);
      const r = at<f64>(pi, i);
      const br = f64x2.extract_lane(sum, 0) - (p * qr - r * qi);
      const bi = f64x2.extract_lane(sum, 1) - (p * qi + r * qr);
      put<f64>(wr, i, sr * br - si * bi);
      put<f64>(wi, i, sr * bi + si * br);
    }
    for (let j = first; j < ld; j++) {
      set(records, VR, j, get(records, XR, j));
      set(records, VI, j, get(records, XI, j));
    }
    for (let i = k; i < m; i++) {
      put<f64>(ur, i, at<f64>(pr, i));
      put<f64>(ui, i, at<f64>(pi, i));
    }
  }
}

/** Column k with the updates that wait, in pr + i·pi. */
function finishColumn(
  re: usize, im: usize, m: i32, ld: i32, k: i32, records: usize, ur: usize, ui: usize, wr: usize, wi: usize, pr: usize, pi: usize,
): void {
  const zr = get(records, ZR, k);
  const zi = get(records, ZI, k);
  const vr = get(records, VR, k);
  const vi = get(records, VI, k);
  for (let i = k; i < m; i++) {
    const a = at<f64>(ur, i);
    const b = at<f64>(ui, i);
    const c = at<f64>(wr, i);
    const d = at<f64>(wi, i);
    put<f64>(pr, i, at<f64>(rowOf<f64>(re, i, ld), k) - (a * zr - b * zi + (c * vr + d * vi)));
    if (im != 0) put<f64>(pi, i, at<f64>(rowOf<f64>(im, i, ld), k) - (a * zi + b * zr + (d * vr - c * vi)));
  }
}

function updateReal(row: usize, length: i32, records: usize, u: f64, w: f64, p: f64): void {
  const us = f64x2.splat(u);
  const ws = f64x2.splat(w);
  const ps = f64x2.splat(p);
  const end = seek<f64>(row, length);
  while (row < end) {
    const update = f64x2.add(f64x2.mul(us, vectorAt<f64>(records, ZR)), f64x2.mul(ws, vectorAt<f64>(records, VR)));
    const a = f64x2.sub(v128.load(row), update);
    v128.store(row, a);
    putVector<f64>(records, NR, f64x2.add(vectorAt<f64>(records, NR), f64x2.mul(ps, a)));
    row = seek<f64>(row, 2);
    records = seek<f64>(records, RECORD);
  }
}

/** The same for three rows, which read the vectors along a row once; `u`, `w`, `p` hold their numbers. */
function updateThree(row: usize, ld: i32, length: i32, records: usize, u: usize, w: usize, p: usize): void {
  const u0 = v128.load_splat<f64>(u);
  const u1 = v128.load_splat<f64>(u, 8);
  const u2 = v128.load_splat<f64>(u, 16);
  const w0 = v128.load_splat<f64>(w);
  const w1 = v128.load_splat<f64>(w, 8);
  const w2 = v128.load_splat<f64>(w, 16);
  const p0 = v128.load_splat<f64>(p);
  const p1 = v128.load_splat<f64>(p, 8);
  const p2 = v128.load_splat<f64>(p, 16);
  const end = seek<f64>(row, length);
  const step = (<usize>ld) * 8;
  while (row < end) {
    const z = vectorAt<f64>(records, ZR);
    const v = vectorAt<f64>(records, VR);
    let a = f64x2.sub(v128.load(row), f64x2.add(f64x2.mul(u0, z), f64x2.mul(w0, v)));
    v128.store(row, a);
    let sum = f64x2.add(vectorAt<f64>(records, NR), f64x2.mul(p0, a));
    const second = row + step;
    a = f64x2.sub(v128.load(second), f64x2.add(f64x2.mul(u1, z), f64x2.mul(w1, v)));
    v128.store(second, a);
    sum = f64x2.add(sum, f64x2.mul(p1, a));
    const third = second + step;
    a = f64x2.sub(v128.load(third), f64x2.add(f64x2.mul(u2, z), f64x2.mul(w2, v)));
    v128.store(third, a);
    putVector<f64>(records, NR, f64x2.add(sum, f64x2.mul(p2, a)));
    row = seek<f64>(row, 2);
    records = seek<f64>(records, RECORD);
  }
}

function updateComplex(row: usize, imRow: usize, length: i32, records: usize, ur: f64, ui: f64, wr: f64, wi: f64, pr: f64, pi: f64): void {
  const urs = f64x2.splat(ur);
  const uis = f64x2.splat(ui);
  const wrs = f64x2.splat(wr);
  const wis = f64x2.splat(wi);
  const prs = f64x2.splat(pr);
  const pis = f64x2.splat(pi);
  const end = seek<f64>(row, length);
  while (row < end) {
    const zr = vectorAt<f64>(records, ZR);
    const zi = vectorAt<f64>(records, ZI);
    const vr = vectorAt<f64>(records, VR);
    const vi = vectorAt<f64>(records, VI);
    const a = f64x2.sub(
      v128.load(row),
      f64x2.add(f64x2.sub(f64x2.mul(urs, zr), f64x2.mul(uis, zi)), f64x2.add(f64x2.mul(wrs, vr), f64x2.mul(wis, vi))),
    );
    const b = f64x2.sub(
      v128.load(imRow),
      f64x2.add(f64x2.add(f64x2.mul(urs, zi), f64x2.mul(uis, zr)), f64x2.sub(f64x2.mul(wis, vr), f64x2.mul(wrs, vi))),
    );
    v128.store(row, a);
    v128.store(imRow, b);
    putVector<f64>(records, NR, f64x2.add(vectorAt<f64>(records, NR), f64x2.add(f64x2.mul(prs, a), f64x2.mul(pis, b))));
    putVector<f64>(records, NI, f64x2.add(vectorAt<f64>(records, NI), f64x2.sub(f64x2.mul(prs, b), f64x2.mul(pis, a))));
    row = seek<f64>(row, 2);
    imRow = seek<f64>(imRow, 2);
    records = seek<f64>(records, RECORD);
  }
}

/** The real and the imaginary part of a sum from its four products, each with its two lanes added first. */
// @ts-ignore: decorator
@inline
function joined(rr: v128, ii: v128, ri: v128, ir: v128): v128 {
  const re = f64x2.extract_lane(rr, 0) + f64x2.extract_lane(rr, 1) - (f64x2.extract_lane(ii, 0) + f64x2.extract_lane(ii, 1));
  const im = f64x2.extract_lane(ri, 0) + f64x2.extract_lane(ri, 1) + (f64x2.extract_lane(ir, 0) + f64x2.extract_lane(ir, 1));
  return f64x2.replace_lane(f64x2.splat(re), 1, im);
}

function multiplyReal(row: usize, length: i32, records: usize): v128 {
  let rr = f64x2.splat(0);
  const zero = rr;
  const end = seek<f64>(row, length);
  while (row < end) {
    rr = f64x2.add(rr, f64x2.mul(v128.load(row), vectorAt<f64>(records, XR)));
    row = seek<f64>(row, 2);
    records = seek<f64>(records, RECORD);
  }
  return joined(rr, zero, zero, zero);
}

/** Four rows, whose sums do not wait for one another; they go to `sums`. */
function multiplyFour(row: usize, ld: i32, length: i32, records: usize, sums: usize): void {
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  const step = (<usize>ld) * 8;
  const end = seek<f64>(row, length);
  while (row < end) {
    const x = vectorAt<f64>(records, XR);
    const second = row + 2 * step;
    s0 = f64x2.add(s0, f64x2.mul(v128.load(row), x));
    s1 = f64x2.add(s1, f64x2.mul(v128.load(row + step), x));
    s2 = f64x2.add(s2, f64x2.mul(v128.load(second), x));
    s3 = f64x2.add(s3, f64x2.mul(v128.load(second + step), x));
    row = seek<f64>(row, 2);
    records = seek<f64>(records, RECORD);
  }
  put<f64>(sums, 0, sumOfLanes(s0));
  put<f64>(sums, 1, sumOfLanes(s1));
  put<f64>(sums, 2, sumOfLanes(s2));
  put<f64>(sums, 3, sumOfLanes(s3));
}

function multiplyComplex(row: usize, imRow: usize, length: i32, records: usize): v128 {
  let rr = f64x2.splat(0);
  let ii = rr;
  let ri = rr;
  let ir = rr;
  const end = seek<f64>(row, length);
  while (row < end) {
    const a = v128.load(row);
    const b = v128.load(imRow);
    const xr = vectorAt<f64>(records, XR);
    const xi = vectorAt<f64>(records, XI);
    rr = f64x2.add(rr, f64x2.mul(a, xr));
    ii = f64x2.add(ii, f64x2.mul(b, xi));
    ri = f64x2.add(ri, f64x2.mul(a, xi));
    ir = f64x2.add(ir, f64x2.mul(b, xr));
    row = seek<f64>(row, 2);
    imRow = seek<f64>(imRow, 2);
    records = seek<f64>(records, RECORD);
  }
  return joined(rr, ii, ri, ir);
}

/** Σ z_j x_j. */
function multiplyRecords(records: usize, length: i32, complex: bool): v128 {
  let rr = f64x2.splat(0);
  let ii = rr;
  let ri = rr;
  let ir = rr;
  for (let j = 0; j < length; j += 2) {
    const a = vectorAt<f64>(records, ZR);
    const xr = vectorAt<f64>(records, XR);
    rr = f64x2.add(rr, f64x2.mul(a, xr));
    if (complex) {
      const b = vectorAt<f64>(records, ZI);
      const xi = vectorAt<f64>(records, XI);
      ii = f64x2.add(ii, f64x2.mul(b, xi));
      ri = f64x2.add(ri, f64x2.mul(a, xi));
      ir = f64x2.add(ir, f64x2.mul(b, xr));
    }
    records = seek<f64>(records, RECORD);
  }
  return joined(rr, ii, ri, ir);
}
