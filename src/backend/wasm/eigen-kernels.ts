import type { Kernels } from '../kernels.ts';
import { addressOf } from './address.ts';
import type { CoreExports } from './generated/abi.ts';

export function eigenKernels(
  core: CoreExports,
): Pick<Kernels, 'complexHessenberg' | 'complexSchur' | 'complexMove' | 'realHessenberg' | 'realSchur'> {
  return {
    complexHessenberg: ({ a, ld, n, lo, hi, q, v, tau, work }) =>
      core.complexHessenberg(
        addressOf(a),
        ld,
        n,
        lo,
        hi,
        addressOf(q ?? a),
        q !== null,
        addressOf(v),
        addressOf(tau),
        addressOf(work),
      ),
    complexSchur: ({ h, ld, n, lo, hi, q, limit, work, info }) =>
      core.complexSchur(
        addressOf(h),
        ld,
        n,
        lo,
        hi,
        q !== null,
        addressOf(q ?? h),
        q === null ? 0 : n,
        limit,
        addressOf(work),
        addressOf(info),
      ),
    complexMove: ({ t, ld, n, q, from, to, rot }) =>
      core.complexMove(addressOf(t), ld, n, addressOf(q), n, from, to, addressOf(rot)),
    realHessenberg: ({ a, ld, n, lo, hi, q, v, tau, work }) =>
      core.realHessenberg(
        addressOf(a),
        ld,
        n,
        lo,
        hi,
        addressOf(q ?? a),
        q !== null,
        addressOf(v),
        addressOf(tau),
        addressOf(work),
      ),
    realSchur: ({ h, ld, n, lo, hi, q, limit, work, info }) =>
      core.realSchur(
        addressOf(h),
        ld,
        n,
        lo,
        hi,
        q !== null,
        addressOf(q ?? h),
        q === null ? 0 : n,
        limit,
        addressOf(work),
        addressOf(info),
      ),
  };
}
