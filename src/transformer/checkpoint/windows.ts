import type { ConfigFields } from './config-fields.ts';
import { LARGEST } from './sizes.ts';

/** The positions that every layer sees in a family where `sliding_window` counts whenever it is given: that many, or all. */
export function oneWindow(fields: ConfigFields, maxPositions: number): number {
  return Math.min(fields.size('sliding_window', LARGEST.positions, maxPositions), maxPositions);
}
