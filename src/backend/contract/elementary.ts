import type { Block } from '../memory.ts';

/** Elementary functions over arrays of f64: dst[i] = f(src[i]) for i < n; src and dst may be the same block. */
export interface ElementaryKernels {
  mapExp(src: Block<'f64'>, dst: Block<'f64'>, n: number): void;
  mapLog(src: Block<'f64'>, dst: Block<'f64'>, n: number): void;
  /** |src[i]| ≤ 10⁶. */
  mapSin(src: Block<'f64'>, dst: Block<'f64'>, n: number): void;
  /** |src[i]| ≤ 10⁶. */
  mapCos(src: Block<'f64'>, dst: Block<'f64'>, n: number): void;
  mapErf(src: Block<'f64'>, dst: Block<'f64'>, n: number): void;
  mapTanh(src: Block<'f64'>, dst: Block<'f64'>, n: number): void;
}
