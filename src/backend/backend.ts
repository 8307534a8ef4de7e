import type { Kernels } from './kernels.ts';
import type { BackendMemory } from './memory.ts';
import type { Threads } from './threads.ts';

/** Which implementation ran: baseline WebAssembly SIMD, relaxed SIMD (fused multiply-add), or TypeScript. */
export type BackendKind = 'wasm' | 'wasm-relaxed' | 'ts';

/** One instance: kernels and the memory they work on. Blocks of one instance mean nothing to another. */
export interface Backend {
  /** Which implementation it is. */
  readonly kind: BackendKind;
  /** The memory that its blocks lie in. */
  readonly memory: BackendMemory;
  /** The algorithms that run on blocks of this memory. */
  readonly kernels: Kernels;
  /** The threads that large calls run on. The results have the same bits, whatever their number. */
  readonly threads: Threads;
  /** Ends the threads: large calls are refused afterwards, small ones and memory work on. Without it they end with the program, or when nothing refers to the backend. */
  close(): void;
}
