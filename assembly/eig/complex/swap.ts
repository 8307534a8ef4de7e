/** Mathematics: src/backend/ts/eig/complex/swap.ts. */
import { at, put } from '../../layout';
import { makeRotation, rotateChain, rotateRows } from './rotation';

/** Exchanges elements k and k+1 of the diagonal of t (n×n): the rotation maps the eigenvector (t_k,k+1, t_k+1,k+1 − t_kk) to e₁. */
export function swapNeighbours(t: usize, ld: i32, n: i32, q: usize, qRows: i32, k: i32, rot: usize): void {
  const p = 2 * (k * ld + k);
  const below = p + 2 * ld;
  const ar = at<f64>(t, p);
  const ai = at<f64>(t, p + 1);
  const br = at<f64>(t, below + 2);
  const bi = at<f64>(t, below + 3);
  put<f64>(rot, 4, at<f64>(t, p + 2));
  put<f64>(rot, 5, at<f64>(t, p + 3));
  put<f64>(rot, 6, br - ar);
  put<f64>(rot, 7, bi - ai);
  makeRotation(rot, 4, rot, 6, rot, 0);
  rotateRows(t, p, below, n - k, rot, 0);
  rotateChain(t, 2 * k, 2, 2 * ld, k + 2, rot, 0, 1, true);
  rotateChain(q, 2 * k, 2, 2 * ld, qRows, rot, 0, 1, true);
  put<f64>(t, p, br);
  put<f64>(t, p + 1, bi);
  put<f64>(t, below, 0);
  put<f64>(t, below + 1, 0);
  put<f64>(t, below + 2, ar);
  put<f64>(t, below + 3, ai);
}

/** Moves element `from` of the diagonal to place `to`, the ones between by one; q ← q G*…. rot: 8 numbers. */
export function complexMove(t: usize, ld: i32, n: i32, q: usize, qRows: i32, from: i32, to: i32, rot: usize): void {
  for (let k = from - 1; k >= to; k--) swapNeighbours(t, ld, n, q, qRows, k, rot);
  for (let k = from; k < to; k++) swapNeighbours(t, ld, n, q, qRows, k, rot);
}
