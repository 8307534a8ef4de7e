import type { Kernels } from './kernels.ts';
import type { BackendMemory } from './memory.ts';

/** Which implementation ran: baseline WebAssembly SIMD, relaxed SIMD (fused multiply-add), or TypeScript. */
export type BackendKind = 'wasm' | 'wasm-relaxed' | 'ts';

/** One instance: kernels and the memory they work on. Blocks of one instance mean nothing to another. */
export interface Backend {
  readonly kind: BackendKind;
  readonly memory: BackendMemory;
  readonly kernels: Kernels;
}
