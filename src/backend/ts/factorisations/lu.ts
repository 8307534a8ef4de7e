import type { Width } from '../../contract/hermitian.ts';
import { divideRow, subtractNumbers, subtractRow } from '../dense/rows.ts';

/**
 * P A = L U by rows: step k takes the row with the largest |Re a_ik| + |Im a_ik|, then row_i ← row_i − l_ik row_k below it; where the pivot
 * is zero, l_ik = a_ik, which is zero too. So every element receives its terms one by one, and the recursion of the WebAssembly side has
 * these bits. Contract: src/backend/contract/factorisations.ts.
 *
 * @cost 2n³/3 flops real, 8n³/3 complex
 * @accuracy backward stable for the growth factors that occur: ‖PA − LU‖ ≤ c·n·u·‖L‖‖U‖; parity exact.
 * @source N. J. Higham, Accuracy and Stability of Numerical Algorithms (2nd ed., 2002), §9.1; the recursion: S. Toledo, SIAM J. Matrix
 * Anal. Appl. 18 (1997) 1065.
 */
export function lu(a: Float64Array, n: number, width: Width, pivots: Int32Array): number {
  let status = 0;
  const row = width * n;
  for (let k = 0; k < n; k++) {
    const column = width * k;
    let pivot = k;
    let largest = sizeOf(a, k * row + column, width);
    for (let i = k + 1; i < n; i++) {
      const size = sizeOf(a, i * row + column, width);
      if (size > largest) {
        largest = size;
        pivot = i;
      }
    }
    pivots[k] = pivot;
    if (largest === 0 && status === 0) status = k + 1;
    swapRows(a, row, k, pivot);
    const at = k * row + column;
    for (let i = k + 1; i < n; i++) {
      const factor = i * row + column;
      if (largest !== 0) divideRow(width, 1, a[at]!, width === 1 ? 0 : a[at + 1]!, a, factor);
      subtractNumbers(width, n - k - 1, a[factor]!, width === 1 ? 0 : a[factor + 1]!, a, at + width, a, factor + width);
    }
  }
  return status;
}

/** B ← A⁻¹B = U⁻¹L⁻¹P B, or A†⁻¹B = Pᵀ L†⁻¹ U†⁻¹ B. Every step uses one row of the factors. */
export function luSolve(
  factors: Float64Array,
  pivots: Int32Array,
  n: number,
  width: Width,
  b: Float64Array,
  columns: number,
  adjoint: boolean,
): void {
  const row = width * columns;
  const im = (at: number): number => (width === 1 ? 0 : factors[at + 1]!);
  if (adjoint) {
    for (let i = 0; i < n; i++) {
      const diagonal = (i * n + i) * width;
      divideRow(width, columns, factors[diagonal]!, -im(diagonal), b, i * row);
      for (let j = i + 1; j < n; j++) {
        const at = (i * n + j) * width;
        subtractRow(width, columns, factors[at]!, -im(at), b, i * row, b, j * row);
      }
    }
    for (let i = n - 1; i >= 0; i--) {
      for (let j = 0; j < i; j++) {
        const at = (i * n + j) * width;
        subtractRow(width, columns, factors[at]!, -im(at), b, i * row, b, j * row);
      }
    }
    for (let k = n - 1; k >= 0; k--) swapRows(b, row, k, pivots[k]!);
    return;
  }
  for (let k = 0; k < n; k++) swapRows(b, row, k, pivots[k]!);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const at = (i * n + j) * width;
      subtractRow(width, columns, factors[at]!, im(at), b, j * row, b, i * row);
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) {
      const at = (i * n + j) * width;
      subtractRow(width, columns, factors[at]!, im(at), b, j * row, b, i * row);
    }
    const diagonal = (i * n + i) * width;
    divideRow(width, columns, factors[diagonal]!, im(diagonal), b, i * row);
  }
}

function sizeOf(a: Float64Array, at: number, width: Width): number {
  return width === 1 ? Math.abs(a[at]!) : Math.abs(a[at]!) + Math.abs(a[at + 1]!);
}

function swapRows(a: Float64Array, length: number, i: number, k: number): void {
  if (i === k) return;
  for (let j = 0; j < length; j++) {
    const kept = a[i * length + j]!;
    a[i * length + j] = a[k * length + j]!;
    a[k * length + j] = kept;
  }
}
