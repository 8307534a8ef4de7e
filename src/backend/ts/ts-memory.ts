import { CapacityError } from '../../core/errors.ts';
import { type ArrayOf, type Block, BYTES_PER_ELEMENT, type ElementKind, TYPED_ARRAY } from '../memory.ts';
import { ScopedMemory } from '../scoped-memory.ts';

/** A block that is a typed array of its own. */
export class TsBlock<K extends ElementKind = ElementKind> implements Block<K> {
  readonly kind: K;
  readonly array: ArrayOf[K];

  constructor(kind: K, array: ArrayOf[K]) {
    this.kind = kind;
    this.array = array;
  }

  get length(): number {
    return this.array.length;
  }

  view(): ArrayOf[K] {
    return this.array;
  }

  part(start: number, length: number): TsBlock<K> {
    return new TsBlock(this.kind, this.array.subarray(start, start + length) as ArrayOf[K]);
  }
}

/** Memory of the TypeScript backend: the garbage collector's. */
export class TsMemory extends ScopedMemory {
  #inUse = 0;

  get bytesInUse(): number {
    return this.#inUse;
  }

  protected override allocateBlock<K extends ElementKind>(kind: K, length: number): Block<K> {
    const bytes = length * BYTES_PER_ELEMENT[kind];
    let array: ArrayOf[K];
    try {
      array = new TYPED_ARRAY[kind](length) as ArrayOf[K];
    } catch (cause) {
      throw new CapacityError(
        `allocate: the machine must give ${bytes} bytes, but it refused (${(cause as Error).message}).`,
        bytes,
      );
    }
    this.#inUse += bytes;
    return new TsBlock(kind, array);
  }

  protected override releaseBlock(block: Block): void {
    this.#inUse -= block.length * BYTES_PER_ELEMENT[block.kind];
  }
}
