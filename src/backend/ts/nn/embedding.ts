/** Gather of the columns of packed weights: x[t] = E[ids[t]] (+ P[first + t]). */
import { PANEL } from '../../contract/weights.ts';
import { type Packed, panelOf } from './panels.ts';

type Real = Float32Array | Float64Array;

/** x[t] = E[ids[t]] (+ P[first + t]). */
export function embed(
  x: Real,
  ids: Int32Array,
  table: Packed,
  format: number,
  scratch: Float32Array | null,
  positions: Float32Array | null,
  first: number,
  T: number,
  D: number,
): void {
  for (let t = 0; t < T; t++) {
    const id = ids[t]!;
    const panel = panelOf(table, format, Math.floor(id / PANEL), D, scratch);
    for (let c = 0; c < D; c++) {
      const value = panel[c * PANEL + (id % PANEL)]!;
      // Without positions nothing is added, so that −0 stays.
      x[t * D + c] = positions === null ? value : value + positions[(first + t) * D + c]!;
    }
  }
}
