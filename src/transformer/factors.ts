import type { RealBlock } from '../backend/memory.ts';

/** x ← factor·x, each product rounded once to the precision of the block. */
export function scaleBy(x: RealBlock, factor: number): void {
  if (factor === 1) return;
  const view = x.view();
  for (let i = 0; i < view.length; i++) view[i]! *= factor;
}

/** x ← min(c, max(−c, x)), exact in either precision where c is. */
export function clamp(x: RealBlock, c: number): void {
  const view = x.view();
  for (let i = 0; i < view.length; i++) view[i] = Math.min(c, Math.max(-c, view[i]!));
}
