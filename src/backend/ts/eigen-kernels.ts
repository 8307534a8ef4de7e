import type { Kernels } from '../kernels.ts';
import { arrayOf } from './array-of.ts';
import { complexHessenberg } from './eig/complex/hessenberg.ts';
import { complexSchur } from './eig/complex/schur.ts';
import { complexMove } from './eig/complex/swap.ts';
import { realHessenberg } from './eig/real/hessenberg.ts';
import { realSchur } from './eig/real/schur.ts';

export const eigenKernels: Pick<
  Kernels,
  'complexHessenberg' | 'complexSchur' | 'complexMove' | 'realHessenberg' | 'realSchur'
> = {
  complexHessenberg: ({ a, ld, n, lo, hi, q, v, tau, work }) =>
    complexHessenberg(arrayOf(a), ld, n, lo, hi, arrayOf(q ?? a), q !== null, arrayOf(v), arrayOf(tau), arrayOf(work)),
  complexSchur: ({ h, ld, n, lo, hi, q, limit, work, info }) =>
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
  complexMove: ({ t, ld, n, q, from, to, rot }) =>
    complexMove(arrayOf(t), ld, n, arrayOf(q), n, from, to, arrayOf(rot)),
  realHessenberg: ({ a, ld, n, lo, hi, q, v, tau, work }) =>
    realHessenberg(arrayOf(a), ld, n, lo, hi, arrayOf(q ?? a), q !== null, arrayOf(v), arrayOf(tau), arrayOf(work)),
  realSchur: ({ h, ld, n, lo, hi, q, limit, work, info }) =>
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
};
