/**
 * Eigenvalues of a Schur form T that rounding took off the places where roots and logarithms branch. Every change is an element of at
 * most `floor`, as large as rounding may have made it: T then belongs to a matrix as close to a as before.
 */
import type { Block } from '../../backend/memory.ts';

/**
 * For a real quasi-triangular T: a pair that a double eigenvalue left of zero fell into becomes that eigenvalue again, a block that is
 * zero to rounding becomes diagonal, and a negative eigenvalue that is zero to rounding becomes 0. Q takes part in exchanges.
 */
export function settleReal(t: Block<'f64'>, q: Block<'f64'>, n: number, ld: number, floor: number): void {
  if (floor === 0) return;
  const data = t.view();
  for (let k = 0; k < n; k++) {
    const at = k * (ld + 1);
    const single = k + 1 === n || data[at + ld] === 0;
    if (!single) {
      const [middle, upper, lower] = [data[at]!, Math.abs(data[at + 1]!), Math.abs(data[at + ld]!)];
      const zero = Math.max(Math.abs(middle), upper, lower) <= floor;
      if (middle < 0 && Math.min(upper, lower) <= floor) {
        if (upper < lower) exchange(data, q.view(), n, ld, k);
        data[at + ld] = 0;
      }
      if (zero) {
        data[at + 1] = 0;
        data[at + ld] = 0;
      }
    }
    for (const p of single ? [at] : [at, at + ld + 1]) if (data[p]! < 0 && data[p]! >= -floor) data[p] = 0;
    if (!single) k++;
  }
}

/** For a complex triangular T: an eigenvalue next to the negative axis is put on it, one that is zero to rounding at 0. */
export function settleComplex(t: Block<'f64'>, n: number, ld: number, floor: number): void {
  const data = t.view();
  for (let k = 0; k < n; k++) {
    const at = 2 * k * (ld + 1);
    if (data[at]! >= 0 || Math.abs(data[at + 1]!) > floor) continue;
    data[at + 1] = 0;
    if (data[at]! >= -floor) data[at] = 0;
  }
}

/** Exchanges rows and columns k and k+1 of T, and the columns of Q. */
function exchange(t: Float64Array, q: Float64Array, n: number, ld: number, k: number): void {
  const swap = (x: Float64Array, i: number, j: number): void => {
    const value = x[i]!;
    x[i] = x[j]!;
    x[j] = value;
  };
  for (let j = k; j < n; j++) swap(t, k * ld + j, (k + 1) * ld + j);
  for (let i = 0; i < k + 2; i++) swap(t, i * ld + k, i * ld + k + 1);
  for (let i = 0; i < n; i++) swap(q, i * ld + k, i * ld + k + 1);
}
