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
  readonly kind: K;
  readonly length: number;
  view(): ArrayOf[K];
  part(start: number, length: number): Block<K>;
}

/** A wasm32 memory ends at 4 GiB; both backends keep to that. */
export const MAX_BYTES = 2 ** 32;

/** Memory of one backend instance. Every block is zero-filled and 16-byte aligned when it is allocated. */
export interface BackendMemory {
  /** @throws CapacityError when the memory cannot hold it; nothing is allocated then. */
  allocate<K extends ElementKind>(kind: K, length: number): Block<K>;
  /** Gives a block back. @throws BackendError for a part of a block, or one that was given back before. */
  release(block: Block): void;
  /**
   * Runs `work` and releases every block that was allocated within and not passed to `keep`; all of them if `work` throws.
   */
  scope<T>(work: (keep: <B extends Block>(block: B) => B) => T): T;
  /** Bytes in blocks that are allocated now. */
  readonly bytesInUse: number;
}
