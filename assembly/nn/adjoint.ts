/** Transposes of the frozen sublayers' parts. Mathematics: src/backend/ts/nn/adjoint.ts. */
import { at, put, putRounded, putVector, rowOf, seek, vectorAt, wideAt } from '../layout';
import { lanes, multiplyAdd, multiplyAddF32, multiplyAddF64 } from '../simd';
import { F32, PANEL, panelOf } from './panels';

/** Rows that one panel of weights meets before the next: what they have of {@link DEPTH} sums stays in the second cache. */
const ROWS_AT_ONCE: i32 = 32;
/** Rows that pass along a panel together: rows a multiple of 4 KiB apart share the sets of the first cache, which hold eight lines each. */
const ROWS_TOGETHER: i32 = 8;
/** Sums of a row that all panels meet before the next; all, for few rows and for weights that have to be widened, a whole panel each time. */
const DEPTH: i32 = 256;

/** y[r][i] += Σ_{j < columns} x[r][j]·w[j] for one i. */
// @ts-ignore: decorator
@inline
function addPanel<T>(x: usize, w: usize, y: usize, rows: i32, k: i32, n: i32, columns: i32): void {
  for (let r = 0; r < rows; r++) {
    const from = rowOf<T>(x, r, n);
    const to = rowOf<T>(y, r, k);
    let sum = at<T>(to, 0);
    for (let j = 0; j < columns; j++) sum += at<T>(from, j) * <T>at<f32>(w, j);
    put<T>(to, 0, sum);
  }
}

/** Four rows of one panel, transposed in registers: y[r][i … i+3] += Σ_j x[r][j]·W[i … i+3][j]. */
function panelF32(x: usize, w: usize, y: usize, rows: i32, k: i32, n: i32): void {
  const a0 = v128.load(w), a1 = v128.load(w, 16), b0 = v128.load(w, 32), b1 = v128.load(w, 48);
  const c0 = v128.load(w, 64), c1 = v128.load(w, 80), d0 = v128.load(w, 96), d1 = v128.load(w, 112);
  const ab0 = i32x4.shuffle(a0, b0, 0, 4, 1, 5), ab1 = i32x4.shuffle(a0, b0, 2, 6, 3, 7);
  const ab2 = i32x4.shuffle(a1, b1, 0, 4, 1, 5), ab3 = i32x4.shuffle(a1, b1, 2, 6, 3, 7);
  const cd0 = i32x4.shuffle(c0, d0, 0, 4, 1, 5), cd1 = i32x4.shuffle(c0, d0, 2, 6, 3, 7);
  const cd2 = i32x4.shuffle(c1, d1, 0, 4, 1, 5), cd3 = i32x4.shuffle(c1, d1, 2, 6, 3, 7);
  const w0 = i64x2.shuffle(ab0, cd0, 0, 2), w1 = i64x2.shuffle(ab0, cd0, 1, 3);
  const w2 = i64x2.shuffle(ab1, cd1, 0, 2), w3 = i64x2.shuffle(ab1, cd1, 1, 3);
  const w4 = i64x2.shuffle(ab2, cd2, 0, 2), w5 = i64x2.shuffle(ab2, cd2, 1, 3);
  const w6 = i64x2.shuffle(ab3, cd3, 0, 2), w7 = i64x2.shuffle(ab3, cd3, 1, 3);
  for (let r = 0; r < rows; r++) {
    let sum = v128.load(y);
    sum = multiplyAddF32(v128.load32_splat(x), w0, sum);
    sum = multiplyAddF32(v128.load32_splat(x, 4), w1, sum);
    sum = multiplyAddF32(v128.load32_splat(x, 8), w2, sum);
    sum = multiplyAddF32(v128.load32_splat(x, 12), w3, sum);
    sum = multiplyAddF32(v128.load32_splat(x, 16), w4, sum);
    sum = multiplyAddF32(v128.load32_splat(x, 20), w5, sum);
    sum = multiplyAddF32(v128.load32_splat(x, 24), w6, sum);
    sum = multiplyAddF32(v128.load32_splat(x, 28), w7, sum);
    v128.store(y, sum);
    x = rowOf<f32>(x, 1, n);
    y = rowOf<f32>(y, 1, k);
  }
}

