import { checkInteger } from '../core/checks.ts';
import { BackendError } from '../core/errors.ts';
import type { BackendMemory, Block, ElementKind } from './memory.ts';

/** The part of a backend memory that both backends share: which blocks live, and scopes that release what they allocated. */
export abstract class ScopedMemory implements BackendMemory {
  readonly #live = new Set<Block>();
  readonly #scopes: Set<Block>[] = [];

  protected abstract allocateBlock<K extends ElementKind>(kind: K, length: number): Block<K>;
  protected abstract releaseBlock(block: Block): void;
  abstract readonly bytesInUse: number;

  allocate<K extends ElementKind>(kind: K, length: number): Block<K> {
    checkInteger('allocate', 'length', length, 0);
    const block = this.allocateBlock(kind, length);
    this.#live.add(block);
    this.#scopes.at(-1)?.add(block);
    return block;
  }

  release(block: Block): void {
    if (!this.#live.delete(block)) {
      throw new BackendError(
        'release: block must be one that is allocated, but it was released before or is a part of one.',
      );
    }
    this.releaseBlock(block);
    for (const scope of this.#scopes) scope.delete(block);
  }

  scope<T>(work: (keep: <B extends Block>(block: B) => B) => T): T {
    const blocks = new Set<Block>();
    const kept = new Set<Block>();
    const outer = this.#scopes.at(-1);
    this.#scopes.push(blocks);
    let done = false;
    try {
      const result = work((block) => {
        kept.add(block);
        return block;
      });
      done = true;
      return result;
    } finally {
      this.#scopes.pop();
      for (const block of blocks) {
        if (done && kept.has(block)) outer?.add(block);
        else this.release(block);
      }
    }
  }
}
