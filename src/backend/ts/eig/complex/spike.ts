/** Moves inside a deflation window: copies, and the reflector that takes the spike back to one element. */
import { makeReflector, reflectRows } from './reflector.ts';

/** b = aᴴ, both n×n with rows `row` numbers apart. */
export function adjoint(a: Float64Array, b: Float64Array, row: number, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      b[i * row + 2 * j] = a[j * row + 2 * i]!;
      b[i * row + 2 * j + 1] = -a[j * row + 2 * i + 1]!;
    }
  }
}

/** The upper Hessenberg block of h that begins at h[p], n×n, to t (zeros below), and v = I. */
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
      const to = i * row + 2 * j;
      const inside = j >= i - 1;
      t[to] = inside ? h[p + i * lh + 2 * j]! : 0.0;
      t[to + 1] = inside ? h[p + i * lh + 2 * j + 1]! : 0.0;
      v[to] = i === j ? 1.0 : 0.0;
      v[to + 1] = 0;
    }
  }
}

/**
 * With P the reflector of the first `count` elements of v's first row, conjugated: t ← P t P and v ← v P on the leading rows and
 * columns; then that row of v has one element left. u: 2n + 3 numbers of work space.
 */
export function foldSpike(
  t: Float64Array,
  v: Float64Array,
  row: number,
  n: number,
  count: number,
  u: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    u[2 * i] = v[2 * i]!;
    u[2 * i + 1] = -v[2 * i + 1]!;
  }
  const out = 2 * n;
  makeReflector(u, 0, count, u, out);
  const tau = u[out]!;
  for (let j = 0; j < n; j++) {
    let re = 0.0;
    let im = 0.0;
    for (let i = 0; i < count; i++) {
      const p = i * row + 2 * j;
      re += u[2 * i]! * t[p]! + u[2 * i + 1]! * t[p + 1]!;
      im += u[2 * i]! * t[p + 1]! - u[2 * i + 1]! * t[p]!;
    }
    re *= tau;
    im *= tau;
    for (let i = 0; i < count; i++) {
      const p = i * row + 2 * j;
      t[p] = t[p]! - (u[2 * i]! * re - u[2 * i + 1]! * im);
      t[p + 1] = t[p + 1]! - (u[2 * i]! * im + u[2 * i + 1]! * re);
    }
  }
  for (let i = 0; i < count; i++) reflectRows(t, i * row, row, 1, u, 0, count, tau);
  for (let i = 0; i < n; i++) reflectRows(v, i * row, row, 1, u, 0, count, tau);
}
