import { ACTIVATION_CODE } from '../contract/network.ts';
import type { Kernels } from '../kernels.ts';
import { arrayOf } from './array-of.ts';
import { gate } from './nn/activation.ts';
import { activationSlope } from './nn/tangent.ts';

export const activationKernels: Pick<Kernels, 'gate' | 'activationSlope'> = {
  gate: ({ z, r, n, activation }) => gate(arrayOf(z), arrayOf(r), n, ACTIVATION_CODE[activation]),
  activationSlope: ({ z, r, n, activation }) => activationSlope(arrayOf(z), arrayOf(r), n, ACTIVATION_CODE[activation]),
};
