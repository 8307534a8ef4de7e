/** Multiply-add of the two binaries: rounded twice in the baseline (the twin's bits), once where relaxed SIMD fuses. */

// @ts-ignore: decorator
@inline
export function multiplyAddF32(a: v128, b: v128, sum: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, sum);
  return f32x4.add(sum, f32x4.mul(a, b));
}

// @ts-ignore: decorator
@inline
export function multiplyAddF64(a: v128, b: v128, sum: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_madd(a, b, sum);
  return f64x2.add(sum, f64x2.mul(a, b));
}

/** sum + a·b in the lanes of `T`. */
// @ts-ignore: decorator
@inline
export function multiplyAdd<T>(a: v128, b: v128, sum: v128): v128 {
  return sizeof<T>() == 8 ? multiplyAddF64(a, b, sum) : multiplyAddF32(a, b, sum);
}

/** Lanes of a 128-bit vector. */
// @ts-ignore: decorator
@inline
export function lanes<T>(): i32 {
  return <i32>(16 / sizeof<T>());
}

/** sum − a·b. */
// @ts-ignore: decorator
@inline
export function multiplySubtractF64(a: v128, b: v128, sum: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_nmadd(a, b, sum);
  return f64x2.sub(sum, f64x2.mul(a, b));
}

/**
 * Entry `i` (a literal) of a table whose entries are a constant in both lanes: one load, where a splat of a literal is built up
 * in four instructions each time.
 */
// @ts-ignore: decorator
@inline
export function constant(table: usize, i: usize): v128 {
  return v128.load(table + i * 16);
}

/** Two terms of a polynomial of f64, cᵢ + cᵢ₊₁·r, from a table of {@link constant}s. */
// @ts-ignore: decorator
@inline
export function linearTerms(table: usize, r: v128, i: usize): v128 {
  return f64x2.add(constant(table, i), f64x2.mul(constant(table, i + 1), r));
}

/** Lanes 2 and 3 of f32, as lanes 0 and 1. */
// @ts-ignore: decorator
@inline
export function highHalf(x: v128): v128 {
  return i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
}

/** The lanes of `yes` where `mask` is all ones, of `no` where it is all zeros. */
// @ts-ignore: decorator
@inline
export function choose(mask: v128, yes: v128, no: v128): v128 {
  return v128.bitselect(yes, no, mask);
}

/** Lane 0 + lane 1 of f64. */
// @ts-ignore: decorator
@inline
export function sumOfLanes(sums: v128): f64 {
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}
