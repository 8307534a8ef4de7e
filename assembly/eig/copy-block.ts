/** Mathematics: src/backend/ts/eig/copy-block.ts. */
import { seek } from '../layout';

/** rows × count numbers of a at a[p] (rows la apart) to b[q] (rows lb apart). */
export function copyBlock(a: usize, p: i32, la: i32, b: usize, q: i32, lb: i32, rows: i32, count: i32): void {
  const bytes = (<usize>count) << 3;
  for (let i = 0; i < rows; i++) memory.copy(seek<f64>(b, q + i * lb), seek<f64>(a, p + i * la), bytes);
}
