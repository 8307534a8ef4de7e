import { align, Heap } from '../../src/backend/wasm/heap.ts';
import { BackendError, CapacityError } from '../../src/core/errors.ts';
import { firstUnpoisoned, poison } from './poison.ts';

/** Bytes of poison before and behind every block. */
const GUARD = 64;
/** Bytes of released blocks that are kept out of use, so that whatever still reads them meets poison. */
const QUARANTINE = 2 ** 20;
/** Taking the views away costs time in proportion to the memory: so many bytes of it at each allocation, on average. */
const DETACHED = 2 ** 22;

export { MAX_PAGES } from '../../src/backend/wasm/heap.ts';
/** Under the name that a backend knows it by. */
export { PoisonedHeap as Heap };

interface Taken {
  readonly bytes: number;
  /** Where it was allocated. */
  readonly site: Error;
}

/** A block with its guards, after its release. */
interface Released {
  readonly start: number;
  readonly end: number;
  /** Where it was allocated. */
  readonly site: Error;
}

/** A short stack: there are many. */
function stackHere(): Error {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 6;
  const error = new Error('It was allocated here.');
  Error.stackTraceLimit = stackTraceLimit;
  return error;
}

const heaps = new Set<WeakRef<PoisonedHeap>>();

/** Looks at every heap that was opened. @throws BackendError for the first that is damaged. */
export function checkHeaps(): void {
  for (const heap of heaps) heap.deref()?.check();
}

/**
 * A heap that finds what a plain one lets pass. Blocks are zeroed, as is promised; free memory, what lies between blocks and what was
 * released is poison, and must be found as poison when it is looked at again. Every allocation makes all views die; of a large memory
 * every nth.
 */
export class PoisonedHeap extends Heap {
  readonly #taken = new Map<number, Taken>();
  readonly #reserved = new Map<number, number>();
  readonly #quarantine: Released[] = [];
  #quarantined = 0;
  #allocations = 0;
  #bytes = 0;
  #poisoned: number;

  constructor(memory: WebAssembly.Memory, base: number) {
    super(memory, base);
    this.#poisoned = align(base);
    this.#poisonFresh();
    heaps.add(new WeakRef(this));
  }

  override get bytesInUse(): number {
    return this.#bytes;
  }

  override allocate(bytes: number): number {
    const size = align(Math.max(bytes, 1));
    const start = this.#takeSomewhere(size + 2 * GUARD);
    if (++this.#allocations % Math.ceil(this.memory.buffer.byteLength / DETACHED) === 0) this.memory.grow(0);
    this.#poisonFresh();
    const { buffer } = this.memory;
    const end = start + size + 2 * GUARD;
    const damaged = firstUnpoisoned(buffer, start, end);
    if (damaged >= 0) throw new BackendError(`PoisonedHeap: free memory must not be written, but byte ${damaged} was.`);
    const address = start + GUARD;
    new Uint8Array(buffer, address, bytes).fill(0);
    this.#taken.set(address, { bytes, site: stackHere() });
    this.#bytes += size;
    return address;
  }

  override release(address: number): void {
    const taken = this.#taken.get(address);
    if (taken === undefined)
      throw new BackendError(`PoisonedHeap: a block must begin at ${address}, but none that is allocated does.`);
    this.#checkGuards(address, taken);
    this.#taken.delete(address);
    const size = align(Math.max(taken.bytes, 1));
    this.#bytes -= size;
    const [start, end] = [address - GUARD, address + size + GUARD];
    poison(this.memory.buffer, start, end);
    this.#quarantine.push({ start, end, site: taken.site });
    this.#quarantined += size;
    if (this.#quarantined > QUARANTINE) this.#freeAll();
  }

  override unreserve(address: number): void {
    poison(this.memory.buffer, address, address + this.#reserved.get(address)!);
    this.#reserved.delete(address);
    super.unreserve(address);
  }

  override reserve(bytes: number): number {
    const address = super.reserve(bytes);
    this.#poisonFresh();
    this.#reserved.set(address, align(bytes));
    return address;
  }

  /** @throws BackendError for the first block with damaged surroundings, or that was written after its release. */
  check(): void {
    for (const released of this.#quarantine) this.#checkReleased(released);
    for (const [address, taken] of this.#taken) this.#checkGuards(address, taken);
  }

  #takeSomewhere(size: number): number {
    try {
      return this.take(size);
    } catch (error) {
      if (!(error instanceof CapacityError) || this.#quarantine.length === 0) throw error;
      this.#freeAll();
      return this.take(size);
    }
  }

  #freeAll(): void {
    for (const released of this.#quarantine.splice(0)) {
      this.#checkReleased(released);
      super.release(released.start);
    }
    this.#quarantined = 0;
  }

  #poisonFresh(): void {
    const { buffer } = this.memory;
    poison(buffer, this.#poisoned, buffer.byteLength);
    this.#poisoned = buffer.byteLength;
  }

  #checkReleased({ start, end, site }: Released): void {
    const damaged = firstUnpoisoned(this.memory.buffer, start, end);
    if (damaged < 0) return;
    throw new BackendError(
      `PoisonedHeap: a released block must not be written, but byte ${damaged} was. The cause says which block.`,
      { cause: site },
    );
  }

  #checkGuards(address: number, { bytes, site }: Taken): void {
    const { buffer } = this.memory;
    const end = address + align(Math.max(bytes, 1)) + GUARD;
    const before = firstUnpoisoned(buffer, address - GUARD, address);
    const behind = firstUnpoisoned(buffer, address + bytes, end);
    if (before < 0 && behind < 0) return;
    const where = before < 0 ? `byte ${behind - address - bytes} behind` : `byte ${address - before} before`;
    throw new BackendError(
      `PoisonedHeap: only a block of ${bytes} bytes must be written, but ${where} it was. The cause says which block.`,
      { cause: site },
    );
  }
}
