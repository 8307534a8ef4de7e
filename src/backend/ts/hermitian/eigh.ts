import { DENSE_PANEL, type Width } from '../../contract/hermitian.ts';
import { backTransform } from '../dense/reflector-blocks.ts';
import { identityPanels } from '../dense/rotation-panels.ts';
import { largestSize, scaleFor } from '../dense/scaling.ts';
import { sortNumbers } from '../dense/vector-panels.ts';
import { tridiagonalQl } from './tridiagonal-ql.ts';
import { tridiagonalise } from './tridiagonalise.ts';

/**
 * A = V Λ V† of the Hermitian part of A: scaling, reduction A = Q T Q†, T = S Λ Sᵀ, V = Q S by blocks of reflectors.
 * work = [re, im, d, e, τ, 8 vectors, c, s, out, Sᵀ in panels, work of backTransform]. Arguments: src/backend/contract/hermitian.ts.
 *
 * @cost flops for real A: 4n³/3 without vectors, 8.3n³ with; complex A: 16n³/3 and 18n³
 * @accuracy ‖AV − VΛ‖ and ‖V†V − I‖ ≤ c·n·u (times ‖A‖); parity exact.
 * @source G. H. Golub, C. F. Van Loan, Matrix Computations (4th ed., 2013), §8.3.
 */
export function eigh(
  a: Float64Array,
  n: number,
  width: Width,
  values: Float64Array,
  vectors: Float64Array | null,
  work: Float64Array,
  info: Float64Array,
): number {
  info[0] = 0;
  if (n === 0) return 0;
  let used = 0;
  const take = (length: number): Float64Array => work.subarray(used, (used += length));
  const re = take(n * n);
  const im = width === 2 ? take(n * n) : null;
  const [d, e, tau, eight, c, s, out] = [take(n), take(n), take(2 * n), take(8 * n + 8), take(n), take(n), take(4)];
  const scale = scaleFor(largestSize(a, width * n * n));
  loadHermitianPart(a, n, scale, re, im);
  tridiagonalise(re, im, n, d, e, tau, eight, out);
  const panels = vectors === null ? null : take(Math.ceil(n / DENSE_PANEL) * DENSE_PANEL * n);
  if (panels !== null) identityPanels(panels, n);
  const status = tridiagonalQl(d, e, n, c, s, panels, out);
  info[0] = out[3]!;
  if (status !== 0) return status;
  const order = c;
  sortNumbers(d, n, order, false);
  const factor = 1 / scale;
  for (let i = 0; i < n; i++) values[i] = d[i]! * factor;
  if (panels === null || vectors === null) return 0;
  const reflectors = { direction: 1, count: n - 1, edge: 0, re, im, ld: n, first: 1, tau } as const;
  backTransform(reflectors, panels, n, n, order, n, vectors, work.subarray(used));
  return 0;
}

/** The lower triangle of scale·(A + A†)/2. */
function loadHermitianPart(a: Float64Array, n: number, scale: number, re: Float64Array, im: Float64Array | null): void {
  const half = 0.5 * scale;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const ij = i * n + j;
      const ji = j * n + i;
      if (im === null) re[ij] = a[ij]! * half + a[ji]! * half;
      else {
        re[ij] = a[2 * ij]! * half + a[2 * ji]! * half;
        im[ij] = a[2 * ij + 1]! * half - a[2 * ji + 1]! * half;
      }
    }
  }
}
