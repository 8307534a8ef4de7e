/** Where kernels run, and the memory they work on. */
export type { Backend, BackendKind } from './backend.ts';
export type { BackendMemory, Block, ElementKind, Precision, RealBlock } from './memory.ts';
export { type OpenBackendOptions, openBackend } from './open.ts';
