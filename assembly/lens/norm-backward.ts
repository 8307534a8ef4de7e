/** Gradient through LayerNorm and RMSNorm. Mathematics: src/backend/ts/lens/norm-backward.ts. The mean runs left to right. */
import { at, putPairRounded, putRounded, rowOf, vectorAt, wideAt, widePairAt } from '../layout';
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
    const centres = f64x2.splat(centre);
    const sigmas = f64x2.splat(sigma);
    let sums = f64x2.splat(0);
    let alongs = f64x2.splat(0);
    let c = 0;
    for (; c + 2 <= D; c += 2) {
      const g = f64x2.mul(widePairAt<T>(gradient, c), vectorAt<f64>(gamma, c));
      sums = f64x2.add(sums, g);
      alongs = f64x2.add(alongs, f64x2.mul(g, f64x2.div(f64x2.sub(widePairAt<T>(from, c), centres), sigmas)));
    }
    let sum = f64x2.extract_lane(sums, 0);
    let along = f64x2.extract_lane(alongs, 0);
    if (c < D) {
      const g = wideAt<T>(gradient, c) * at<f64>(gamma, c);
      sum += g;
      along += g * ((wideAt<T>(from, c) - centre) / sigma);
    }
    const shift = centred != 0 ? (sum + f64x2.extract_lane(sums, 1)) / <f64>D : 0;
    const slope = (along + f64x2.extract_lane(alongs, 1)) / <f64>D;
    const shifts = f64x2.splat(shift);
    const slopes = f64x2.splat(slope);
    c = 0;
    for (; c + 2 <= D; c += 2) {
      const g = f64x2.mul(widePairAt<T>(gradient, c), vectorAt<f64>(gamma, c));
      const part = f64x2.mul(f64x2.div(f64x2.sub(widePairAt<T>(from, c), centres), sigmas), slopes);
      putPairRounded<T>(to, c, f64x2.div(f64x2.sub(f64x2.sub(g, shifts), part), sigmas));
    }
    if (c < D) {
      const g = wideAt<T>(gradient, c) * at<f64>(gamma, c);
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
