/**
 * QR factorisation in blocks of reflectors, and products with Q. Mathematics and work space: src/backend/ts/factorisations/blocked-qr.ts.
 * Reflectors are made from columns that lie along memory, four (real) or two (complex) columns in one pass, with the sums of each apart.
 */
import { at, put, putVector, rowOf, seek, vectorAt } from '../layout';
import { makeReflector } from '../dense/reflector';
import { BLOCK, reflectByBlock } from '../dense/reflector-blocks';
import { largestSize, scaleFor } from '../dense/scaling';
import { scatterPanel, VECTOR_PANEL } from '../dense/vector-panels';
import { sumOfLanes } from '../simd';

/** Columns of the narrower side from which on blocks pay; with fewer columns than these a product goes reflector by reflector. */
export const BLOCKED_FROM: i32 = 48;
export const BLOCKED_COLUMNS: i32 = 12;

export function blockedQr(a: usize, m: i32, n: i32, width: i32, tau: usize, work: usize): void {
  const panelLength = width * m * VECTOR_PANEL;
  const count = (n + VECTOR_PANEL - 1) / VECTOR_PANEL;
  const end = rowOf<f64>(work, count, panelLength);
  const betas = end;
  const out = seek<f64>(betas, BLOCK);
  const vr = seek<f64>(out, 3);
  const perBlock = BLOCK / width;
  const vi: usize = width == 1 ? 0 : rowOf<f64>(vr, perBlock, m);
  const scratch = rowOf<f64>(vr, BLOCK, m);
  const scale = scaleFor(largestSize(a, width * m * n));
  toPanels(a, m, n, width, scale, work);
  const steps = min(m, n);
  for (let first = 0; first < steps; first += perBlock) {
    const size = min(perBlock, steps - first);
    for (let c = 0; c < size; c++) exchangeColumn(work, m, width, first + c, first, rowOf<f64>(vr, c, m), vi == 0 ? 0 : rowOf<f64>(vi, c, m), false);
    factoriseBlock(m, first, size, vr, vi, tau, betas, out);
    const last = size - 1;
    const lastIm: usize = vi == 0 ? 0 : rowOf<f64>(vi, last, m);
    const rest = rowOf<f64>(work, (first + size) / VECTOR_PANEL, panelLength);
    if (first + size < n) {
      reflectByBlock(-1, size, first + last, rowOf<f64>(vr, last, m), lastIm, m, seek<f64>(tau, 2 * (first + last)), m, true, rest, end, scratch);
    }
    for (let c = 0; c < size; c++) {
      put<f64>(rowOf<f64>(vr, c, m), first + c, at<f64>(betas, c));
      if (vi != 0) put<f64>(rowOf<f64>(vi, c, m), first + c, 0);
      exchangeColumn(work, m, width, first + c, first, rowOf<f64>(vr, c, m), vi == 0 ? 0 : rowOf<f64>(vi, c, m), true);
    }
  }
  fromPanels(a, m, n, width, work);
  const factor = 1 / scale;
  const row = width * n;
  for (let i = 0; scale != 1 && i < steps; i++) {
    const r = rowOf<f64>(a, i, row);
    for (let j = i * width; j < row; j++) put<f64>(r, j, at<f64>(r, j) * factor);
  }
}

export function blockedQrMultiply(
  factors: usize, tau: usize, m: i32, n: i32, width: i32, b: usize, columns: i32, adjoint: bool, work: usize,
): void {
  const panelLength = width * m * VECTOR_PANEL;
  const end = rowOf<f64>(work, (columns + VECTOR_PANEL - 1) / VECTOR_PANEL, panelLength);
  const vr = end;
  const perBlock = BLOCK / width;
  const vi: usize = width == 1 ? 0 : rowOf<f64>(vr, perBlock, m);
  const scratch = rowOf<f64>(vr, BLOCK, m);
  toPanels(b, m, columns, width, 1, work);
  const steps = min(m, n);
  const blocks = (steps + perBlock - 1) / perBlock;
  for (let block = 0; block < blocks; block++) {
    const first = (adjoint ? block : blocks - 1 - block) * perBlock;
    const size = min(perBlock, steps - first);
    for (let i = first; i < m; i++) {
      const row = seek<f64>(rowOf<f64>(factors, i, width * n), width * first);
      for (let c = 0; c < size; c++) {
        const one = i == first + c;
        put<f64>(vr, c * m + i, one ? 1 : at<f64>(row, width * c));
        if (vi != 0) put<f64>(vi, c * m + i, one ? 0 : at<f64>(row, 2 * c + 1));
      }
    }
    const last = size - 1;
    const lastIm: usize = vi == 0 ? 0 : rowOf<f64>(vi, last, m);
    reflectByBlock(-1, size, first + last, rowOf<f64>(vr, last, m), lastIm, m, seek<f64>(tau, 2 * (first + last)), m, adjoint, work, end, scratch);
  }
  fromPanels(b, m, columns, width, work);
}

