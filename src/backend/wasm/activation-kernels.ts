import { ACTIVATION_CODE } from '../contract/network.ts';
import type { Kernels } from '../kernels.ts';
import { addressOf as at } from './address.ts';
import type { CoreExports } from './generated/abi.ts';

export function activationKernels(core: CoreExports): Pick<Kernels, 'gate' | 'activationSlope'> {
  return {
    gate: ({ z, r, n, activation }) =>
      (z.kind === 'f32' ? core.gateF32 : core.gateF64)(at(z), at(r), n, ACTIVATION_CODE[activation]),
    activationSlope: ({ z, r, n, activation }) => core.activationSlope(at(z), at(r), n, ACTIVATION_CODE[activation]),
  };
}
