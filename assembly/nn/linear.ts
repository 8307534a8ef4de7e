/**
 * Matrix products with packed weights: y = x W + b. Contract: src/backend/contract/network.ts.
 *
 * Register blocks of 4 rows by one panel (f32: 4×8 in 8 vectors; f64: 4×4 in 8 vectors over each half panel), vectorised
 * across columns; each element is one left-to-right sum over k. A panel stays in cache while all rows pass over it,
 * widened to f32 where it is stored otherwise; one row alone is widened in registers.
 */
import { at, put, rowOf, seek } from '../layout';
import { multiplyAddF32, multiplyAddF64 } from '../simd';
import { BF16, F16, PANEL, panelOf, Q8_0, storedPanel } from './panels';
import { rowBf16, rowF16, rowQ8 } from './row-products';

const ROWS: i32 = 4;

// @ts-ignore: decorator
@inline
function splatF32(x: usize): v128 {
  return v128.load32_splat(x);
}

// @ts-ignore: decorator
@inline
function biasF32(b: usize, n: i32, columns: i32, half: i32): v128 {
  if (b == 0) return f32x4.splat(0);
  const first = half * 4;
  if (first + 4 <= columns) return v128.load(seek<f32>(b, n + first));
  let v = f32x4.splat(0);
  if (first < columns) v = f32x4.replace_lane(v, 0, at<f32>(b, n + first));
  if (first + 1 < columns) v = f32x4.replace_lane(v, 1, at<f32>(b, n + first + 1));
  if (first + 2 < columns) v = f32x4.replace_lane(v, 2, at<f32>(b, n + first + 2));
  return v;
}

/** Stores the first `columns − first` lanes of `v` (all of them if there are that many) from y[first]. */
// @ts-ignore: decorator
@inline
function storeF32(y: usize, v: v128, first: i32, columns: i32): void {
  if (first + 4 <= columns) {
    v128.store(seek<f32>(y, first), v);
    return;
  }
  if (first < columns) put<f32>(y, first, f32x4.extract_lane(v, 0));
  if (first + 1 < columns) put<f32>(y, first + 1, f32x4.extract_lane(v, 1));
  if (first + 2 < columns) put<f32>(y, first + 2, f32x4.extract_lane(v, 2));
}

function blockF32(x: usize, w: usize, y: usize, k: i32, stride: i32, columns: i32, b0: v128, b1: v128): void {
  const xStep = (<usize>k) << 2;
  let a00 = f32x4.splat(0), a01 = f32x4.splat(0);
  let a10 = f32x4.splat(0), a11 = f32x4.splat(0);
  let a20 = f32x4.splat(0), a21 = f32x4.splat(0);
  let a30 = f32x4.splat(0), a31 = f32x4.splat(0);
  let x0 = x, x1 = x0 + xStep, x2 = x1 + xStep, x3 = x2 + xStep;
  const end = x0 + xStep;
  while (x0 < end) {
    const w0 = v128.load(w);
    const w1 = v128.load(w, 16);
    let s = splatF32(x0);
    a00 = multiplyAddF32(s, w0, a00);
    a01 = multiplyAddF32(s, w1, a01);
    s = splatF32(x1);
    a10 = multiplyAddF32(s, w0, a10);
    a11 = multiplyAddF32(s, w1, a11);
    s = splatF32(x2);
    a20 = multiplyAddF32(s, w0, a20);
    a21 = multiplyAddF32(s, w1, a21);
    s = splatF32(x3);
    a30 = multiplyAddF32(s, w0, a30);
    a31 = multiplyAddF32(s, w1, a31);
    w += 32;
    x0 += 4;
    x1 += 4;
    x2 += 4;
    x3 += 4;
  }
  storeF32(y, f32x4.add(a00, b0), 0, columns);
  storeF32(y, f32x4.add(a01, b1), 4, columns);
  y = rowOf<f32>(y, 1, stride);
  storeF32(y, f32x4.add(a10, b0), 0, columns);
  storeF32(y, f32x4.add(a11, b1), 4, columns);
  y = rowOf<f32>(y, 1, stride);
  storeF32(y, f32x4.add(a20, b0), 0, columns);
  storeF32(y, f32x4.add(a21, b1), 4, columns);
  y = rowOf<f32>(y, 1, stride);
  storeF32(y, f32x4.add(a30, b0), 0, columns);
  storeF32(y, f32x4.add(a31, b1), 4, columns);
}

