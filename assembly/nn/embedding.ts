/** Gather of the columns of packed weights. Contract: src/backend/contract/network.ts. */
import { at, put, rowOf } from '../layout';
import { PANEL, panelOf } from './panels';

// @ts-ignore: decorator
@inline
function embed<T>(
  x: usize, ids: usize, table: usize, format: i32, scratch: usize, positions: usize, first: i32, rows: i32, D: i32,
): void {
  let known: i32 = -1;
  let panel: usize = 0;
  for (let t = 0; t < rows; t++) {
    const id = at<i32>(ids, t);
    if (id / PANEL != known) {
      known = id / PANEL;
      panel = panelOf(table, format, known, D, scratch);
    }
    const to = rowOf<T>(x, t, D);
    for (let c = 0; c < D; c++) {
      let value = <T>at<f32>(panel, c * PANEL + id % PANEL);
      if (positions != 0) value += <T>at<f32>(rowOf<f32>(positions, first + t, D), c);
      put<T>(to, c, value);
    }
  }
}

export function embedF32(
  x: usize, ids: usize, table: usize, format: i32, scratch: usize, positions: usize, first: i32, T: i32, D: i32,
): void {
  embed<f32>(x, ids, table, format, scratch, positions, first, T, D);
}
export function embedF64(
  x: usize, ids: usize, table: usize, format: i32, scratch: usize, positions: usize, first: i32, T: i32, D: i32,
): void {
  embed<f64>(x, ids, table, format, scratch, positions, first, T, D);
}
