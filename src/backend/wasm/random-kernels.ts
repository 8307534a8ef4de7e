import type { RandomKernels } from '../contract/random.ts';
import { addressOf } from './address.ts';
import type { CoreExports } from './generated/abi.ts';

export function randomKernels(core: CoreExports): RandomKernels {
  return {
    philoxUniform: (dst, seed, stream, first, n) =>
      void core.philoxUniform(addressOf(dst), seed, stream, BigInt(first), n),
  };
}
