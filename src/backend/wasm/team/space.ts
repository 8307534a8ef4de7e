import { type Block, BYTES_PER_ELEMENT } from '../../memory.ts';
import type { Heap } from '../heap.ts';
import { WasmBlock } from '../wasm-memory.ts';

interface Reserved {
  readonly address: number;
  readonly bytes: number;
}

/** Work space of the parts of one call, each its own: reserved once, and anew where a call needs more. */
export class Space {
  readonly #heap: Heap;
  readonly #reserved: (Reserved | undefined)[] = [];
  #used = 0;

  constructor(heap: Heap) {
    this.#heap = heap;
  }

  /** Forgets what the last call took. */
  begin(): void {
    this.#used = 0;
  }

  /** A block of `length` elements that hold anything, like `block`, until the next {@link begin}. @throws CapacityError when memory is full. */
  like<B extends Block>({ kind }: B, length: number): B {
    const bytes = Math.max(1, length * BYTES_PER_ELEMENT[kind]);
    const index = this.#used++;
    const kept = this.#reserved[index];
    const fits = kept !== undefined && kept.bytes >= bytes;
    const { address } = fits ? kept : this.#reserve(index, bytes);
    return new WasmBlock(this.#heap.memory, kind, address, length) as Block as B;
  }

  #reserve(index: number, bytes: number): Reserved {
    const kept = this.#reserved[index];
    // Forgotten before memory is asked for more, which it may refuse.
    delete this.#reserved[index];
    if (kept !== undefined) this.#heap.unreserve(kept.address);
    const reserved = { address: this.#heap.reserve(bytes), bytes };
    this.#reserved[index] = reserved;
    return reserved;
  }
}
