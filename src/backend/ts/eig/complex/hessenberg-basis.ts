/**
 * The unitary Q of the Hessenberg reduction from its reflectors.
 *
 * @cost 4/3·n³ complex multiply-adds.
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
    for (let j = 0; j < 2 * n; j++) q[2 * i * ld + j] = 0;
    q[2 * (i * ld + i)] = 1;
  }
  if (hi - lo < 2) return;
  let w = 0;
  let next = 2 * n;
  for (let j = 2 * (hi - 1); j < 2 * (hi + 1); j += 2) {
    const from = 2 * (hi - 2) * ld + j;
    work[w + j] = v[from]!;
    work[w + j + 1] = -v[from + 1]!;
  }
  for (let k = hi - 2; k >= lo; k--) {
    const vk = 2 * k * ld;
    const t = tau[k]!;
    const column = 2 * (k + 1);
    for (let j = column; j < 2 * (hi + 1); j++) {
      work[w + j] = t * work[w + j]!;
      work[next + j] = 0;
    }
    const before = Math.max(k - 1, lo);
    const vb = 2 * before * ld;
    for (let i = k + 1; i <= hi; i++) {
      updateFactor(
        q,
        2 * i * ld + column,
        hi - k,
        v[vk + 2 * i]!,
        v[vk + 2 * i + 1]!,
        work,
        w + column,
        v[vb + 2 * i]!,
        v[vb + 2 * i + 1]!,
        work,
        next + column,
      );
    }
    work[next + 2 * k] = v[vb + 2 * k]!;
    work[next + 2 * k + 1] = -v[vb + 2 * k + 1]!;
    const swap = w;
    w = next;
    next = swap;
  }
}
