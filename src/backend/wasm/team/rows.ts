import type { Block } from '../../memory.ts';

/** Rows `from` to before `to` of a block with rows of `width`. */
export function rowsOf<B extends Block>(block: B, from: number, to: number, width: number): B {
  return block.part(from * width, (to - from) * width) as B;
}

/** What of a block lies behind its first `start` elements: where a block ends inside a row of its matrix, so does the part. */
export function behind<B extends Block>(block: B, start: number): B {
  return block.part(start, block.length - start) as B;
}

/** Rows or columns that a part of a product has at least, and a multiple of which it has: whole panels of both precisions. */
export const STRIP = 12;
