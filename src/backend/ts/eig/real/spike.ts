/** Moves inside a deflation window: the real twin of complex/spike. */
import { makeReflector, reflectRows } from './reflector.ts';

/** The upper Hessenberg block of h that begins at h[p], n×n, to t (zeros below), and v = I; rows of t and v are `row` numbers apart. */
export function takeWindow(
  h: Float64Array,
  p: number,
  lh: number,
  t: Float64Array,
  v: Float64Array,
  row: number,
  n: number,
): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      t[i * row + j] = j >= i - 1 ? h[p + i * lh + j]! : 0.0;
      v[i * row + j] = i === j ? 1.0 : 0.0;
    }
  }
}

/**
 * With P the reflector of the first `count` elements of v's first row: t ← P t P and v ← v P on the leading rows and columns; then
 * that row of v has one element left. u: n + 2 numbers of work space.
 */
export function foldSpike(
  t: Float64Array,
  v: Float64Array,
  row: number,
  n: number,
  count: number,
  u: Float64Array,
): void {
  for (let i = 0; i < count; i++) u[i] = v[i]!;
  makeReflector(u, 0, count, u, n);
  const tau = u[n]!;
  for (let j = 0; j < n; j++) {
    let sum = 0.0;
    for (let i = 0; i < count; i++) sum += u[i]! * t[i * row + j]!;
    sum *= tau;
    for (let i = 0; i < count; i++) t[i * row + j] = t[i * row + j]! - u[i]! * sum;
  }
  for (let i = 0; i < count; i++) reflectRows(t, i * row, row, 1, u, 0, count, tau);
  for (let i = 0; i < n; i++) reflectRows(v, i * row, row, 1, u, 0, count, tau);
}
