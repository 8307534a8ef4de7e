import type { FactorisationKernels } from '../contract/factorisations.ts';
import { arrayOf } from './array-of.ts';
import { cholesky } from './factorisations/cholesky.ts';
import { lu, luSolve } from './factorisations/lu.ts';
import { qr, qrMultiply } from './factorisations/qr.ts';

export const factorisationKernels: FactorisationKernels = {
  lu: (a, n, width, pivots) => lu(arrayOf(a), n, width, arrayOf(pivots)),
  luSolve: (factors, pivots, n, width, b, ...rest) =>
    luSolve(arrayOf(factors), arrayOf(pivots), n, width, arrayOf(b), ...rest),
  cholesky: (a, n, width) => cholesky(arrayOf(a), n, width),
  qr: (a, m, n, width, permutation, tau, work) =>
    qr(arrayOf(a), m, n, width, permutation === null ? null : arrayOf(permutation), arrayOf(tau), arrayOf(work)),
  qrMultiply: (factors, tau, m, n, width, b, columns, adjoint, work) =>
    qrMultiply(arrayOf(factors), arrayOf(tau), m, n, width, arrayOf(b), columns, adjoint, arrayOf(work)),
};
