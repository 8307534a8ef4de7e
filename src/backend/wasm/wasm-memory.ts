import { BackendError } from '../../core/errors.ts';
import {
  type ArrayOf,
  type BackendMemory,
  type Block,
  BYTES_PER_ELEMENT,
  type ElementKind,
  TYPED_ARRAY,
} from '../memory.ts';
import { ScopedMemory } from '../scoped-memory.ts';
import type { Heap } from './heap.ts';

/** A block in a WebAssembly memory: an address and a length, never a stored view. */
export class WasmBlock<K extends ElementKind = ElementKind> implements Block<K> {
  readonly kind: K;
  readonly address: number;
  readonly length: number;
  readonly #memory: WebAssembly.Memory;

  constructor(memory: WebAssembly.Memory, kind: K, address: number, length: number) {
    this.#memory = memory;
    this.kind = kind;
    this.address = address;
    this.length = length;
  }

  view(): ArrayOf[K] {
    return new TYPED_ARRAY[this.kind](this.#memory.buffer, this.address, this.length) as ArrayOf[K];
  }

  part(start: number, length: number): WasmBlock<K> {
    if (start < 0 || length < 0 || start + length > this.length) {
      throw new BackendError(`part: range must lie in [0, ${this.length}), but it is [${start}, ${start + length}).`);
    }
    return new WasmBlock(this.#memory, this.kind, this.address + start * BYTES_PER_ELEMENT[this.kind], length);
  }
}

/** Blocks over a {@link Heap}. */
export class WasmMemory extends ScopedMemory implements BackendMemory {
  readonly #heap: Heap;

  constructor(heap: Heap) {
    super();
    this.#heap = heap;
  }

  get bytesInUse(): number {
    return this.#heap.bytesInUse;
  }

  protected override allocateBlock<K extends ElementKind>(kind: K, length: number): Block<K> {
    return new WasmBlock(this.#heap.memory, kind, this.#heap.allocate(length * BYTES_PER_ELEMENT[kind]), length);
  }

  protected override releaseBlock(block: Block): void {
    this.#heap.release((block as WasmBlock).address);
  }
}
