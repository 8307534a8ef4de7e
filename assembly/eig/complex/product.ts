/**
 * Products of complex matrices. Mathematics: src/backend/ts/eig/complex/product.ts. One row by four columns: the sums of
 * Re a·b and of Im a·b stay apart in eight registers, so that the inner loop moves no lanes.
 */
import { seek } from '../../layout';

const COLUMNS: i32 = 4;
export const FULL: i32 = 0;
export const UPPER: i32 = 1;
export const LOWER: i32 = 2;

// @ts-ignore: decorator
@inline
function joined(re: v128, im: v128): v128 {
  const turned = i64x2.shuffle(im, im, 1, 0);
  return f64x2.add(re, f64x2.mul(turned, f64x2.replace_lane(f64x2.splat(1), 0, -1)));
}

function row4(a: usize, end: usize, b: usize, step: usize, c: usize): void {
  let r0 = f64x2.splat(0), r1 = f64x2.splat(0), r2 = f64x2.splat(0), r3 = f64x2.splat(0);
  let i0 = f64x2.splat(0), i1 = f64x2.splat(0), i2 = f64x2.splat(0), i3 = f64x2.splat(0);
  while (a < end) {
    const ar = v128.load64_splat(a);
    const ai = v128.load64_splat(a, 8);
    let z = v128.load(b);
    r0 = f64x2.add(r0, f64x2.mul(ar, z));
    i0 = f64x2.add(i0, f64x2.mul(ai, z));
    z = v128.load(b, 16);
    r1 = f64x2.add(r1, f64x2.mul(ar, z));
    i1 = f64x2.add(i1, f64x2.mul(ai, z));
    z = v128.load(b, 32);
    r2 = f64x2.add(r2, f64x2.mul(ar, z));
    i2 = f64x2.add(i2, f64x2.mul(ai, z));
    z = v128.load(b, 48);
    r3 = f64x2.add(r3, f64x2.mul(ar, z));
    i3 = f64x2.add(i3, f64x2.mul(ai, z));
    a += 16;
    b += step;
  }
  v128.store(c, joined(r0, i0));
  v128.store(c, joined(r1, i1), 16);
  v128.store(c, joined(r2, i2), 32);
  v128.store(c, joined(r3, i3), 48);
}

function row1(a: usize, end: usize, b: usize, step: usize, c: usize): void {
  let re = f64x2.splat(0), im = f64x2.splat(0);
  while (a < end) {
    const z = v128.load(b);
    re = f64x2.add(re, f64x2.mul(v128.load64_splat(a), z));
    im = f64x2.add(im, f64x2.mul(v128.load64_splat(a, 8), z));
    a += 16;
    b += step;
  }
  v128.store(c, joined(re, im));
}

export function multiply(
  a: usize, pa: i32, la: i32, b: usize, pb: i32, lb: i32, c: usize, pc: i32, lc: i32,
  rows: i32, inner: i32, columns: i32, shape: i32,
): void {
  const step = (<usize>lb) << 3;
  for (let j = 0; j < columns; j += COLUMNS) {
    const from = shape == LOWER ? j : 0;
    const to = shape == UPPER ? min(inner, j + COLUMNS) : inner;
    for (let i = 0; i < rows; i++) {
      const row = pa + i * la;
      const begin = seek<f64>(a, row + 2 * from);
      const end = seek<f64>(a, row + 2 * to);
      const column = seek<f64>(b, pb + from * lb + 2 * j);
      const to0 = seek<f64>(c, pc + i * lc + 2 * j);
      if (j + COLUMNS <= columns) row4(begin, end, column, step, to0);
      else {
        for (let l = 0; l < columns - j; l++) {
          const shift = (<usize>l) << 4;
          row1(begin, end, column + shift, step, to0 + shift);
        }
      }
    }
  }
}
