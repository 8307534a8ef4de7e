import type { Kernels } from '../kernels.ts';
import { activationKernels } from './activation-kernels.ts';
import { attentionKernels } from './attention-kernels.ts';
import { denseKernels } from './dense-kernels.ts';
import { eigenKernels } from './eigen-kernels.ts';
import { elementaryKernels } from './elementary-kernels.ts';
import { factorisationKernels } from './factorisation-kernels.ts';
import { boundKernels } from './generated/bindings.ts';
import { historyKernels } from './history-kernels.ts';
import { matrixFunctionKernels } from './matrix-function-kernels.ts';
import { weightKernels } from './weight-kernels.ts';

/** The pure-TypeScript backend: specification, baseline and fallback. */
export const tsKernels: Kernels = {
  ...boundKernels,
  ...activationKernels,
  ...attentionKernels,
  ...factorisationKernels,
  ...denseKernels,
  ...eigenKernels,
  ...elementaryKernels,
  ...historyKernels,
  ...matrixFunctionKernels,
  ...weightKernels,
};
