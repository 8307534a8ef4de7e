import type { FactorisationKernels } from '../contract/factorisations.ts';
import { addressOf as at } from './address.ts';
import type { CoreExports } from './generated/abi.ts';

export function factorisationKernels(core: CoreExports): FactorisationKernels {
  return {
    lu: (a, n, width, pivots) => core.lu(at(a), n, width, at(pivots)),
    luSolve: (factors, pivots, n, width, b, columns, adjoint) =>
      core.luSolve(at(factors), at(pivots), n, width, at(b), columns, adjoint),
    cholesky: (a, n, width) => core.cholesky(at(a), n, width),
    qr: (a, m, n, width, permutation, tau, work) => core.qr(at(a), m, n, width, at(permutation), at(tau), at(work)),
    qrMultiply: (factors, tau, m, n, width, b, columns, adjoint, work) =>
      core.qrMultiply(at(factors), at(tau), m, n, width, at(b), columns, adjoint, at(work)),
  };
}
