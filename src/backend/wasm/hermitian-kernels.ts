import type { HermitianKernels } from '../contract/hermitian.ts';
import { addressOf as a } from './address.ts';
import type { CoreExports } from './generated/abi.ts';

export function hermitianKernels(core: CoreExports): HermitianKernels {
  return {
    eigh: (matrix, n, width, values, vectors, work, info) =>
      core.eigh(a(matrix), n, width, a(values), a(vectors), a(work), a(info)),
  };
}
