import type { Block } from '../memory.ts';
import type { WasmBlock } from './wasm-memory.ts';

/** Byte address of a block of this backend; 0 stands for “none” across the boundary. */
export function addressOf(block: Block | null): number {
  return block === null ? 0 : (block as WasmBlock).address;
}
