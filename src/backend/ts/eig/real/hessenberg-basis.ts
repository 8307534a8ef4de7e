/**
 * The orthogonal Q of the real Hessenberg reduction from its reflectors.
 *
 * @cost 4/3·n³ multiply-adds.
 */
import { updateFactor } from './rank-two.ts';

/** q = P_lo … P_{hi−2}, an n×n matrix, multiplied together from the last, which touches the smallest block. */
export function formHessenbergBasis(
  q: Float64Array,
  ld: number,
  n: number,
  lo: number,
  hi: number,
  v: Float64Array,
  tau: Float64Array,
  work: Float64Array,
): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) q[i * ld + j] = 0;
    q[i * ld + i] = 1;
  }
  if (hi - lo < 2) return;
  let w = 0;
  let next = n;
  for (let j = hi - 1; j <= hi; j++) work[w + j] = v[(hi - 2) * ld + j]!;
  for (let k = hi - 2; k >= lo; k--) {
    const vk = k * ld;
    const t = tau[k]!;
    const column = k + 1;
    for (let j = column; j <= hi; j++) {
      work[w + j] = t * work[w + j]!;
      work[next + j] = 0;
    }
    const vb = Math.max(k - 1, lo) * ld;
    for (let i = column; i <= hi; i++) {
      updateFactor(q, i * ld + column, hi - k, v[vk + i]!, work, w + column, v[vb + i]!, work, next + column);
    }
    work[next + k] = v[vb + k]!;
    const swap = w;
    w = next;
    next = swap;
  }
}
