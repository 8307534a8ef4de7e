/**
 * Elements of arrays. A pointer is a byte address (`usize`) of the first element of an array that the host owns; indices count elements of
 * `T`. The shift happens on the index alone (`ptr + i << 3` would shift the sum). SIMD loops that step a pointer themselves load and store
 * vectors without these functions.
 */

// @ts-ignore: decorator
@inline
export function at<T>(base: usize, i: i32): T {
  return load<T>(base + (<usize>i) * sizeof<T>());
}

// @ts-ignore: decorator
@inline
export function put<T>(base: usize, i: i32, value: T): void {
  store<T>(base + (<usize>i) * sizeof<T>(), value);
}

/** Address of element `i`. */
// @ts-ignore: decorator
@inline
export function seek<T>(base: usize, i: i32): usize {
  return base + (<usize>i) * sizeof<T>();
}

/** Address of row `row` in a row-major array whose rows hold `width` elements; safe beyond 2³¹ elements. */
// @ts-ignore: decorator
@inline
export function rowOf<T>(base: usize, row: i32, width: i32): usize {
  return base + (<usize>row) * (<usize>width) * sizeof<T>();
}

/** The 128-bit vector that starts at element `i`. */
// @ts-ignore: decorator
@inline
export function vectorAt<T>(base: usize, i: i32): v128 {
  return v128.load(base + (<usize>i) * sizeof<T>());
}

// @ts-ignore: decorator
@inline
export function putVector<T>(base: usize, i: i32, value: v128): void {
  v128.store(base + (<usize>i) * sizeof<T>(), value);
}

/** Element `i` as f64, whatever `T` is: reductions accumulate in f64. */
// @ts-ignore: decorator
@inline
export function wideAt<T>(base: usize, i: i32): f64 {
  return <f64>load<T>(base + (<usize>i) * sizeof<T>());
}

/** Elements `i` and `i + 1` as f64. */
// @ts-ignore: decorator
@inline
export function widePairAt<T>(base: usize, i: i32): v128 {
  const address = base + (<usize>i) * sizeof<T>();
  return sizeof<T>() == 8 ? v128.load(address) : f64x2.promote_low_f32x4(v128.load64_zero(address));
}

/** Rounds `value` to `T` and stores it as element `i`. */
// @ts-ignore: decorator
@inline
export function putRounded<T>(base: usize, i: i32, value: f64): void {
  store<T>(base + (<usize>i) * sizeof<T>(), <T>value);
}

/** Rounds two numbers of f64 to `T` and stores them as elements `i` and `i + 1`. */
// @ts-ignore: decorator
@inline
export function putPairRounded<T>(base: usize, i: i32, pair: v128): void {
  const address = base + (<usize>i) * sizeof<T>();
  if (sizeof<T>() == 8) v128.store(address, pair);
  else v128.store64_lane(address, f32x4.demote_f64x2_zero(pair), 0);
}

/** Elements `i` and `i + 1` of `n` numbers of f64, or the last one and 0. */
// @ts-ignore: decorator
@inline
export function pairOrLast(base: usize, i: i32, n: i32): v128 {
  const address = base + (<usize>i) * 8;
  return i + 1 < n ? v128.load(address) : v128.load64_zero(address);
}