/** Columns of a row-major matrix, six at a time: a row of a panel holds six real parts, and then six imaginary ones. */
function toPanels(a: usize, m: i32, n: i32, width: i32, scale: f64, panels: usize): void {
  const factor = f64x2.splat(scale);
  for (let i = 0; i < m; i++) {
    const row = rowOf<f64>(a, i, width * n);
    for (let first = 0; first < n; first += VECTOR_PANEL) {
      const to = rowOf<f64>(panels, (first / VECTOR_PANEL * m + i) * width, VECTOR_PANEL);
      const from = seek<f64>(row, width * first);
      if (first + VECTOR_PANEL <= n) {
        for (let l = 0; l < VECTOR_PANEL; l += 2) {
          if (width == 1) {
            putVector<f64>(to, l, f64x2.mul(vectorAt<f64>(from, l), factor));
            continue;
          }
          const x = f64x2.mul(vectorAt<f64>(from, 2 * l), factor);
          const y = f64x2.mul(vectorAt<f64>(from, 2 * l + 2), factor);
          putVector<f64>(to, l, v128.shuffle<f64>(x, y, 0, 2));
          putVector<f64>(to, VECTOR_PANEL + l, v128.shuffle<f64>(x, y, 1, 3));
        }
        continue;
      }
      for (let part = 0; part < width; part++) {
        for (let l = 0; l < VECTOR_PANEL; l++) {
          put<f64>(to, part * VECTOR_PANEL + l, first + l < n ? at<f64>(from, width * l + part) * scale : 0);
        }
      }
    }
  }
}

function fromPanels(a: usize, m: i32, n: i32, width: i32, panels: usize): void {
  const length = VECTOR_PANEL * width * m;
  for (let first = 0; first < n; first += VECTOR_PANEL) {
    scatterPanel(seek<f64>(panels, first / VECTOR_PANEL * length), m, width, first, n, a);
  }
}

/** Column j of the panels, from row `first` on, to where it lies along memory, or back. */
function exchangeColumn(panels: usize, m: i32, width: i32, j: i32, first: i32, re: usize, im: usize, back: bool): void {
  const step = width * VECTOR_PANEL;
  let place = seek<f64>(rowOf<f64>(panels, j / VECTOR_PANEL * m + first, step), j % VECTOR_PANEL);
  for (let i = first; i < m; i++) {
    if (back) put<f64>(place, 0, at<f64>(re, i));
    else put<f64>(re, i, at<f64>(place, 0));
    if (width == 2) {
      if (back) put<f64>(place, VECTOR_PANEL, at<f64>(im, i));
      else put<f64>(im, i, at<f64>(place, VECTOR_PANEL));
    }
    place = seek<f64>(place, step);
  }
}

/** Reflectors of the block's own columns. */
function factoriseBlock(m: i32, first: i32, size: i32, vr: usize, vi: usize, tau: usize, betas: usize, out: usize): void {
  for (let c = 0; c < size; c++) {
    const k = first + c;
    const length = m - k;
    const re = seek<f64>(rowOf<f64>(vr, c, m), k);
    const im: usize = vi == 0 ? 0 : seek<f64>(rowOf<f64>(vi, c, m), k);
    makeReflector(re, im, length, 0, out);
    const tr = at<f64>(out, 0);
    const ti = at<f64>(out, 1);
    put<f64>(tau, 2 * k, tr);
    put<f64>(tau, 2 * k + 1, ti);
    put<f64>(betas, c, at<f64>(out, 2));
    let j = c + 1;
    if (vi == 0) {
      for (; j + 4 <= size; j += 4) reflectFour(re, length, tr, seek<f64>(rowOf<f64>(vr, j, m), k), m);
      for (; j < size; j++) reflectOne(re, length, tr, seek<f64>(rowOf<f64>(vr, j, m), k));
    } else for (; j < size; j++) reflectComplex(re, im, length, tr, ti, seek<f64>(rowOf<f64>(vr, j, m), k), seek<f64>(rowOf<f64>(vi, j, m), k));
  }
}

/** x ← x − τ (v·x) v. */
function reflectOne(v: usize, length: i32, t: f64, x: usize): void {
  let sums = f64x2.splat(0);
  let i = 0;
  for (; i + 2 <= length; i += 2) sums = f64x2.add(sums, f64x2.mul(vectorAt<f64>(v, i), vectorAt<f64>(x, i)));
  const z = t * finished(sums, v, x, i, length);
  subtract(z, v, x, length);
}

