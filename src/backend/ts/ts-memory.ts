import { CapacityError } from '../../core/errors.ts';
import { type ArrayOf, BYTES_PER_ELEMENT, type ElementKind, TYPED_ARRAY } from '../memory.ts';
import { OwnedBlock } from '../owned-block.ts';
import { ScopedMemory } from '../scoped-memory.ts';

/** A block that is a typed array of its own. */
export class TsBlock<K extends ElementKind = ElementKind> extends OwnedBlock<K> {
  readonly #array: ArrayOf[K];

  constructor(kind: K, array: ArrayOf[K], of: OwnedBlock | null = null) {
    super(kind, array.length, of);
    this.#array = array;
  }

  /** @throws BackendError after its release. */
  get array(): ArrayOf[K] {
    this.checkLives('kernels');
    return this.#array;
  }

  view(): ArrayOf[K] {
    this.checkLives('view');
    return this.#array;
  }

  part(start: number, length: number): TsBlock<K> {
    this.checkPart(start, length);
    return new TsBlock(this.kind, this.#array.subarray(start, start + length) as ArrayOf[K], this);
  }
}

/** Memory of the TypeScript backend: the garbage collector's. */
export class TsMemory extends ScopedMemory {
  #inUse = 0;

  get bytesInUse(): number {
    return this.#inUse;
  }

  protected override allocateBlock<K extends ElementKind>(kind: K, length: number): TsBlock<K> {
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

  protected override releaseBlock(block: OwnedBlock): void {
    this.#inUse -= block.length * BYTES_PER_ELEMENT[block.kind];
  }
}
