/** Eight 16-bit weights as f32 in two vectors, exactly. Finite numbers only: weights that are not are refused when they are loaded. */

/** Sign, mantissa and exponent after a shift by 3; 112, the difference of the exponents' biases; the exponent. */
const MASKS = memory.data<u16>([
  0x8fff, 0x8fff, 0x8fff, 0x8fff, 0x8fff, 0x8fff, 0x8fff, 0x8fff,
  0x3800, 0x3800, 0x3800, 0x3800, 0x3800, 0x3800, 0x3800, 0x3800,
  0x7c00, 0x7c00, 0x7c00, 0x7c00, 0x7c00, 0x7c00, 0x7c00, 0x7c00,
], 16);
/** The sign of an f32, and 2⁻¹⁴, the least normal binary16 number. */
const LEAST = memory.data<u32>([
  0x80000000, 0x80000000, 0x80000000, 0x80000000, 0x38800000, 0x38800000, 0x38800000, 0x38800000,
], 16);

// @ts-ignore: decorator
@inline
export function fieldsF16(): v128 {
  return v128.load(MASKS);
}

// @ts-ignore: decorator
@inline
export function biasF16(): v128 {
  return v128.load(MASKS, 16);
}

// @ts-ignore: decorator
@inline
export function exponentF16(): v128 {
  return v128.load(MASKS, 32);
}

/** Lanes 0 to 3 of bfloat16 numbers. */
// @ts-ignore: decorator
@inline
export function lowBf16(h: v128): v128 {
  return i16x8.shuffle(i16x8.splat(0), h, 0, 8, 1, 9, 2, 10, 3, 11);
}

/** Lanes 4 to 7. */
// @ts-ignore: decorator
@inline
export function highBf16(h: v128): v128 {
  return i16x8.shuffle(i16x8.splat(0), h, 4, 12, 5, 13, 6, 14, 7, 15);
}

/**
 * Upper halves of the f32 numbers ±2^(e−15)·(1 + m/1024) that binary16 numbers with exponent field e and mantissa m stand for, e = 0 included,
 * where it is not the number yet: {@link repaired}. `mask` and `bias` are {@link fieldsF16} and {@link biasF16}, which a loop loads once.
 */
// @ts-ignore: decorator
@inline
export function upperF16(h: v128, mask: v128, bias: v128): v128 {
  return i16x8.add(v128.and(i16x8.shr_s(h, 3), mask), bias);
}

/** Their lower halves. */
// @ts-ignore: decorator
@inline
export function lowerF16(h: v128): v128 {
  return i16x8.shl(h, 13);
}

/** All ones in the lanes that hold 0 or a subnormal number. */
// @ts-ignore: decorator
@inline
export function subnormalF16(h: v128, exponent: v128): v128 {
  return i16x8.eq(v128.and(h, exponent), i16x8.splat(0));
}

/** Lanes 0 to 3 of two vectors of 16-bit halves. */
// @ts-ignore: decorator
@inline
export function joinLow(lower: v128, upper: v128): v128 {
  return i16x8.shuffle(lower, upper, 0, 8, 1, 9, 2, 10, 3, 11);
}

/** Lanes 4 to 7. */
// @ts-ignore: decorator
@inline
export function joinHigh(lower: v128, upper: v128): v128 {
  return i16x8.shuffle(lower, upper, 4, 12, 5, 13, 6, 14, 7, 15);
}

/** m·2⁻²⁴ for v = 2⁻¹⁵·(1 + m/1024), that is 2v − 2⁻¹⁴, where `mask` is all ones; the sign stays, that of 0 too. Both steps are exact. */
// @ts-ignore: decorator
@inline
export function repaired(v: v128, mask: v128): v128 {
  const sign = v128.and(v, v128.load(LEAST));
  const least = v128.or(sign, v128.load(LEAST, 16));
  return v128.or(sign, f32x4.add(v, v128.and(mask, f32x4.sub(v, least))));
}

/** Lanes 0 to 3 of binary16 numbers. */
// @ts-ignore: decorator
@inline
export function lowF16(h: v128): v128 {
  const mask = subnormalF16(h, exponentF16());
  return repaired(joinLow(lowerF16(h), upperF16(h, fieldsF16(), biasF16())), joinLow(mask, mask));
}

/** Lanes 4 to 7. */
// @ts-ignore: decorator
@inline
export function highF16(h: v128): v128 {
  const mask = subnormalF16(h, exponentF16());
  return repaired(joinHigh(lowerF16(h), upperF16(h, fieldsF16(), biasF16())), joinHigh(mask, mask));
}
