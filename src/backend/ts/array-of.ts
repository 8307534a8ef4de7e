import type { ArrayOf, Block } from '../memory.ts';
import type { TsBlock } from './ts-memory.ts';

/** What {@link arrayOf} gives for a block, and null for none. */
type ArrayBehind<B extends Block | null> = B extends Block<infer K> ? ArrayOf[K] : null;

/** The typed array behind a block of this backend. */
export function arrayOf<B extends Block | null>(block: B): ArrayBehind<B> {
  return (block === null ? null : (block as TsBlock).array) as ArrayBehind<B>;
}
