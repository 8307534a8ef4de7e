/**
 * Matrix products with packed weights: y[r][j] = Σ_k x[r][k]·W[k][j] + b[j], the sum from left to right over k, the bias
 * last. In f32 every product and every sum is rounded to f32.
 */
import { PANEL } from '../../contract/weights.ts';
import { type Packed, panelOf } from './panels.ts';

const round = Math.fround;
/** Sums of a panel's columns. */
const [sumsF32, sumsF64] = [new Float32Array(PANEL), new Float64Array(PANEL)];

export function linear(
  x: Float32Array | Float64Array,
  weights: Packed,
  format: number,
  scratch: Float32Array | null,
  bias: Float32Array | null,
  y: Float32Array | Float64Array,
  rows: number,
  k: number,
  n: number,
  stride: number,
): void {
  for (let j = 0; j < n; j += PANEL) {
    const panel = panelOf(weights, format, j / PANEL, k, scratch);
    if (x instanceof Float32Array) panelF32(x, panel, bias, y as Float32Array, rows, k, n, stride, j);
    else panelF64(x, panel, bias, y as Float64Array, rows, k, n, stride, j);
  }
}

function panelF32(
  x: Float32Array,
  w: Float32Array,
  b: Float32Array | null,
  y: Float32Array,
  rows: number,
  k: number,
  n: number,
  stride: number,
  j: number,
): void {
  const sums = sumsF32;
  const columns = Math.min(PANEL, n - j);
  for (let r = 0; r < rows; r++) {
    let a0 = round(0),
      a1 = round(0),
      a2 = round(0),
      a3 = round(0);
    let a4 = round(0),
      a5 = round(0),
      a6 = round(0),
      a7 = round(0);
    for (let i = 0, p = 0; i < k; i++, p += PANEL) {
      const s = x[r * k + i]!;
      a0 = round(a0 + round(s * w[p]!));
      a1 = round(a1 + round(s * w[p + 1]!));
      a2 = round(a2 + round(s * w[p + 2]!));
      a3 = round(a3 + round(s * w[p + 3]!));
      a4 = round(a4 + round(s * w[p + 4]!));
      a5 = round(a5 + round(s * w[p + 5]!));
      a6 = round(a6 + round(s * w[p + 6]!));
      a7 = round(a7 + round(s * w[p + 7]!));
    }
    sums[0] = a0;
    sums[1] = a1;
    sums[2] = a2;
    sums[3] = a3;
    sums[4] = a4;
    sums[5] = a5;
    sums[6] = a6;
    sums[7] = a7;
    for (let c = 0; c < columns; c++) y[r * stride + j + c] = sums[c]! + (b === null ? 0 : b[j + c]!);
  }
}

function panelF64(
  x: Float64Array,
  w: Float32Array,
  b: Float32Array | null,
  y: Float64Array,
  rows: number,
  k: number,
  n: number,
  stride: number,
  j: number,
): void {
  const sums = sumsF64;
  const columns = Math.min(PANEL, n - j);
  for (let r = 0; r < rows; r++) {
    let a0 = 0,
      a1 = 0,
      a2 = 0,
      a3 = 0,
      a4 = 0,
      a5 = 0,
      a6 = 0,
      a7 = 0;
    for (let i = 0, p = 0; i < k; i++, p += PANEL) {
      const s = x[r * k + i]!;
      a0 = a0 + s * w[p]!;
      a1 = a1 + s * w[p + 1]!;
      a2 = a2 + s * w[p + 2]!;
      a3 = a3 + s * w[p + 3]!;
      a4 = a4 + s * w[p + 4]!;
      a5 = a5 + s * w[p + 5]!;
      a6 = a6 + s * w[p + 6]!;
      a7 = a7 + s * w[p + 7]!;
    }
    sums[0] = a0;
    sums[1] = a1;
    sums[2] = a2;
    sums[3] = a3;
    sums[4] = a4;
    sums[5] = a5;
    sums[6] = a6;
    sums[7] = a7;
    for (let c = 0; c < columns; c++) y[r * stride + j + c] = sums[c]! + (b === null ? 0 : b[j + c]!);
  }
}
