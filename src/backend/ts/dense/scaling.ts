/**
 * Scaling by a power of two, so that squares of entries neither overflow nor vanish: entries between 2⁻⁴⁰⁰ and 2⁴⁰⁰ in
 * the largest are left alone, all others are multiplied by 2^±700. The scaling is exact, except that numbers below 2⁻³⁷⁴
 * lose digits when the largest is above 2⁴⁰⁰, where they are below its rounding error anyway.
 *
 * @source own; the thresholds follow E. Anderson et al., LAPACK Users' Guide (3rd ed., 1999), section on scaling of ?SYEV.
 */
const HUGE = 2 ** 400;
const TINY = 2 ** -400;
const UP = 2 ** 700;
const DOWN = 2 ** -700;

/** Largest |x[i]|, i < n. */
export function largestSize(x: Float64Array, n: number): number {
  let largest = 0;
  for (let i = 0; i < n; i++) {
    const size = Math.abs(x[i]!);
    if (size > largest) largest = size;
  }
  return largest;
}

/** The factor for a matrix whose largest entry is `largest`. */
export function scaleFor(largest: number): number {
  if (largest > HUGE) return DOWN;
  if (largest > 0 && largest < TINY) return UP;
  return 1;
}

/** Undoes `scale`. */
export function unscale(scale: number): number {
  if (scale === DOWN) return UP;
  return scale === UP ? DOWN : 1;
}
