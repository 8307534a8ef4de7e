/** One step of a maximum over paths, two letters y at a time and without branches on numbers. Mathematics: src/backend/ts/fock/lumped-best.ts. */
import { at, put, rowOf, seek } from '../layout';
import { DOWN, HIGH, LOW, UP } from './scaled';

/** x − 1 or x + 1 where `mask` is set. */
// @ts-ignore: decorator
@inline
function shifted(x: v128, by: f64, mask: v128): v128 {
  return f64x2.add(x, v128.and(f64x2.splat(by), mask));
}

export function lumpedBest(
  from: usize,
  sources: usize,
  p: usize,
  S: i32,
  to: usize,
  back: usize,
  stride: i32,
  first: i32,
  count: i32,
  best: usize,
): void {
  let most = at<f64>(best, 0);
  let mostExponent = at<f64>(best, 1);
  for (let i = 0; i < count; i++) {
    const row = rowOf<i32>(sources, i, S);
    for (let y = 0; y < S; y += 2) {
      const letters = min(2, S - y);
      // What y and y + 1 have reached: mantissas, exponents, and the q of each.
      let largest = f64x2.splat(0);
      let exponents = f64x2.splat(0);
      let attained = i64x2.splat(0);
      for (let q = 0; q < S; q++) {
        const source = at<i32>(row, q);
        if (source < 0 || at<f64>(from, 2 * source) == 0) continue;
        const place = seek<f64>(p, (i * S + q) * S + y);
        let m = letters == 2 ? v128.load(place) : v128.load64_zero(place);
        let e = f64x2.splat(at<f64>(from, 2 * source + 1));
        const present = f64x2.ne(m, f64x2.splat(0));
        let small = v128.and(f64x2.lt(m, f64x2.splat(LOW)), present);
        while (v128.any_true(small)) {
          m = v128.bitselect(f64x2.mul(m, f64x2.splat(UP)), m, small);
          e = shifted(e, -1, small);
          small = v128.and(f64x2.lt(m, f64x2.splat(LOW)), present);
        }
        m = f64x2.mul(m, f64x2.splat(at<f64>(from, 2 * source)));
        small = v128.and(f64x2.lt(m, f64x2.splat(LOW)), present);
        const large = f64x2.ge(m, f64x2.splat(HIGH));
        const up = f64x2.mul(m, f64x2.splat(UP));
        const down = f64x2.mul(m, f64x2.splat(DOWN));
        m = v128.bitselect(down, v128.bitselect(up, m, small), large);
        e = shifted(shifted(e, -1, small), 1, large);
        const level = v128.and(f64x2.eq(e, exponents), f64x2.gt(m, largest));
        const above = v128.or(f64x2.eq(largest, f64x2.splat(0)), v128.or(f64x2.gt(e, exponents), level));
        const better = v128.and(present, above);
        largest = v128.bitselect(m, largest, better);
        exponents = v128.bitselect(e, exponents, better);
        attained = v128.bitselect(i64x2.splat(q), attained, better);
      }
      for (let k = 0; k < letters; k++) {
        const m = k == 0 ? f64x2.extract_lane(largest, 0) : f64x2.extract_lane(largest, 1);
        const e = k == 0 ? f64x2.extract_lane(exponents, 0) : f64x2.extract_lane(exponents, 1);
        const target = (y + k) * stride + first + i;
        put<f64>(to, 2 * target, m);
        put<f64>(to, 2 * target + 1, e);
        const by = k == 0 ? i64x2.extract_lane(attained, 0) : i64x2.extract_lane(attained, 1);
        put<u8>(back, (y + k) * count + i, <u8>by);
        if (m != 0 && (most == 0 || e > mostExponent || (e == mostExponent && m > most))) {
          most = m;
          mostExponent = e;
        }
      }
    }
  }
  put<f64>(best, 0, most);
  put<f64>(best, 1, mostExponent);
}
