import type { StatisticsKernels } from '../contract/statistics.ts';
import { addressOf } from './address.ts';
import type { CoreExports } from './generated/abi.ts';

export function statisticsKernels(core: CoreExports): StatisticsKernels {
  return {
    permutedProduct: (a, b, order, n, result) =>
      core.permutedProduct(addressOf(a), addressOf(b), addressOf(order), n, addressOf(result)),
  };
}
