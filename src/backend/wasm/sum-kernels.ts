import type { SumKernels } from '../contract/sums.ts';
import { addressOf } from './address.ts';
import type { CoreExports } from './generated/abi.ts';

export function sumKernels(core: CoreExports): SumKernels {
  return {
    compensatedSum: (x, n, result) => core.compensatedSum(addressOf(x), n, addressOf(result)),
    compensatedDot: (x, y, n, result) => core.compensatedDot(addressOf(x), addressOf(y), n, addressOf(result)),
  };
}
