import { DENSE_PANEL, VECTOR_PANEL } from '../../contract/hermitian.ts';

/**
 * Sorts d, ascending or descending; order[i] is the place its i-th number came from.
 */
export function sortNumbers(d: Float64Array, n: number, order: Float64Array, descending: boolean): void {
  for (let i = 0; i < n; i++) {
    const value = d[i]!;
    let at = i;
    for (; at > 0 && (descending ? d[at - 1]! < value : d[at - 1]! > value); at--) {
      d[at] = d[at - 1]!;
      order[at] = order[at - 1]!;
    }
    d[at] = value;
    order[at] = i;
  }
}

/**
 * Columns first … first+5 of the matrix whose transpose lies in `panels` (n rows), in the given order, as one panel of `rows` ≥ n
 * rows for reflectors to pass over: a row holds six real parts and, where width = 2, six imaginary parts. Columns from n
 * on are unit vectors.
 */
export function gatherPanel(
  panels: Float64Array,
  n: number,
  rows: number,
  width: number,
  order: Float64Array,
  first: number,
  panel: Float64Array,
): void {
  const step = width * VECTOR_PANEL;
  panel.fill(0, 0, rows * step);
  const columns = Math.min(VECTOR_PANEL, n - first);
  for (let i = 0; i < n; i++) {
    const base = Math.floor(i / DENSE_PANEL) * n;
    for (let l = 0; l < columns; l++) {
      panel[i * step + l] = panels[(base + order[first + l]!) * DENSE_PANEL + (i % DENSE_PANEL)]!;
    }
  }
  for (let l = Math.max(columns, 0); l < VECTOR_PANEL && first + l < rows; l++) panel[(first + l) * step + l] = 1;
}

/** Writes the panel into columns first … first+5, as far as there are, of a row-major matrix. */
export function scatterPanel(
  panel: Float64Array,
  rows: number,
  width: number,
  first: number,
  columns: number,
  target: Float64Array,
): void {
  const count = Math.min(VECTOR_PANEL, columns - first);
  for (let i = 0; i < rows; i++) {
    for (let l = 0; l < count; l++) {
      for (let part = 0; part < width; part++) {
        target[(i * columns + first + l) * width + part] = panel[(i * width + part) * VECTOR_PANEL + l]!;
      }
    }
  }
}
