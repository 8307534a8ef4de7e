import type { Kernels } from '../kernels.ts';
import { activationKernels } from './activation-kernels.ts';
import { attentionKernels } from './attention-kernels.ts';
import { denseKernels } from './dense-kernels.ts';
import { eigenKernels } from './eigen-kernels.ts';
import type { CoreExports } from './generated/abi.ts';
import { boundKernels } from './generated/bindings.ts';
import { historyKernels } from './history-kernels.ts';
import { weightKernels } from './weight-kernels.ts';

/** The WebAssembly backend's kernels over one instance: those that are bound as they are, and those bound by hand. */
export function wasmKernels(core: CoreExports): Kernels {
  return {
    ...boundKernels(core),
    ...activationKernels(core),
    ...attentionKernels(core),
    ...denseKernels(core),
    ...eigenKernels(core),
    ...historyKernels(core),
    ...weightKernels(core),
  };
}
