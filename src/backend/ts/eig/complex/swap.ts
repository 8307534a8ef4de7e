/**
 * Reordering a triangular Schur form: two neighbouring diagonal elements change places by one rotation.
 *
 * @source Z. Bai, J. W. Demmel, Linear Algebra Appl. 186 (1993) 73–95.
 */
import { makeRotation, rotateChain, rotateRows } from './rotation.ts';

/** Exchanges elements k and k+1 of the diagonal of t (n×n): the rotation maps the eigenvector (t_k,k+1, t_k+1,k+1 − t_kk) to e₁. */
export function swapNeighbours(
  t: Float64Array,
  ld: number,
  n: number,
  q: Float64Array,
  qRows: number,
  k: number,
  rot: Float64Array,
): void {
  const p = 2 * (k * ld + k);
  const below = p + 2 * ld;
  const ar = t[p]!;
  const ai = t[p + 1]!;
  const br = t[below + 2]!;
  const bi = t[below + 3]!;
  rot[4] = t[p + 2]!;
  rot[5] = t[p + 3]!;
  rot[6] = br - ar;
  rot[7] = bi - ai;
  makeRotation(rot, 4, rot, 6, rot, 0);
  rotateRows(t, p, below, n - k, rot, 0);
  rotateChain(t, 2 * k, 2, 2 * ld, k + 2, rot, 0, 1, true);
  rotateChain(q, 2 * k, 2, 2 * ld, qRows, rot, 0, 1, true);
  t[p] = br;
  t[p + 1] = bi;
  t[below] = 0;
  t[below + 1] = 0;
  t[below + 2] = ar;
  t[below + 3] = ai;
}

/** Moves element `from` of the diagonal to place `to`, the ones between by one; q ← q G*…. rot: 8 numbers. */
export function complexMove(
  t: Float64Array,
  ld: number,
  n: number,
  q: Float64Array,
  qRows: number,
  from: number,
  to: number,
  rot: Float64Array,
): void {
  for (let k = from - 1; k >= to; k--) swapNeighbours(t, ld, n, q, qRows, k, rot);
  for (let k = from; k < to; k++) swapNeighbours(t, ld, n, q, qRows, k, rot);
}
