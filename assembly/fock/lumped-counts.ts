/** Enumeration of count vectors. Mathematics: src/backend/ts/fock/lumped-counts.ts. */
import { at, put } from '../layout';

export function lumpedCounts(
  cursor: usize,
  ranks: usize,
  width: i32,
  S: i32,
  m: i32,
  stride: i32,
  counts: usize,
  sources: usize,
  count: i32,
): void {
  for (let i = 0; i < count; i++) {
    const row = i * S;
    let rank: i32 = 0;
    for (let j = 1; j < S; j++) rank = rank + at<i32>(ranks, (j - 1) * width + at<i32>(cursor, j - 1));
    let above = m;
    for (let q = S - 1; q >= 0; q--) {
      const below = q == 0 ? 0 : at<i32>(cursor, q - 1);
      const part = above - below;
      put<i32>(counts, row + q, part);
      put<i32>(sources, row + q, part > 0 ? q * stride + rank : -1);
      if (q > 0 && below > 0) {
        rank = rank - at<i32>(ranks, (q - 1) * width + below) + at<i32>(ranks, (q - 1) * width + below - 1);
      }
      above = below;
    }
    let j = 0;
    while (j < S - 1 && at<i32>(cursor, j) == (j + 1 < S - 1 ? at<i32>(cursor, j + 1) : m)) j++;
    if (j < S - 1) {
      put<i32>(cursor, j, at<i32>(cursor, j) + 1);
      for (let k = 0; k < j; k++) put<i32>(cursor, k, 0);
    }
  }
}
