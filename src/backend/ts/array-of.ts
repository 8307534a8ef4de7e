import type { ArrayOf, Block, ElementKind } from '../memory.ts';
import type { TsBlock } from './ts-memory.ts';

/** The typed array behind a block of this backend. */
export function arrayOf<K extends ElementKind>(block: Block<K>): ArrayOf[K] {
  return (block as TsBlock<K>).array;
}