function rowF32(x: usize, w: usize, y: usize, k: i32, columns: i32, b0: v128, b1: v128): void {
  let a0 = f32x4.splat(0), a1 = f32x4.splat(0);
  const end = x + ((<usize>k) << 2);
  while (x < end) {
    const s = splatF32(x);
    a0 = multiplyAddF32(s, v128.load(w), a0);
    a1 = multiplyAddF32(s, v128.load(w, 16), a1);
    w += 32;
    x += 4;
  }
  storeF32(y, f32x4.add(a0, b0), 0, columns);
  storeF32(y, f32x4.add(a1, b1), 4, columns);
}

export function linearF32(
  x: usize, weights: usize, format: i32, scratch: usize, bias: usize, y: usize, rows: i32, k: i32, n: i32, stride: i32,
): void {
  if (rows == 1 && (format == BF16 || format == F16 || format == Q8_0)) {
    linearRowF32(x, weights, format, scratch, bias, y, k, n);
    return;
  }
  for (let j = 0; j < n; j += PANEL) {
    const columns = min(PANEL, n - j);
    const panel = panelOf(weights, format, j / PANEL, k, scratch);
    const b0 = biasF32(bias, j, columns, 0);
    const b1 = biasF32(bias, j, columns, 1);
    let r = 0;
    for (; r + ROWS <= rows; r += ROWS) {
      blockF32(rowOf<f32>(x, r, k), panel, seek<f32>(rowOf<f32>(y, r, stride), j), k, stride, columns, b0, b1);
    }
    for (; r < rows; r++) {
      rowF32(rowOf<f32>(x, r, k), panel, seek<f32>(rowOf<f32>(y, r, stride), j), k, columns, b0, b1);
    }
  }
}

/** One row of x against weights that are widened in registers; `scratch` takes the sums of a panel. */
function linearRowF32(x: usize, weights: usize, format: i32, scratch: usize, bias: usize, y: usize, k: i32, n: i32): void {
  for (let j = 0; j < n; j += PANEL) {
    const panel = storedPanel(weights, format, j / PANEL, k);
    if (format == BF16) rowBf16(x, panel, scratch, k);
    else if (format == F16) rowF16(x, panel, scratch, k);
    else rowQ8(x, panel, scratch, k);
    const columns = min(PANEL, n - j);
    storeF32(seek<f32>(y, j), f32x4.add(v128.load(scratch), biasF32(bias, j, columns, 0)), 0, columns);
    storeF32(seek<f32>(y, j), f32x4.add(v128.load(scratch, 16), biasF32(bias, j, columns, 1)), 4, columns);
  }
}

/** Two consecutive f32 weights, widened. */
// @ts-ignore: decorator
@inline
function widePair(w: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(w));
}

// @ts-ignore: decorator
@inline
function biasF64(b: usize, n: i32, columns: i32, first: i32): v128 {
  if (b == 0) return f64x2.splat(0);
  let v = f64x2.splat(0);
  if (first < columns) v = f64x2.replace_lane(v, 0, <f64>at<f32>(b, n + first));
  if (first + 1 < columns) v = f64x2.replace_lane(v, 1, <f64>at<f32>(b, n + first + 1));
  return v;
}

// @ts-ignore: decorator
@inline
function storeF64(y: usize, v: v128, first: i32, columns: i32): void {
  if (first + 2 <= columns) v128.store(seek<f64>(y, first), v);
  else if (first < columns) put<f64>(y, first, f64x2.extract_lane(v, 0));
}

