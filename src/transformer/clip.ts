import type { RealBlock } from '../backend/memory.ts';

/** x ← min(max(x, −c), c), where a model clips its queries, keys and values; c is rounded to the precision of the block. */
export function clip(x: RealBlock, c: number | null): void {
  if (c === null) return;
  const view = x.view();
  for (let i = 0; i < view.length; i++) view[i] = Math.min(Math.max(view[i]!, -c), c);
}

/** x ← the factor that the clip of x is of x: 1 within ±c, else c/|x|. */
export function clipFactors(x: RealBlock, c: number): void {
  const view = x.view();
  for (let i = 0; i < view.length; i++) view[i] = Math.min(1, c / Math.abs(view[i]!));
}

/** x ← the slope of the clip at x: 1 within ±c, else 0. */
export function clipSlopes(x: RealBlock, c: number): void {
  const view = x.view();
  for (let i = 0; i < view.length; i++) view[i] = Math.abs(view[i]!) < c ? 1 : 0;
}
