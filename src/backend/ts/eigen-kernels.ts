import type { EigenKernels } from '../contract/eigen.ts';
import { arrayOf } from './array-of.ts';
import { balance } from './eig/balance.ts';
import { complexEigenvectors } from './eig/complex/eigenvectors.ts';
import { complexHessenberg } from './eig/complex/hessenberg.ts';
import { complexSchur } from './eig/complex/schur.ts';
import { complexMove } from './eig/complex/swap.ts';
import { realHessenberg } from './eig/real/hessenberg.ts';
import { complexFromRealSchur, realSchur } from './eig/real/schur.ts';

export const eigenKernels: EigenKernels = {
  balance: (a, ld, n, width, scale, info) => balance(arrayOf(a), ld, n, width, arrayOf(scale), arrayOf(info)),
  complexHessenberg: (a, ld, n, lo, hi, q, v, tau, work) =>
    complexHessenberg(arrayOf(a), ld, n, lo, hi, arrayOf(q ?? a), q !== null, arrayOf(v), arrayOf(tau), arrayOf(work)),
  complexSchur: (h, ld, n, lo, hi, q, limit, work, info) =>
    complexSchur(
      arrayOf(h),
      ld,
      n,
      lo,
      hi,
      q !== null,
      arrayOf(q ?? h),
      q === null ? 0 : n,
      limit,
      arrayOf(work),
      arrayOf(info),
    ),
  complexEigenvectors: (t, q, ld, n, left, lo, hi, scale, vectors, pivots, rows, square, work) =>
    complexEigenvectors(
      arrayOf(t),
      arrayOf(q),
      ld,
      n,
      left,
      lo,
      hi,
      arrayOf(scale),
      arrayOf(vectors),
      arrayOf(pivots),
      arrayOf(rows),
      arrayOf(square),
      arrayOf(work),
    ),
  complexMove: (t, ld, n, q, from, to, rot) => complexMove(arrayOf(t), ld, n, arrayOf(q), n, from, to, arrayOf(rot)),
  realHessenberg: (a, ld, n, lo, hi, q, v, tau, work) =>
    realHessenberg(arrayOf(a), ld, n, lo, hi, arrayOf(q ?? a), q !== null, arrayOf(v), arrayOf(tau), arrayOf(work)),
  realSchur: (h, ld, n, lo, hi, q, limit, work, info) =>
    realSchur(
      arrayOf(h),
      ld,
      n,
      lo,
      hi,
      q !== null,
      arrayOf(q ?? h),
      q === null ? 0 : n,
      limit,
      arrayOf(work),
      arrayOf(info),
    ),
  complexFromRealSchur: (t, q, ld, n, tc, qc, lc, rot) =>
    complexFromRealSchur(arrayOf(t), arrayOf(q), ld, n, arrayOf(tc), arrayOf(qc), lc, arrayOf(rot)),
};
