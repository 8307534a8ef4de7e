/**
 * Scaling by a power of two, so that squares of entries neither overflow nor vanish: where the largest entry is above 2⁴⁰⁰ it is
 * brought just below, where it is below 2⁻⁴⁰⁰ it is brought above 2⁻²⁰⁰; all others are left alone. The scaling is exact except for
 * numbers that it makes subnormal, which lie far below the rounding error of the largest.
 *
 * @source own; the thresholds follow E. Anderson et al., LAPACK Users' Guide (3rd ed., 1999), section on scaling of ?SYEV.
 */
const HUGE = 2 ** 400;
const TINY = 2 ** -400;
const LOW = 2 ** -200;
const UP = 2 ** 50;
const DOWN = 2 ** -50;

/** Largest |x[i]|, i < n. */
export function largestSize(x: Float64Array, n: number): number {
  let largest = 0;
  for (let i = 0; i < n; i++) {
    const size = Math.abs(x[i]!);
    if (size > largest) largest = size;
  }
  return largest;
}

/** The factor for a matrix whose largest entry is `largest`; its reciprocal is exact. */
export function scaleFor(largest: number): number {
  let scale = 1;
  if (largest > HUGE) while (largest * scale > HUGE) scale *= DOWN;
  else if (largest > 0 && largest < TINY) while (largest * scale < LOW) scale *= UP;
  return scale;
}

/** Multiplies what lies on and above the diagonal of an m×n matrix. */
export function scaleTriangle(a: Float64Array, m: number, n: number, width: number, factor: number): void {
  for (let i = 0; i < m && i < n; i++) {
    for (let at = (i * n + i) * width; at < (i + 1) * n * width; at++) a[at] = a[at]! * factor;
  }
}
