/** Order of numbers. Description: src/backend/ts/qlens/ranking.ts. Pairs that hold no leader are passed over whole. */
import { at, put, vectorAt } from '../layout';

export function largestEntries(x: usize, n: i32, count: i32, byModulus: i32, scores: usize, places: usize): void {
  let i = 0;
  for (; i < count; i++) enter(x, i, count, byModulus, scores, places);
  for (; i + 2 <= n; i += 2) {
    const pair = vectorAt<f64>(x, i);
    const score = byModulus != 0 ? f64x2.abs(pair) : pair;
    if (!v128.any_true(f64x2.gt(score, f64x2.splat(at<f64>(scores, count - 1))))) continue;
    enter(x, i, count, byModulus, scores, places);
    enter(x, i + 1, count, byModulus, scores, places);
  }
  for (; i < n; i++) enter(x, i, count, byModulus, scores, places);
}

function enter(x: usize, i: i32, count: i32, byModulus: i32, scores: usize, places: usize): void {
  const score = byModulus != 0 ? abs(at<f64>(x, i)) : at<f64>(x, i);
  if (i >= count && !(score > at<f64>(scores, count - 1))) return;
  let k = min<i32>(i, count - 1);
  for (; k > 0 && at<f64>(scores, k - 1) < score; k--) {
    put<f64>(scores, k, at<f64>(scores, k - 1));
    put<i32>(places, k, at<i32>(places, k - 1));
  }
  put<f64>(scores, k, score);
  put<i32>(places, k, i);
}

export function rankOf(x: usize, n: i32, index: i32): i32 {
  const value = at<f64>(x, index);
  const values = f64x2.splat(value);
  let counts = i64x2.splat(0);
  let i = 0;
  for (; i + 2 <= index; i += 2) counts = i64x2.sub(counts, f64x2.ge(vectorAt<f64>(x, i), values));
  let j = index + 1;
  for (; j + 2 <= n; j += 2) counts = i64x2.sub(counts, f64x2.gt(vectorAt<f64>(x, j), values));
  let rank = 1 + <i32>(i64x2.extract_lane(counts, 0) + i64x2.extract_lane(counts, 1));
  if (i < index && at<f64>(x, i) >= value) rank++;
  if (j < n && at<f64>(x, j) > value) rank++;
  return rank;
}
