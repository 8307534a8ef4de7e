/** Eigenvectors and singular vectors in and out of panels. Layout: src/backend/ts/dense/vector-panels.ts. */
import { at, put, rowOf } from '../layout';
import { DENSE_PANEL } from './rotation-panels';
import { columnsOf } from './tile';

export const VECTOR_PANEL: i32 = columnsOf<f64>();

export function sortNumbers(d: usize, n: i32, order: usize, descending: bool): void {
  for (let i = 0; i < n; i++) {
    const value = at<f64>(d, i);
    let place = i;
    for (; place > 0 && (descending ? at<f64>(d, place - 1) < value : at<f64>(d, place - 1) > value); place--) {
      put<f64>(d, place, at<f64>(d, place - 1));
      put<f64>(order, place, at<f64>(order, place - 1));
    }
    put<f64>(d, place, value);
    put<f64>(order, place, i);
  }
}

export function gatherPanel(panels: usize, n: i32, rows: i32, width: i32, order: usize, first: i32, panel: usize): void {
  const step = width * VECTOR_PANEL;
  for (let i = 0; i < rows * step; i++) put<f64>(panel, i, 0);
  const columns = min(VECTOR_PANEL, n - first);
  for (let i = 0; i < n; i++) {
    const base = i / DENSE_PANEL * n;
    for (let l = 0; l < columns; l++) {
      const source = rowOf<f64>(panels, base + <i32>at<f64>(order, first + l), DENSE_PANEL);
      put<f64>(panel, i * step + l, at<f64>(source, i % DENSE_PANEL));
    }
  }
  for (let l = max(columns, 0); l < VECTOR_PANEL && first + l < rows; l++) put<f64>(panel, (first + l) * step + l, 1);
}

export function scatterPanel(panel: usize, rows: i32, width: i32, first: i32, columns: i32, target: usize): void {
  const count = min(VECTOR_PANEL, columns - first);
  for (let i = 0; i < rows; i++) {
    for (let l = 0; l < count; l++) {
      for (let part = 0; part < width; part++) {
        put<f64>(target, (i * columns + first + l) * width + part, at<f64>(panel, (i * width + part) * VECTOR_PANEL + l));
      }
    }
  }
}