/** Two rows of one panel. */
function panelF64(x: usize, w: usize, y: usize, rows: i32, k: i32, n: i32): void {
  const a0 = v128.load(w), a1 = v128.load(w, 16), b0 = v128.load(w, 32), b1 = v128.load(w, 48);
  const ab0 = i32x4.shuffle(a0, b0, 0, 4, 1, 5), ab1 = i32x4.shuffle(a0, b0, 2, 6, 3, 7);
  const ab2 = i32x4.shuffle(a1, b1, 0, 4, 1, 5), ab3 = i32x4.shuffle(a1, b1, 2, 6, 3, 7);
  const w0 = f64x2.promote_low_f32x4(ab0), w1 = f64x2.promote_low_f32x4(i64x2.shuffle(ab0, ab0, 1, 1));
  const w2 = f64x2.promote_low_f32x4(ab1), w3 = f64x2.promote_low_f32x4(i64x2.shuffle(ab1, ab1, 1, 1));
  const w4 = f64x2.promote_low_f32x4(ab2), w5 = f64x2.promote_low_f32x4(i64x2.shuffle(ab2, ab2, 1, 1));
  const w6 = f64x2.promote_low_f32x4(ab3), w7 = f64x2.promote_low_f32x4(i64x2.shuffle(ab3, ab3, 1, 1));
  for (let r = 0; r < rows; r++) {
    let sum = v128.load(y);
    sum = multiplyAddF64(v128.load64_splat(x), w0, sum);
    sum = multiplyAddF64(v128.load64_splat(x, 8), w1, sum);
    sum = multiplyAddF64(v128.load64_splat(x, 16), w2, sum);
    sum = multiplyAddF64(v128.load64_splat(x, 24), w3, sum);
    sum = multiplyAddF64(v128.load64_splat(x, 32), w4, sum);
    sum = multiplyAddF64(v128.load64_splat(x, 40), w5, sum);
    sum = multiplyAddF64(v128.load64_splat(x, 48), w6, sum);
    sum = multiplyAddF64(v128.load64_splat(x, 56), w7, sum);
    v128.store(y, sum);
    x = rowOf<f64>(x, 1, n);
    y = rowOf<f64>(y, 1, k);
  }
}

/** Sums `start` … `end` − 1 of some rows with one panel. */
// @ts-ignore: decorator
@inline
function addRows<T>(x: usize, panel: usize, y: usize, rows: i32, start: i32, end: i32, k: i32, n: i32, columns: i32): void {
  const step = lanes<T>();
  let i = start;
  if (columns == PANEL) {
    for (; i + step <= end; i += step) {
      const weights = rowOf<f32>(panel, i, PANEL);
      if (sizeof<T>() == 4) panelF32(x, weights, seek<f32>(y, i), rows, k, n);
      else panelF64(x, weights, seek<f64>(y, i), rows, k, n);
    }
  }
  for (; i < end; i++) addPanel<T>(x, rowOf<f32>(panel, i, PANEL), seek<T>(y, i), rows, k, n, columns);
}

// @ts-ignore: decorator
@inline
function linearTransposed<T>(x: usize, w: usize, format: i32, scratch: usize, y: usize, rows: i32, k: i32, n: i32): void {
  const depth = format == F32 && rows > ROWS_TOGETHER ? DEPTH : max(k, 1);
  for (let first = 0; first < rows; first += ROWS_AT_ONCE) {
    const count = min(ROWS_AT_ONCE, rows - first);
    const to = rowOf<T>(y, first, k);
    memory.fill(to, 0, <usize>count * <usize>k * sizeof<T>());
    for (let start = 0; start < k; start += depth) {
      for (let j = 0; j < n; j += PANEL) {
        const panel = panelOf(w, format, j / PANEL, k, scratch);
        for (let r = 0; r < count; r += ROWS_TOGETHER) {
          const together = min(ROWS_TOGETHER, count - r);
          addRows<T>(seek<T>(rowOf<T>(x, first + r, n), j), panel, rowOf<T>(to, r, k), together, start, min(start + depth, k), k, n, min(PANEL, n - j));
        }
      }
    }
  }
}

