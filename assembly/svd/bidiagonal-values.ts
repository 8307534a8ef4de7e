/** Singular values of a bidiagonal matrix. Mathematics: src/backend/ts/svd/bidiagonal-values.ts. The two shifts are the lanes of a vector. */
import { at, put, seek } from '../layout';

const U: f64 = reinterpret<f64>((1023 - 53) << 52);
const NEGLIGIBLE: f64 = 16 * U * U;
const TOP: f64 = reinterpret<f64>((1023 + 480) << 52);
const UP: f64 = reinterpret<f64>((1023 + 32) << 52);
const DOWN: f64 = reinterpret<f64>((1023 - 32) << 52);
const LIMIT: f64 = reinterpret<f64>((1023 + 960) << 52);
const SAFE: f64 = reinterpret<f64>((1023 - 1022) << 52);
const NEARLY: f64 = 1 + reinterpret<f64>((1023 - 20) << 52);

export function bidiagonalValues(d: usize, e: usize, n: i32, work: usize, out: usize): i32 {
  const q = work;
  const s = seek<f64>(work, n);
  const next = seek<f64>(work, 2 * n);
  const ends = seek<f64>(work, 6 * n);
  const scale = squares(d, e, n, q, s);
  let budget = 60 * <f64>n * <f64>n;
  let transforms = 0;
  let last = n - 1;
  let first = n;
  let shift: f64 = 0;
  let rest: f64 = 0;
  let end: f64 = -1;
  let others: f64 = 0;
  let bound: f64 = 0;
  put<f64>(out, 3, 0);
  while (last >= 0) {
    const alone = last == 0 || at<f64>(s, last - 1) < 0;
    if (alone || uncoupled(at<f64>(s, last - 1), at<f64>(q, last), shift)) {
      put<f64>(d, last, sqrt<f64>(shift + (rest + at<f64>(q, last))) / scale);
      if (alone && last > 0) {
        shift = at<f64>(e, last - 1);
        rest = 0;
      }
      last--;
      end = last < first || end < 0 ? -1 : at<f64>(q, last);
      bound = 0;
      continue;
    }
    const start = blockStart(s, last, shift);
    if (start > 0 && at<f64>(s, start - 1) >= 0) cut(s, e, start - 1, shift);
    if (start != first) {
      first = start;
      end = -1;
    }
    if (1.5 * at<f64>(q, first) < at<f64>(q, last)) {
      reverse(q, first, last);
      reverse(s, first, last - 1);
      end = -1;
    }
    let high: f64 = end < 0 ? 0 : higherShift(q, s, last, end, others);
    let low: f64 = end < 0 ? 0 : lowerShift(q, s, first, last, end, others, bound, high);
    let taken = -1;
    let tau: f64 = 0;
    for (let attempt = 0; attempt < 2 && taken < 0 && first < n; attempt++) {
      budget -= <f64>(last - first);
      if (budget < 0) return last + 1;
      transforms++;
      put<f64>(out, 3, transforms);
      const apart = transform(q, s, n, first, last, low, high, next, ends);
      const tiny = -0.25 * U * shift;
      const lowEnd = at<f64>(ends, 0);
      const highEnd = at<f64>(ends, 1);
      const lowOthers = at<f64>(ends, 2);
      const highOthers = at<f64>(ends, 3);
      bound = 0;
      if (apart >= 0) {
        cut(s, e, apart, shift);
        first = n;
      } else if (highOthers >= 0 && highEnd >= tiny) {
        taken = 1;
        tau = high;
      } else if (lowOthers >= 0 && lowEnd >= tiny) {
        taken = 0;
        tau = low;
        const between = high - low;
        if (highOthers >= 0) bound = max<f64>((between * lowEnd) / (lowEnd - highEnd), between + highEnd);
      } else {
        high = lowOthers >= 0 && low + lowEnd > 0 ? low + lowEnd : 0.25 * low;
        low = 0;
      }
    }
    if (first == n) continue;
    if (taken < 0) return last + 1;
    for (let i = first; i <= last; i++) put<f64>(q, i, at<f64>(next, 2 * i + taken));
    for (let i = first; i < last; i++) put<f64>(s, i, at<f64>(next, 2 * (n + i) + taken));
    end = max<f64>(at<f64>(ends, taken), 0);
    others = at<f64>(ends, 2 + taken);
    put<f64>(q, last, end);
    rest += tau;
    const sum = shift + rest;
    rest -= sum - shift;
    shift = sum;
  }
  return 0;
}

