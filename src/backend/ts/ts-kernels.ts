import type { Kernels } from '../kernels.ts';
import { denseKernels } from './dense-kernels.ts';
import { elementaryKernels } from './elementary-kernels.ts';
import { hermitianKernels } from './hermitian-kernels.ts';
import { networkKernels } from './network-kernels.ts';
import { randomKernels } from './random-kernels.ts';
import { stateKernels } from './state-kernels.ts';
import { sumKernels } from './sum-kernels.ts';

/** The pure-TypeScript backend: specification, baseline and fallback. */
export const tsKernels: Kernels = {
  ...denseKernels,
  ...elementaryKernels,
  ...hermitianKernels,
  ...networkKernels,
  ...randomKernels,
  ...stateKernels,
  ...sumKernels,
};
