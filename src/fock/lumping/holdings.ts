import type { Backend } from '../../backend/backend.ts';
import type { Block, ElementKind } from '../../backend/memory.ts';

/** Blocks that live as long as a walk; released together. */
export class Holdings {
  readonly #memory: Backend['memory'];
  readonly #blocks: Block[] = [];
  constructor(memory: Backend['memory']) {
    this.#memory = memory;
  }
  allocate<K extends ElementKind>(kind: K, length: number): Block<K> {
    return this.keep(this.#memory.allocate(kind, length));
  }
  keep<B extends Block>(block: B): B {
    this.#blocks.push(block);
    return block;
  }
  release(): void {
    for (const block of this.#blocks.splice(0)) this.#memory.release(block);
  }
}
