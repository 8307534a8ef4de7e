import type { Block } from '../../memory.ts';

/** Rows `from` to before `to` of a block with rows of `width`. */
export function rowsOf<B extends Block>(block: B, from: number, to: number, width: number): B {
  return block.part(from * width, (to - from) * width) as B;
}
