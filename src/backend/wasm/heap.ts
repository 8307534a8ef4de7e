import { BackendError, CapacityError } from '../../core/errors.ts';

const PAGE = 65536;
const ALIGNMENT = 16;
/** A wasm32 memory has at most 65,536 pages; the last stays unused, so that the end of an array is never address 2³² = 0. */
export const MAX_PAGES = 65535;

interface Span {
  start: number;
  size: number;
}

/**
 * First-fit allocator over a fresh WebAssembly memory from `base` up. The book-keeping lives on the host, so no kernel can
 * damage it. Memory grows only in `allocate`.
 */
export class Heap {
  readonly memory: WebAssembly.Memory;
  /** Free spans in address order, never touching one another; the last may end at `#end`. */
  readonly #free: Span[] = [];
  readonly #sizes = new Map<number, number>();
  #end: number;
  /** No byte from here on was ever taken: they are zero, as the machine gave them. */
  #untouched: number;
  #inUse = 0;
  #reserved = 0;

  constructor(memory: WebAssembly.Memory, base: number) {
    this.memory = memory;
    this.#end = align(base);
    this.#untouched = this.#end;
    this.#addFree(this.#end, memory.buffer.byteLength - this.#end);
  }

  get bytesInUse(): number {
    return this.#inUse - this.#reserved;
  }

  /** Address of `bytes` zeroed bytes. */
  allocate(bytes: number): number {
    const size = align(Math.max(bytes, ALIGNMENT));
    const untouched = this.#untouched;
    const address = this.take(size);
    if (address < untouched) new Uint8Array(this.memory.buffer, address, Math.min(size, untouched - address)).fill(0);
    return address;
  }

  release(address: number): void {
    this.#giveBack(address);
  }

  /** Address of `bytes` bytes as they are: work space of the backend itself, which does not count as in use. */
  reserve(bytes: number): number {
    const size = align(bytes);
    const address = this.take(size);
    this.#reserved += size;
    return address;
  }

  /** Gives back what was reserved. */
  unreserve(address: number): void {
    this.#reserved -= this.#giveBack(address);
  }

  /** Address of `size` bytes as they are, `size` being a multiple of 16. */
  protected take(size: number): number {
    let index = this.#free.findIndex((span) => span.size >= size);
    if (index < 0) {
      this.#grow(size);
      index = this.#free.length - 1;
    }
    const span = this.#free[index]!;
    const address = span.start;
    if (span.size === size) this.#free.splice(index, 1);
    else {
      span.start += size;
      span.size -= size;
    }
    this.#sizes.set(address, size);
    this.#inUse += size;
    this.#untouched = Math.max(this.#untouched, address + size);
    return address;
  }

  #giveBack(address: number): number {
    const size = this.#sizes.get(address);
    if (size === undefined) throw new BackendError('release: block must be allocated, but it was released before.');
    this.#sizes.delete(address);
    this.#inUse -= size;
    this.#addFree(address, size);
    return size;
  }

  #grow(size: number): void {
    const last = this.#free.at(-1);
    const present = this.memory.buffer.byteLength;
    const tail = last !== undefined && last.start + last.size === present ? last.size : 0;
    const needed = Math.ceil((size - tail) / PAGE);
    const pages = present / PAGE;
    const message = `allocate: memory must hold ${size} more bytes, but a WebAssembly memory ends at 4 GiB and ${this.#inUse} are in use. Release what is not needed, or open a second backend.`;
    if (pages + needed > MAX_PAGES) throw new CapacityError(message, size);
    // Grow by an eighth at least, so that many small blocks do not mean many growths; by what is needed if that is refused.
    const generous = Math.min(Math.max(needed, pages >> 3), MAX_PAGES - pages);
    if (!this.#tryGrow(generous) && !this.#tryGrow(needed)) {
      throw new CapacityError(
        `allocate: the machine must give ${size} more bytes, but it refused. Use a smaller model.`,
        size,
      );
    }
    this.#addFree(present, this.memory.buffer.byteLength - present);
  }

  #tryGrow(pages: number): boolean {
    try {
      this.memory.grow(pages);
      return true;
    } catch {
      return false;
    }
  }

  /** Inserts a span and joins it with the neighbours it touches. */
  #addFree(start: number, size: number): void {
    if (size === 0) return;
    const spans = this.#free;
    let index = spans.findIndex((span) => span.start > start);
    if (index < 0) index = spans.length;
    const before = spans[index - 1];
    const after = spans[index];
    const joinsBefore = before !== undefined && before.start + before.size === start;
    const joinsAfter = after !== undefined && start + size === after.start;
    if (joinsBefore && joinsAfter) {
      before.size += size + after.size;
      spans.splice(index, 1);
    } else if (joinsBefore) before.size += size;
    else if (joinsAfter) {
      after.start = start;
      after.size += size;
    } else spans.splice(index, 0, { start, size });
  }
}

export function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
