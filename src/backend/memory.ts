/** Element types a block can hold. */
export type ElementKind = 'f64' | 'f32' | 'i32' | 'u16' | 'u8';

/** The typed array that shows a block of each kind. */
export interface ArrayOf {
  f64: Float64Array;
  f32: Float32Array;
  i32: Int32Array;
  u16: Uint16Array;
  u8: Uint8Array;
}

/** Floating-point kinds: what a pass computes in. */
export type Precision = 'f32' | 'f64';

/** Constructor of the typed array of each kind. */
export const TYPED_ARRAY = {
  f64: Float64Array,
  f32: Float32Array,
  i32: Int32Array,
  u16: Uint16Array,
  u8: Uint8Array,
} as const;

export const BYTES_PER_ELEMENT: Readonly<Record<ElementKind, number>> = { f64: 8, f32: 4, i32: 4, u16: 2, u8: 1 };

/** A block of either floating-point kind. */
export type RealBlock = Block<'f32'> | Block<'f64'>;

/**
 * An array in a backend's memory. `view()` makes a fresh typed array over it: use it at once and drop it, because a view
 * dies when memory grows. `part` shares storage with its block.
 */
export interface Block<K extends ElementKind = ElementKind> {
  /** Element type. */
  readonly kind: K;
  /** Number of elements. */
  readonly length: number;
  /** A fresh typed array over the block, valid until memory grows. */
  view(): ArrayOf[K];
  /** `length` elements from `start` on, in the same storage. */
  part(start: number, length: number): Block<K>;
}

/** A wasm32 memory ends at 4 GiB; both backends keep to that. */
export const MAX_BYTES = 2 ** 32;

/**
 * Blocks of one owner, whatever scopes begin and end while it allocates them: what anything takes that outlives the call in which
 * it grows. A holding that was opened within a scope ends with that scope, unless it is kept.
 */
export interface Holding {
  /** @throws as {@link BackendMemory.allocate}; BackendError once the holding was released. */
  allocate<K extends ElementKind>(kind: K, length: number): Block<K>;
  /** Releases the blocks that are still allocated. Calling it twice is harmless. */
  release(): void;
}

/** What can allocate: blocks of the innermost scope, or of a holding. */
export type Allocator = Pick<BackendMemory, 'allocate'>;

/**
 * Memory of one backend instance. Every block is zero-filled and 16-byte aligned when it is allocated. Any use of a block, or of a
 * part of it, after its release is a BackendError.
 */
export interface BackendMemory {
  /**
   * A block of the innermost scope, or without one until it is released.
   *
   * @throws CapacityError when the memory cannot hold it; nothing is allocated then.
   */
  allocate<K extends ElementKind>(kind: K, length: number): Block<K>;
  /** Opens a holding. */
  hold(): Holding;
  /** Gives a block back. @throws BackendError for a part of a block, or one that was given back before. */
  release(block: Block): void;
  /**
   * Runs `work` and releases all blocks and holdings of the scope that were not passed to `keep`; all of them if `work` throws. What is
   * kept belongs to the scope around.
   *
   * @throws BackendError if `work` returns a promise: it would go on after the end of its scope.
   */
  scope<T>(work: (keep: <M extends Block | Holding>(member: M) => M) => T): T;
  /** Bytes in blocks that are allocated now. */
  readonly bytesInUse: number;
}
