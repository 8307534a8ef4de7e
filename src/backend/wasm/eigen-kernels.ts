import type { EigenKernels } from '../contract/eigen.ts';
import { addressOf } from './address.ts';
import type { CoreExports } from './generated/abi.ts';

export function eigenKernels(core: CoreExports): EigenKernels {
  return {
    balance: (a, ld, n, width, scale, info) =>
      core.balance(addressOf(a), ld, n, width, addressOf(scale), addressOf(info)),
    complexHessenberg: (a, ld, n, lo, hi, q, v, tau, work) =>
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
    complexSchur: (h, ld, n, lo, hi, q, limit, work, info) =>
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
    complexEigenvectors: (t, q, ld, n, left, lo, hi, scale, vectors, pivots, rows, square, work) =>
      core.complexEigenvectors(
        addressOf(t),
        addressOf(q),
        ld,
        n,
        left,
        lo,
        hi,
        addressOf(scale),
        addressOf(vectors),
        addressOf(pivots),
        addressOf(rows),
        addressOf(square),
        addressOf(work),
      ),
    complexMove: (t, ld, n, q, from, to, rot) =>
      core.complexMove(addressOf(t), ld, n, addressOf(q), n, from, to, addressOf(rot)),
    realHessenberg: (a, ld, n, lo, hi, q, v, tau, work) =>
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
    realSchur: (h, ld, n, lo, hi, q, limit, work, info) =>
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
    complexFromRealSchur: (t, q, ld, n, tc, qc, lc, rot) =>
      core.complexFromRealSchur(addressOf(t), addressOf(q), ld, n, addressOf(tc), addressOf(qc), lc, addressOf(rot)),
  };
}
