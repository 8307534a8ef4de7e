/** Eigenvectors and singular vectors in and out of panels. Layout: src/backend/ts/dense/vector-panels.ts. */
import { at, put, putVector, rowOf, seek, vectorAt } from '../layout';
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
  memory.fill(panel, 0, (<usize>(rows * step)) * 8);
  const columns = min(VECTOR_PANEL, n - first);
  for (let l = 0; l < columns; l++) {
    let source = rowOf<f64>(panels, <i32>at<f64>(order, first + l), DENSE_PANEL);
    let to = seek<f64>(panel, l);
    for (let i = 0; i < n; i += DENSE_PANEL) {
      const count = min(DENSE_PANEL, n - i);
      for (let lane = 0; lane < count; lane++) {
        put<f64>(to, 0, at<f64>(source, lane));
        to = seek<f64>(to, step);
      }
      source = rowOf<f64>(source, n, DENSE_PANEL);
    }
  }
  for (let l = max(columns, 0); l < VECTOR_PANEL && first + l < rows; l++) put<f64>(panel, (first + l) * step + l, 1);
}

export function scatterPanel(panel: usize, rows: i32, width: i32, first: i32, columns: i32, target: usize): void {
  const count = min(VECTOR_PANEL, columns - first);
  for (let i = 0; i < rows; i++) {
    const from = rowOf<f64>(panel, i, width * VECTOR_PANEL);
    const to = seek<f64>(rowOf<f64>(target, i, columns * width), first * width);
    let l = 0;
    for (; l + 2 <= count; l += 2) {
      const re = vectorAt<f64>(from, l);
      if (width == 1) putVector<f64>(to, l, re);
      else {
        const im = vectorAt<f64>(from, VECTOR_PANEL + l);
        putVector<f64>(to, 2 * l, v128.shuffle<f64>(re, im, 0, 2));
        putVector<f64>(to, 2 * l + 2, v128.shuffle<f64>(re, im, 1, 3));
      }
    }
    if (l < count) for (let part = 0; part < width; part++) put<f64>(to, l * width + part, at<f64>(from, part * VECTOR_PANEL + l));
  }
}
