import type { Backend } from './backend.ts';
import { tsKernels } from './ts/ts-kernels.ts';
import { TsMemory } from './ts/ts-memory.ts';

/** The TypeScript backend, which needs no loading. */
export function twinBackend(): Backend {
  return {
    kind: 'ts',
    memory: new TsMemory(),
    kernels: tsKernels,
    threads: { count: 1, why: 'the TypeScript backend has one thread' },
    close: () => {},
  };
}
