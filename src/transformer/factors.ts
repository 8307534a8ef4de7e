import type { RealBlock } from '../backend/memory.ts';

/** x ← factor·x, each product rounded once to the precision of the block. */
export function scaleBy(x: RealBlock, factor: number): void {
  if (factor === 1) return;
  const view = x.view();
  for (let i = 0; i < view.length; i++) view[i]! *= factor;
}
