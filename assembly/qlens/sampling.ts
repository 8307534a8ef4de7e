/** Sampling operator in a state. Mathematics: src/backend/ts/qlens/sampling.ts. Lane 0 holds the even-numbered terms, lane 1 the odd-numbered ones. */
import { pairOrLast, put, rowOf } from '../layout';
import { sumOfLanes } from '../simd';

export function samplingMoments(psi: usize, ids: usize, moments: usize, V: i32): void {
  let first = f64x2.splat(0);
  for (let i = 0; i < V; i += 2) {
    const x = pairOrLast(psi, i, V);
    first = f64x2.add(first, f64x2.mul(f64x2.mul(pairOrLast(ids, i, V), x), x));
  }
  const mean = sumOfLanes(first);
  const means = f64x2.splat(mean);
  let second = f64x2.splat(0);
  for (let i = 0; i < V; i += 2) {
    const x = pairOrLast(psi, i, V);
    const deviation = f64x2.sub(pairOrLast(ids, i, V), means);
    second = f64x2.add(second, f64x2.mul(f64x2.mul(f64x2.mul(deviation, deviation), x), x));
  }
  put<f64>(moments, 0, mean);
  put<f64>(moments, 1, sumOfLanes(second));
}

export function samplingOverlaps(psi: usize, ids: usize, mean: f64, basis: usize, overlaps: usize, V: i32, rank: i32): void {
  const means = f64x2.splat(mean);
  for (let a = 0; a < rank; a++) {
    const row = rowOf<f64>(basis, a, V);
    let plain = f64x2.splat(0);
    let moved = f64x2.splat(0);
    for (let i = 0; i < V; i += 2) {
      const term = f64x2.mul(pairOrLast(row, i, V), pairOrLast(psi, i, V));
      plain = f64x2.add(plain, term);
      moved = f64x2.add(moved, f64x2.mul(term, f64x2.sub(pairOrLast(ids, i, V), means)));
    }
    put<f64>(overlaps, a, sumOfLanes(plain));
    put<f64>(overlaps, rank + a, sumOfLanes(moved));
  }
}