function blockF64(x: usize, w: usize, y: usize, k: i32, stride: i32, first: i32, columns: i32, b0: v128, b1: v128): void {
  const xStep = (<usize>k) << 3;
  let a00 = f64x2.splat(0), a01 = f64x2.splat(0);
  let a10 = f64x2.splat(0), a11 = f64x2.splat(0);
  let a20 = f64x2.splat(0), a21 = f64x2.splat(0);
  let a30 = f64x2.splat(0), a31 = f64x2.splat(0);
  let x0 = x, x1 = x0 + xStep, x2 = x1 + xStep, x3 = x2 + xStep;
  const end = x0 + xStep;
  while (x0 < end) {
    const w0 = widePair(w);
    const w1 = widePair(w + 8);
    let s = v128.load64_splat(x0);
    a00 = multiplyAddF64(s, w0, a00);
    a01 = multiplyAddF64(s, w1, a01);
    s = v128.load64_splat(x1);
    a10 = multiplyAddF64(s, w0, a10);
    a11 = multiplyAddF64(s, w1, a11);
    s = v128.load64_splat(x2);
    a20 = multiplyAddF64(s, w0, a20);
    a21 = multiplyAddF64(s, w1, a21);
    s = v128.load64_splat(x3);
    a30 = multiplyAddF64(s, w0, a30);
    a31 = multiplyAddF64(s, w1, a31);
    w += 32;
    x0 += 8;
    x1 += 8;
    x2 += 8;
    x3 += 8;
  }
  storeF64(y, f64x2.add(a00, b0), first, columns);
  storeF64(y, f64x2.add(a01, b1), first + 2, columns);
  y = rowOf<f64>(y, 1, stride);
  storeF64(y, f64x2.add(a10, b0), first, columns);
  storeF64(y, f64x2.add(a11, b1), first + 2, columns);
  y = rowOf<f64>(y, 1, stride);
  storeF64(y, f64x2.add(a20, b0), first, columns);
  storeF64(y, f64x2.add(a21, b1), first + 2, columns);
  y = rowOf<f64>(y, 1, stride);
  storeF64(y, f64x2.add(a30, b0), first, columns);
  storeF64(y, f64x2.add(a31, b1), first + 2, columns);
}

function rowF64(x: usize, w: usize, y: usize, k: i32, first: i32, columns: i32, b0: v128, b1: v128): void {
  let a0 = f64x2.splat(0), a1 = f64x2.splat(0);
  const end = x + ((<usize>k) << 3);
  while (x < end) {
    const s = v128.load64_splat(x);
    a0 = multiplyAddF64(s, widePair(w), a0);
    a1 = multiplyAddF64(s, widePair(w + 8), a1);
    w += 32;
    x += 8;
  }
  storeF64(y, f64x2.add(a0, b0), first, columns);
  storeF64(y, f64x2.add(a1, b1), first + 2, columns);
}

export function linearF64(
  x: usize, weights: usize, format: i32, scratch: usize, bias: usize, y: usize, rows: i32, k: i32, n: i32, stride: i32,
): void {
  for (let j = 0; j < n; j += PANEL) {
    const columns = min(PANEL, n - j);
    const panel = panelOf(weights, format, j / PANEL, k, scratch);
    for (let first = 0; first < columns; first += 4) {
      const half = seek<f32>(panel, first);
      const b0 = biasF64(bias, j, columns, first);
      const b1 = biasF64(bias, j, columns, first + 2);
      let r = 0;
      for (; r + ROWS <= rows; r += ROWS) {
        blockF64(rowOf<f64>(x, r, k), half, seek<f64>(rowOf<f64>(y, r, stride), j), k, stride, first, columns, b0, b1);
      }
      for (; r < rows; r++) {
        rowF64(rowOf<f64>(x, r, k), half, seek<f64>(rowOf<f64>(y, r, stride), j), k, first, columns, b0, b1);
      }
    }
  }
}
