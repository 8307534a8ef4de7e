import { type ArrayOf, BYTES_PER_ELEMENT, type ElementKind, TYPED_ARRAY } from '../memory.ts';
import { OwnedBlock } from '../owned-block.ts';
import { ScopedMemory } from '../scoped-memory.ts';
import type { Heap } from './heap.ts';

/** A block in a WebAssembly memory: an address and a length, never a stored view. */
export class WasmBlock<K extends ElementKind = ElementKind> extends OwnedBlock<K> {
  readonly #address: number;
  readonly #memory: WebAssembly.Memory;

  constructor(memory: WebAssembly.Memory, kind: K, address: number, length: number, of: OwnedBlock | null = null) {
    super(kind, length, of);
    this.#memory = memory;
    this.#address = address;
  }

  /** @throws BackendError after its release. */
  get address(): number {
    this.checkLives('kernels');
    return this.#address;
  }

  view(): ArrayOf[K] {
    this.checkLives('view');
    return new TYPED_ARRAY[this.kind](this.#memory.buffer, this.#address, this.length) as ArrayOf[K];
  }

  part(start: number, length: number): WasmBlock<K> {
    this.checkPart(start, length);
    const address = this.#address + start * BYTES_PER_ELEMENT[this.kind];
    return new WasmBlock(this.#memory, this.kind, address, length, this);
  }
}

/** Blocks over a {@link Heap}. */
export class WasmMemory extends ScopedMemory {
  readonly #heap: Heap;

  constructor(heap: Heap) {
    super();
    this.#heap = heap;
  }

  get bytesInUse(): number {
    return this.#heap.bytesInUse;
  }

  protected override allocateBlock<K extends ElementKind>(kind: K, length: number): WasmBlock<K> {
    return new WasmBlock(this.#heap.memory, kind, this.#heap.allocate(length * BYTES_PER_ELEMENT[kind]), length);
  }

  protected override releaseBlock(block: OwnedBlock): void {
    this.#heap.release((block as WasmBlock).address);
  }
}
