/** Rotary positions. Mathematics: src/backend/ts/nn/rope.ts. */
import { at, put, putRounded, rowOf, seek, vectorAt, wideAt } from '../layout';
import { cos, cosSinPair, sin } from '../math/trig';

export function ropeTable(frequency: usize, cosTable: usize, sinTable: usize, first: i32, T: i32, half: i32): void {
  for (let t = 0; t < T; t++) {
    const cosines = rowOf<f64>(cosTable, t, half);
    const sines = rowOf<f64>(sinTable, t, half);
    const position = <f64>(first + t);
    const positions = f64x2.splat(position);
    let c = 0;
    for (; c + 2 <= half; c += 2) {
      cosSinPair(f64x2.mul(positions, vectorAt<f64>(frequency, c)), cosines, sines, c);
    }
    if (c < half) {
      const angle = position * at<f64>(frequency, c);
      put<f64>(cosines, c, cos(angle));
      put<f64>(sines, c, sin(angle));
    }
  }
}

// @ts-ignore: decorator
@inline
function ropeRotate<T>(x: usize, cosTable: usize, sinTable: usize, rows: i32, heads: i32, K: i32, R: i32): void {
  const half = R >> 1;
  for (let t = 0; t < rows; t++) {
    const row = rowOf<T>(x, t, heads * K);
    for (let h = 0; h < heads; h++) {
      const head = seek<T>(row, h * K);
      for (let c = 0; c < half; c++) {
        const a = wideAt<T>(head, c);
        const b = wideAt<T>(head, c + half);
        const cosine = at<f64>(cosTable, t * half + c);
        const sine = at<f64>(sinTable, t * half + c);
        putRounded<T>(head, c, a * cosine - b * sine);
        putRounded<T>(head, c + half, b * cosine + a * sine);
      }
    }
  }
}

export function ropeRotateF32(x: usize, cosTable: usize, sinTable: usize, rows: i32, heads: i32, K: i32, R: i32): void {
  ropeRotate<f32>(x, cosTable, sinTable, rows, heads, K, R);
}
export function ropeRotateF64(x: usize, cosTable: usize, sinTable: usize, rows: i32, heads: i32, K: i32, R: i32): void {
  ropeRotate<f64>(x, cosTable, sinTable, rows, heads, K, R);
}
