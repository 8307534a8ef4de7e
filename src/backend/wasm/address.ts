import type { Block } from '../memory.ts';
import type { WasmBlock } from './wasm-memory.ts';

/** Byte address of a block of this backend; 0 stands for “none” across the boundary. */
export function addressOf(block: Block | null): number {
  return block === null ? 0 : (block as WasmBlock).address;
}

/** A size, or a flag as 0 or 1. */
export function integer(value: number | boolean): number {
  return Number(value);
}
