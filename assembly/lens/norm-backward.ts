/** Gradient through LayerNorm and RMSNorm. Mathematics: src/backend/ts/lens/norm-backward.ts. Sums run left to right in f64. */
import { at, putRounded, rowOf, wideAt } from '../layout';
import { mean } from '../nn/norm';

// @ts-ignore: decorator
@inline
function normBackward<T>(
  x: usize, gamma: usize, scale: usize, dy: usize, dx: usize, rows: i32, D: i32, centred: i32,
): void {
  for (let r = 0; r < rows; r++) {
    const from = rowOf<T>(x, r, D);
    const gradient = rowOf<T>(dy, r, D);
    const to = rowOf<T>(dx, r, D);
    const sigma = at<f64>(scale, r);
    const centre = centred != 0 ? mean<T>(from, D) : 0;
    let sum: f64 = 0;
    let along: f64 = 0;
    for (let c = 0; c < D; c++) {
      const g = wideAt<T>(gradient, c) * wideAt<f32>(gamma, c);
      sum += g;
      along += g * ((wideAt<T>(from, c) - centre) / sigma);
    }
    const shift = centred != 0 ? sum / <f64>D : 0;
    const slope = along / <f64>D;
    for (let c = 0; c < D; c++) {
      const g = wideAt<T>(gradient, c) * wideAt<f32>(gamma, c);
      putRounded<T>(to, c, (g - shift - ((wideAt<T>(from, c) - centre) / sigma) * slope) / sigma);
    }
  }
}

export function normBackwardF32(
  x: usize, gamma: usize, scale: usize, dy: usize, dx: usize, rows: i32, D: i32, centred: i32,
): void {
  normBackward<f32>(x, gamma, scale, dy, dx, rows, D, centred);
}
export function normBackwardF64(
  x: usize, gamma: usize, scale: usize, dy: usize, dx: usize, rows: i32, D: i32, centred: i32,
): void {
  normBackward<f64>(x, gamma, scale, dy, dx, rows, D, centred);
}
