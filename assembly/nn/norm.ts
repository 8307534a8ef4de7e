/** LayerNorm, RMSNorm and their frozen form. Mathematics: src/backend/ts/nn/norm.ts. Sums run left to right in f64. */
import { at, put, putRounded, rowOf, wideAt } from '../layout';

// @ts-ignore: decorator
@inline
export function mean<T>(x: usize, D: i32): f64 {
  let sum: f64 = 0;
  for (let c = 0; c < D; c++) sum += wideAt<T>(x, c);
  return sum / <f64>D;
}

// @ts-ignore: decorator
@inline
function layerNorm<T>(x: usize, gamma: usize, beta: usize, y: usize, scale: usize, rows: i32, D: i32, eps: f64): void {
  for (let r = 0; r < rows; r++) {
    const from = rowOf<T>(x, r, D);
    const to = rowOf<T>(y, r, D);
    const centre = mean<T>(from, D);
    let squares: f64 = 0;
    for (let c = 0; c < D; c++) {
      const deviation = wideAt<T>(from, c) - centre;
      squares += deviation * deviation;
    }
    const sigma = sqrt(squares / <f64>D + eps);
    put<f64>(scale, r, sigma);
    for (let c = 0; c < D; c++) {
      let value = ((wideAt<T>(from, c) - centre) / sigma) * at<f64>(gamma, c);
      if (beta != 0) value += at<f64>(beta, c);
      putRounded<T>(to, c, value);
    }
  }
}

// @ts-ignore: decorator
@inline
function rmsNorm<T>(x: usize, gamma: usize, y: usize, scale: usize, rows: i32, D: i32, eps: f64): void {
  for (let r = 0; r < rows; r++) {
    const from = rowOf<T>(x, r, D);
    const to = rowOf<T>(y, r, D);
    let squares: f64 = 0;
    for (let c = 0; c < D; c++) {
      const value = wideAt<T>(from, c);
      squares += value * value;
    }
    const rho = sqrt(squares / <f64>D + eps);
    put<f64>(scale, r, rho);
    for (let c = 0; c < D; c++) putRounded<T>(to, c, (wideAt<T>(from, c) / rho) * at<f64>(gamma, c));
  }
}

// @ts-ignore: decorator
@inline
function frozenNorm<T>(x: usize, gamma: usize, scale: usize, y: usize, rows: i32, T_: i32, D: i32, centred: i32): void {
  for (let r = 0; r < rows; r++) {
    const from = rowOf<T>(x, r, D);
    const to = rowOf<T>(y, r, D);
    const centre = centred != 0 ? mean<T>(from, D) : 0;
    const sigma = at<f64>(scale, r % T_);
    for (let c = 0; c < D; c++) putRounded<T>(to, c, ((wideAt<T>(from, c) - centre) / sigma) * at<f64>(gamma, c));
  }
}

export function layerNormF32(x: usize, gamma: usize, beta: usize, y: usize, scale: usize, rows: i32, D: i32, eps: f64): void {
  layerNorm<f32>(x, gamma, beta, y, scale, rows, D, eps);
}
export function layerNormF64(x: usize, gamma: usize, beta: usize, y: usize, scale: usize, rows: i32, D: i32, eps: f64): void {
  layerNorm<f64>(x, gamma, beta, y, scale, rows, D, eps);
}
export function rmsNormF32(x: usize, gamma: usize, y: usize, scale: usize, rows: i32, D: i32, eps: f64): void {
  rmsNorm<f32>(x, gamma, y, scale, rows, D, eps);
}
export function rmsNormF64(x: usize, gamma: usize, y: usize, scale: usize, rows: i32, D: i32, eps: f64): void {
  rmsNorm<f64>(x, gamma, y, scale, rows, D, eps);
}
export function frozenNormF32(x: usize, gamma: usize, scale: usize, y: usize, rows: i32, T: i32, D: i32, centred: i32): void {
  frozenNorm<f32>(x, gamma, scale, y, rows, T, D, centred);
}
export function frozenNormF64(x: usize, gamma: usize, scale: usize, y: usize, rows: i32, T: i32, D: i32, centred: i32): void {
  frozenNorm<f64>(x, gamma, scale, y, rows, T, D, centred);
}
