import { DENSE_PANEL } from '../../contract/hermitian.ts';

/**
 * An n×columns matrix in panels of eight columns: element (i, j) is panels[(p·n + i)·8 + l] for j = 8p + l. A sweep of
 * rotations passes over one panel after the other, which stays in cache and whose current row stays in registers.
 *
 * Rows i and i+1 become c_i·row_i − s_i·row_{i+1} and s_i·row_i + c_i·row_{i+1}.
 *
 * @source the layout is own; sweeps as a whole: LAPACK Working Note 237 (F. G. Van Zee, R. A. van de Geijn,
 * G. Quintana-Ortí, 2011).
 */

/** Ones on the diagonal, in panels. */
export function identityPanels(panels: Float64Array, n: number): void {
  panels.fill(0);
  for (let i = 0; i < n; i++) panels[(Math.floor(i / DENSE_PANEL) * n + i) * DENSE_PANEL + (i % DENSE_PANEL)] = 1;
}

/**
 * Rotations `high`−1, …, `low` in this order. Column j is known to be zero in rows from j + `reach` on: a sweep spreads the ones of
 * the identity by one row, so the first n sweeps need not touch what is still zero.
 */
export function rotateDown(
  panels: Float64Array,
  n: number,
  columns: number,
  low: number,
  high: number,
  c: Float64Array,
  s: Float64Array,
  reach: number,
): void {
  for (let p = 0; p * DENSE_PANEL < columns; p++) {
    const top = Math.min(high, (p + 1) * DENSE_PANEL - 1 + reach);
    for (let i = top - 1; i >= low; i--) rotateRows(panels, (p * n + i) * DENSE_PANEL, c[i]!, s[i]!);
  }
}

/** Rotations `low`, …, `high`−1 in this order. */
export function rotateUp(
  panels: Float64Array,
  n: number,
  columns: number,
  low: number,
  high: number,
  c: Float64Array,
  s: Float64Array,
): void {
  for (let p = 0; p * DENSE_PANEL < columns; p++) {
    for (let i = low; i < high; i++) rotateRows(panels, (p * n + i) * DENSE_PANEL, c[i]!, s[i]!);
  }
}

function rotateRows(panels: Float64Array, row: number, c: number, s: number): void {
  for (let at = row; at < row + DENSE_PANEL; at++) {
    const a = panels[at]!;
    const b = panels[at + DENSE_PANEL]!;
    panels[at] = c * a - s * b;
    panels[at + DENSE_PANEL] = s * a + c * b;
  }
}
