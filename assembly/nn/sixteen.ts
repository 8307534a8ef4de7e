/** Sixteen small numbers in bytes, on their way to f32. */

/** Number i of 16 bytes, signed, times `scale` goes to dst[i]. */
// @ts-ignore: decorator
@inline
export function putScaled(dst: usize, bytes: v128, scale: f32): void {
  const factor = f32x4.splat(scale);
  const low = i16x8.extend_low_i8x16_s(bytes), high = i16x8.extend_high_i8x16_s(bytes);
  v128.store(dst, f32x4.mul(factor, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(low))));
  v128.store(dst, f32x4.mul(factor, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(low))), 16);
  v128.store(dst, f32x4.mul(factor, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(high))), 32);
  v128.store(dst, f32x4.mul(factor, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(high))), 48);
}

/** The same plus `offset`, rounded twice. */
// @ts-ignore: decorator
@inline
export function putAffine(dst: usize, bytes: v128, scale: f32, offset: f32): void {
  const factor = f32x4.splat(scale), constant = f32x4.splat(offset);
  const low = i16x8.extend_low_i8x16_s(bytes), high = i16x8.extend_high_i8x16_s(bytes);
  v128.store(dst, f32x4.add(f32x4.mul(factor, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(low))), constant));
  v128.store(dst, f32x4.add(f32x4.mul(factor, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(low))), constant), 16);
  v128.store(dst, f32x4.add(f32x4.mul(factor, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(high))), constant), 32);
  v128.store(dst, f32x4.add(f32x4.mul(factor, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(high))), constant), 48);
}

/** Bits shift … of every byte, as many as `mask` has. */
// @ts-ignore: decorator
@inline
export function field(bytes: v128, shift: i32, mask: i32): v128 {
  return v128.and(i16x8.shr_u(bytes, shift), i8x16.splat(<i8>mask));
}