/** The same for x and the three columns that follow it `m` numbers apart. */
function reflectFour(v: usize, length: i32, t: f64, x: usize, m: i32): void {
  const x1 = seek<f64>(x, m);
  const x2 = seek<f64>(x1, m);
  const x3 = seek<f64>(x2, m);
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let i = 0;
  for (; i + 2 <= length; i += 2) {
    const y = vectorAt<f64>(v, i);
    s0 = f64x2.add(s0, f64x2.mul(y, vectorAt<f64>(x, i)));
    s1 = f64x2.add(s1, f64x2.mul(y, vectorAt<f64>(x1, i)));
    s2 = f64x2.add(s2, f64x2.mul(y, vectorAt<f64>(x2, i)));
    s3 = f64x2.add(s3, f64x2.mul(y, vectorAt<f64>(x3, i)));
  }
  const z0 = t * finished(s0, v, x, i, length);
  const z1 = t * finished(s1, v, x1, i, length);
  const z2 = t * finished(s2, v, x2, i, length);
  const z3 = t * finished(s3, v, x3, i, length);
  const f0 = f64x2.splat(z0);
  const f1 = f64x2.splat(z1);
  const f2 = f64x2.splat(z2);
  const f3 = f64x2.splat(z3);
  for (i = 0; i + 2 <= length; i += 2) {
    const y = vectorAt<f64>(v, i);
    putVector<f64>(x, i, f64x2.sub(vectorAt<f64>(x, i), f64x2.mul(y, f0)));
    putVector<f64>(x1, i, f64x2.sub(vectorAt<f64>(x1, i), f64x2.mul(y, f1)));
    putVector<f64>(x2, i, f64x2.sub(vectorAt<f64>(x2, i), f64x2.mul(y, f2)));
    putVector<f64>(x3, i, f64x2.sub(vectorAt<f64>(x3, i), f64x2.mul(y, f3)));
  }
  if (i < length) {
    const y = at<f64>(v, i);
    put<f64>(x, i, at<f64>(x, i) - y * z0);
    put<f64>(x1, i, at<f64>(x1, i) - y * z1);
    put<f64>(x2, i, at<f64>(x2, i) - y * z2);
    put<f64>(x3, i, at<f64>(x3, i) - y * z3);
  }
}

/** The sum of both lanes and of the last product, which an odd length leaves. */
// @ts-ignore: decorator
@inline
function finished(sums: v128, v: usize, x: usize, i: i32, length: i32): f64 {
  if (i == length) return sumOfLanes(sums);
  return f64x2.extract_lane(sums, 0) + at<f64>(v, i) * at<f64>(x, i) + f64x2.extract_lane(sums, 1);
}

function subtract(z: f64, v: usize, x: usize, length: i32): void {
  const factor = f64x2.splat(z);
  let i = 0;
  for (; i + 2 <= length; i += 2) putVector<f64>(x, i, f64x2.sub(vectorAt<f64>(x, i), f64x2.mul(vectorAt<f64>(v, i), factor)));
  if (i < length) put<f64>(x, i, at<f64>(x, i) - at<f64>(v, i) * z);
}

/** x ← x − v z with z = τ̄ v†x. */
function reflectComplex(vr: usize, vi: usize, length: i32, tr: f64, ti: f64, xr: usize, xi: usize): void {
  let rr = f64x2.splat(0);
  let ii = rr;
  let ri = rr;
  let ir = rr;
  let i = 0;
  for (; i + 2 <= length; i += 2) {
    const a = vectorAt<f64>(vr, i);
    const b = vectorAt<f64>(vi, i);
    const x = vectorAt<f64>(xr, i);
    const y = vectorAt<f64>(xi, i);
    rr = f64x2.add(rr, f64x2.mul(a, x));
    ii = f64x2.add(ii, f64x2.mul(b, y));
    ri = f64x2.add(ri, f64x2.mul(a, y));
    ir = f64x2.add(ir, f64x2.mul(b, x));
  }
  const re = finished(rr, vr, xr, i, length) + finished(ii, vi, xi, i, length);
  const im = finished(ri, vr, xi, i, length) - finished(ir, vi, xr, i, length);
  const zr = tr * re + ti * im;
  const zi = tr * im - ti * re;
  const zrs = f64x2.splat(zr);
  const zis = f64x2.splat(zi);
  for (i = 0; i + 2 <= length; i += 2) {
    const a = vectorAt<f64>(vr, i);
    const b = vectorAt<f64>(vi, i);
    putVector<f64>(xr, i, f64x2.sub(vectorAt<f64>(xr, i), f64x2.sub(f64x2.mul(a, zrs), f64x2.mul(b, zis))));
    putVector<f64>(xi, i, f64x2.sub(vectorAt<f64>(xi, i), f64x2.add(f64x2.mul(a, zis), f64x2.mul(b, zrs))));
  }
  if (i < length) {
    const a = at<f64>(vr, i);
    const b = at<f64>(vi, i);
    put<f64>(xr, i, at<f64>(xr, i) - (a * zr - b * zi));
    put<f64>(xi, i, at<f64>(xi, i) - (a * zi + b * zr));
  }
}
