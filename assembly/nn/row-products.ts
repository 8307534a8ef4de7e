/** One row of x against one panel of weights, which are widened in registers: eight sums from left to right over k go to `sums`. */
import { multiplyAddF32 } from '../simd';
import {
  biasF16, exponentF16, fieldsF16, highBf16, joinHigh, joinLow, lowBf16, lowerF16, repaired, subnormalF16, upperF16,
} from './halves';
import { biasQ8, highNumbers, lowNumbers, Q8_BYTES, Q8_SCALES, upperQ8 } from './panels';

export function rowBf16(x: usize, w: usize, sums: usize, k: i32): void {
  let a0 = f32x4.splat(0), a1 = f32x4.splat(0);
  const end = x + ((<usize>k) << 2);
  while (x < end) {
    const s = v128.load32_splat(x);
    const h = v128.load(w);
    a0 = multiplyAddF32(s, lowBf16(h), a0);
    a1 = multiplyAddF32(s, highBf16(h), a1);
    w += 16;
    x += 4;
  }
  v128.store(sums, a0);
  v128.store(sums, a1, 16);
}

export function rowF16(x: usize, w: usize, sums: usize, k: i32): void {
  const fields = fieldsF16(), bias = biasF16(), exponent = exponentF16();
  let a0 = f32x4.splat(0), a1 = f32x4.splat(0);
  const end = x + ((<usize>k) << 2);
  while (x < end) {
    const s = v128.load32_splat(x);
    const h = v128.load(w);
    const lower = lowerF16(h), upper = upperF16(h, fields, bias);
    let w0 = joinLow(lower, upper), w1 = joinHigh(lower, upper);
    const small = subnormalF16(h, exponent);
    if (v128.any_true(small)) {
      w0 = repaired(w0, joinLow(small, small));
      w1 = repaired(w1, joinHigh(small, small));
    }
    a0 = multiplyAddF32(s, w0, a0);
    a1 = multiplyAddF32(s, w1, a1);
    w += 16;
    x += 4;
  }
  v128.store(sums, a0);
  v128.store(sums, a1, 16);
}

export function rowQ8(x: usize, w: usize, sums: usize, k: i32): void {
  const upper = upperQ8(), bias = biasQ8();
  let a0 = f32x4.splat(0), a1 = f32x4.splat(0);
  const end = x + ((<usize>k) << 2);
  while (x < end) {
    const low = v128.load(w), high = v128.load(w, 16);
    const last = w + Q8_BYTES;
    w += Q8_SCALES;
    while (w < last) {
      let s = v128.load32_splat(x);
      let bytes = v128.load8x8_u(w);
      a0 = multiplyAddF32(s, f32x4.mul(low, lowNumbers(bytes, upper, bias)), a0);
      a1 = multiplyAddF32(s, f32x4.mul(high, highNumbers(bytes, upper, bias)), a1);
      s = v128.load32_splat(x, 4);
      bytes = v128.load8x8_u(w, 8);
      a0 = multiplyAddF32(s, f32x4.mul(low, lowNumbers(bytes, upper, bias)), a0);
      a1 = multiplyAddF32(s, f32x4.mul(high, highNumbers(bytes, upper, bias)), a1);
      w += 16;
      x += 8;
    }
  }
  v128.store(sums, a0);
  v128.store(sums, a1, 16);
}
