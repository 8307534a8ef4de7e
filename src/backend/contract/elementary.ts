import type { Block, RealBlock } from '../memory.ts';

/** Elementary functions over arrays, of f64 where nothing else is said: dst[i] = f(src[i]) for i < n; src and dst may be the same block. */
export interface ElementaryKernels {
  /** In the precision of both blocks: in f32 arithmetic for f32. */
  mapExp(src: RealBlock, dst: RealBlock, n: number): void;
  mapLog(src: Block<'f64'>, dst: Block<'f64'>, n: number): void;
  /** |src[i]| ≤ 10⁶. */
  mapSin(src: Block<'f64'>, dst: Block<'f64'>, n: number): void;
  /** |src[i]| ≤ 10⁶. */
  mapCos(src: Block<'f64'>, dst: Block<'f64'>, n: number): void;
  mapErf(src: Block<'f64'>, dst: Block<'f64'>, n: number): void;
  mapTanh(src: Block<'f64'>, dst: Block<'f64'>, n: number): void;
}