function squares(d: usize, e: usize, n: i32, q: usize, s: usize): f64 {
  let largest: f64 = 0;
  for (let i = 0; i < n; i++) largest = max<f64>(largest, max<f64>(abs<f64>(at<f64>(d, i)), i < n - 1 ? abs<f64>(at<f64>(e, i)) : 0));
  let scale: f64 = 1;
  if (largest > 0) {
    while (largest * scale < TOP && scale < LIMIT) scale *= UP;
    while (largest * scale > TOP) scale *= DOWN;
  }
  for (let i = 0; i < n; i++) {
    const x = at<f64>(d, i) * scale;
    const y = i < n - 1 ? at<f64>(e, i) * scale : 0;
    put<f64>(q, i, x * x);
    put<f64>(s, i, y * y < SAFE ? 0 : y * y);
  }
  return scale;
}

// @ts-ignore: decorator
@inline
function uncoupled(side: f64, lower: f64, shift: f64): bool {
  const sum = shift + lower;
  return side <= NEGLIGIBLE * sum || (side <= U * sum && (lower / sum) * (side / sum) <= NEGLIGIBLE);
}

function cut(s: usize, e: usize, i: i32, shift: f64): void {
  put<f64>(s, i, -1);
  put<f64>(e, i, shift);
}

function blockStart(s: usize, last: i32, shift: f64): i32 {
  let first = last - 1;
  while (first > 0 && at<f64>(s, first - 1) > NEGLIGIBLE * shift) first--;
  return first;
}

function reverse(x: usize, first: i32, last: i32): void {
  for (let i = first, j = last; i < j; i++, j--) {
    const kept = at<f64>(x, i);
    put<f64>(x, i, at<f64>(x, j));
    put<f64>(x, j, kept);
  }
}

function higherShift(q: usize, s: usize, last: i32, end: f64, others: f64): f64 {
  const smallest = min<f64>(end, others);
  return end > NEARLY * smallest ? 0.75 * smallest : min<f64>(lastEigenvalue(q, s, last), at<f64>(q, last));
}

function lowerShift(q: usize, s: usize, first: i32, last: i32, end: f64, others: f64, bound: f64, high: f64): f64 {
  const smallest = min<f64>(end, others);
  let low = 0.25 * smallest;
  if (end <= NEARLY * smallest) {
    const sum = at<f64>(q, last - 1) + at<f64>(s, last - 1);
    const product = (at<f64>(q, last) / sum) * (at<f64>(s, last - 1) / sum);
    const beyond = last - 2 >= first ? (at<f64>(q, last - 1) / sum) * (at<f64>(s, last - 2) / sum) : 0;
    const eigenvalue = lastEigenvalue(q, s, last);
    const gap = 1 - eigenvalue / sum;
    const estimate = eigenvalue - (1.25 * product * beyond * sum) / (gap * gap * gap);
    if (estimate < high && estimate > low) low = estimate;
  }
  return min<f64>(max<f64>(bound * (1 - 8 * U), low), high);
}

function lastEigenvalue(q: usize, s: usize, last: i32): f64 {
  const upper = at<f64>(q, last - 1);
  const side = at<f64>(s, last - 1);
  const lower = at<f64>(q, last);
  const sum = upper + side;
  const ratio = lower / sum;
  const half = 0.5 * (1 - ratio);
  const larger = 0.5 * (1 + ratio) + sqrt<f64>(half * half + ratio * (side / sum));
  return (upper / sum) * (lower / larger);
}

function transform(q: usize, s: usize, n: i32, first: i32, last: i32, low: f64, high: f64, next: usize, ends: usize): i32 {
  const tau = f64x2.replace_lane(f64x2.splat(low), 1, high);
  let t = f64x2.sub(v128.load_splat<f64>(seek<f64>(q, first)), tau);
  let smallest = t;
  let toQ = seek<f64>(next, 2 * first);
  let toS = seek<f64>(next, 2 * (n + first));
  for (let i = first; i < last; i++) {
    if (at<f64>(s, i) <= NEGLIGIBLE * f64x2.extract_lane(t, 0)) return i;
    smallest = f64x2.pmin(smallest, t);
    const side = v128.load_splat<f64>(seek<f64>(s, i));
    const below = v128.load_splat<f64>(seek<f64>(q, i + 1));
    const sum = f64x2.add(t, side);
    v128.store(toQ, sum);
    v128.store(toS, f64x2.mul(below, f64x2.div(side, sum)));
    t = f64x2.sub(f64x2.mul(below, f64x2.div(t, sum)), tau);
    toQ = seek<f64>(toQ, 2);
    toS = seek<f64>(toS, 2);
  }
  v128.store(toQ, t);
  v128.store(ends, t);
  v128.store(ends, smallest, 16);
  return -1;
}
