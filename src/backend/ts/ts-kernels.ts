import type { Kernels } from '../kernels.ts';
import { adjointKernels } from './adjoint-kernels.ts';
import { denseKernels } from './dense-kernels.ts';
import { eigenKernels } from './eigen-kernels.ts';
import { elementaryKernels } from './elementary-kernels.ts';
import { factorisationKernels } from './factorisation-kernels.ts';
import { hermitianKernels } from './hermitian-kernels.ts';
import { historyKernels } from './history-kernels.ts';
import { lensKernels } from './lens-kernels.ts';
import { lumpingKernels } from './lumping-kernels.ts';
import { matrixFunctionKernels } from './matrix-function-kernels.ts';
import { networkKernels } from './network-kernels.ts';
import { randomKernels } from './random-kernels.ts';
import { resolventKernels } from './resolvent-kernels.ts';
import { stateKernels } from './state-kernels.ts';
import { statisticsKernels } from './statistics-kernels.ts';
import { sumKernels } from './sum-kernels.ts';
import { svdKernels } from './svd-kernels.ts';

/** The pure-TypeScript backend: specification, baseline and fallback. */
export const tsKernels: Kernels = {
  ...adjointKernels,
  ...denseKernels,
  ...eigenKernels,
  ...elementaryKernels,
  ...factorisationKernels,
  ...hermitianKernels,
  ...lensKernels,
  ...lumpingKernels,
  ...matrixFunctionKernels,
  ...networkKernels,
  ...randomKernels,
  ...resolventKernels,
  ...stateKernels,
  ...statisticsKernels,
  ...sumKernels,
  ...svdKernels,
  ...historyKernels,
};