export function linearTransposedF32(
  x: usize, weights: usize, format: i32, scratch: usize, y: usize, rows: i32, k: i32, n: i32,
): void {
  linearTransposed<f32>(x, weights, format, scratch, y, rows, k, n);
}
export function linearTransposedF64(
  x: usize, weights: usize, format: i32, scratch: usize, y: usize, rows: i32, k: i32, n: i32,
): void {
  linearTransposed<f64>(x, weights, format, scratch, y, rows, k, n);
}

// @ts-ignore: decorator
@inline
function attendFrozenAdjoint<T>(pattern: usize, z: usize, v: usize, states: i32, rows: i32, H: i32, G: i32, K: i32, causal: i32): void {
  const group = H / G;
  const step = lanes<T>();
  for (let s = 0; s < states; s++) {
    for (let j = 0; j < rows; j++) {
      for (let g = 0; g < G; g++) {
        const to = seek<T>(rowOf<T>(v, s * rows + j, G * K), g * K);
        let c = 0;
        for (; c + step <= K; c += step) {
          let sum = v128.splat<T>(0);
          for (let h = g * group; h < (g + 1) * group; h++) {
            for (let t = causal ? j : 0; t < rows; t++) {
              const weight = v128.splat<T>(at<T>(rowOf<T>(pattern, h * rows + t, rows), j));
              sum = multiplyAdd<T>(weight, vectorAt<T>(rowOf<T>(z, s * rows + t, H * K), h * K + c), sum);
            }
          }
          putVector<T>(to, c, sum);
        }
        for (; c < K; c++) {
          let sum: T = 0;
          for (let h = g * group; h < (g + 1) * group; h++) {
            for (let t = causal ? j : 0; t < rows; t++) {
              sum += at<T>(rowOf<T>(pattern, h * rows + t, rows), j) * at<T>(rowOf<T>(z, s * rows + t, H * K), h * K + c);
            }
          }
          put<T>(to, c, sum);
        }
      }
    }
  }
}

export function attendFrozenAdjointF32(pattern: usize, z: usize, v: usize, states: i32, T: i32, H: i32, G: i32, K: i32, causal: i32): void {
  attendFrozenAdjoint<f32>(pattern, z, v, states, T, H, G, K, causal);
}
export function attendFrozenAdjointF64(pattern: usize, z: usize, v: usize, states: i32, T: i32, H: i32, G: i32, K: i32, causal: i32): void {
  attendFrozenAdjoint<f64>(pattern, z, v, states, T, H, G, K, causal);
}

// @ts-ignore: decorator
@inline
function frozenNormAdjoint<T>(x: usize, gamma: usize, scale: usize, y: usize, rows: i32, T_: i32, D: i32, centred: i32): void {
  for (let r = 0; r < rows; r++) {
    const from = rowOf<T>(x, r, D);
    const to = rowOf<T>(y, r, D);
    let sum: f64 = 0;
    if (centred != 0) for (let c = 0; c < D; c++) sum += wideAt<T>(from, c) * at<f64>(gamma, c);
    const centre = sum / <f64>D;
    const sigma = at<f64>(scale, r % T_);
    for (let c = 0; c < D; c++) putRounded<T>(to, c, (wideAt<T>(from, c) * at<f64>(gamma, c) - centre) / sigma);
  }
}

export function frozenNormAdjointF32(x: usize, gamma: usize, scale: usize, y: usize, rows: i32, T: i32, D: i32, centred: i32): void {
  frozenNormAdjoint<f32>(x, gamma, scale, y, rows, T, D, centred);
}
export function frozenNormAdjointF64(x: usize, gamma: usize, scale: usize, y: usize, rows: i32, T: i32, D: i32, centred: i32): void {
  frozenNormAdjoint<f64>(x, gamma, scale, y, rows, T, D, centred);
}
