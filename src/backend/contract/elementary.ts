import type { Block, RealBlock } from '../memory.ts';

/** Elementary functions over arrays, of f64 where nothing else is said: dst[i] = f(src[i]) for i < n; src and dst may be the same block. */
export interface ElementaryKernels {
  /** In the precision of both blocks: in f32 arithmetic for f32. */
  mapExp(call: { readonly src: RealBlock; readonly dst: RealBlock; readonly n: number }): void;
  mapLog(call: { readonly src: Block<'f64'>; readonly dst: Block<'f64'>; readonly n: number }): void;
  /** |src[i]| ≤ 10⁶. */
  mapSin(call: { readonly src: Block<'f64'>; readonly dst: Block<'f64'>; readonly n: number }): void;
  /** |src[i]| ≤ 10⁶. */
  mapCos(call: { readonly src: Block<'f64'>; readonly dst: Block<'f64'>; readonly n: number }): void;
  mapErf(call: { readonly src: Block<'f64'>; readonly dst: Block<'f64'>; readonly n: number }): void;
  mapTanh(call: { readonly src: Block<'f64'>; readonly dst: Block<'f64'>; readonly n: number }): void;
}
