/** Singular values of a bidiagonal matrix without vectors. Mathematics: src/backend/ts/svd/bidiagonal-values.ts. */
import { at, put, seek } from '../layout';

const U: f64 = reinterpret<f64>((1023 - 53) << 52);
const NEGLIGIBLE: f64 = 16 * U * U;
const TOP: f64 = reinterpret<f64>((1023 + 480) << 52);
const UP: f64 = reinterpret<f64>((1023 + 32) << 52);
const DOWN: f64 = reinterpret<f64>((1023 - 32) << 52);
const LIMIT: f64 = reinterpret<f64>((1023 + 960) << 52);
const SAFE: f64 = reinterpret<f64>((1023 - 1022) << 52);
const NEARLY: f64 = 1 + reinterpret<f64>((1023 - 20) << 52);
const DONE: i32 = -1;

export function bidiagonalValues(d: usize, e: usize, n: i32, work: usize, out: usize): i32 {
  const q = work;
  const s = seek<f64>(q, n);
  const nextQ = seek<f64>(s, n);
  const nextS = seek<f64>(nextQ, n);
  const scale = squares(d, e, n, q, s);
  let transforms = 0;
  let budget = 60 * <f64>n * <f64>n;
  let last = n - 1;
  let first = n;
  let shift: f64 = 0;
  let rest: f64 = 0;
  let share: f64 = 0.25;
  put<f64>(out, 3, 0);
  put<f64>(out, 0, -1);
  while (last >= 0) {
    const alone = last == 0 || at<f64>(s, last - 1) < 0;
    if (alone || uncoupled(at<f64>(s, last - 1), at<f64>(q, last), shift)) {
      put<f64>(d, last, sqrt<f64>(shift + (rest + at<f64>(q, last))) / scale);
      if (alone && last > 0) {
        shift = at<f64>(e, last - 1);
        rest = 0;
      }
      last--;
      if (last < first || last < 0) put<f64>(out, 0, -1);
      else if (at<f64>(out, 0) >= 0) {
        put<f64>(out, 0, at<f64>(q, last));
        put<f64>(out, 1, at<f64>(out, 2));
      }
      continue;
    }
    const start = blockStart(s, last, shift);
    if (start > 0 && at<f64>(s, start - 1) >= 0) cut(s, e, start - 1, shift);
    if (start != first) {
      first = start;
      put<f64>(out, 0, -1);
      share = 0.25;
    }
    if (1.5 * at<f64>(q, first) < at<f64>(q, last)) {
      reverse(q, first, last);
      reverse(s, first, last - 1);
      put<f64>(out, 0, -1);
    }
    let tau = chooseShift(q, s, first, last, share, out);
    for (let attempt = 0; ; attempt++) {
      budget -= <f64>(last - first);
      if (budget < 0) return last + 1;
      transforms++;
      put<f64>(out, 3, transforms);
      const stop = transform(n, q, s, nextQ, nextS, first, last, tau, out);
      if (stop == DONE) break;
      if (stop >= n) {
        cut(s, e, stop - n, shift);
        first = n;
        break;
      }
      const end = at<f64>(out, 0);
      if (stop == last && end < 0 && tau + end > 0 && attempt < 2) tau += end;
      else {
        tau = attempt < 2 ? tau * 0.25 : 0;
        share *= 0.5;
      }
      if (attempt >= 4) tau = 0;
    }
    if (first == n) continue;
    memory.copy(seek<f64>(q, first), seek<f64>(nextQ, first), (<usize>(last - first + 1)) * 8);
    memory.copy(seek<f64>(s, first), seek<f64>(nextS, first), (<usize>(last - first)) * 8);
    share += (1 - share) / 3;
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

function chooseShift(q: usize, s: usize, first: i32, last: i32, share: f64, out: usize): f64 {
  const end = at<f64>(out, 0);
  const smallest = at<f64>(out, 1);
  if (end < 0) return 0;
  if (end > NEARLY * smallest) return share * smallest;
  const upper = at<f64>(q, last - 1);
  const side = at<f64>(s, last - 1);
  const lower = at<f64>(q, last);
  const sum = upper + side;
  const ratio = lower / sum;
  const half = 0.5 * (1 - ratio);
  const product = ratio * (side / sum);
  const larger = 0.5 * (1 + ratio) + sqrt<f64>(half * half + product);
  const eigenvalue = (upper / sum) * (lower / larger);
  const gap = 1 - eigenvalue / sum;
  const beyond = last - 2 >= first ? (upper / sum) * (at<f64>(s, last - 2) / sum) : 0;
  const tau = eigenvalue - (1.25 * product * beyond * sum) / (gap * gap * gap);
  return tau < lower && tau > share * smallest ? tau : share * smallest;
}

function transform(n: i32, q: usize, s: usize, nextQ: usize, nextS: usize, first: i32, last: i32, tau: f64, out: usize): i32 {
  let t = at<f64>(q, first) - tau;
  let smallest = t;
  let before = t;
  for (let i = first; i < last; i++) {
    if (!(t >= 0)) return i;
    const side = at<f64>(s, i);
    if (side <= NEGLIGIBLE * t) return n + i;
    const sum = t + side;
    const below = at<f64>(q, i + 1);
    put<f64>(nextQ, i, sum);
    put<f64>(nextS, i, below * (side / sum));
    t = below * (t / sum) - tau;
    before = smallest;
    smallest = min<f64>(smallest, t);
  }
  put<f64>(nextQ, last, t);
  put<f64>(out, 0, t);
  put<f64>(out, 1, smallest);
  put<f64>(out, 2, before);
  return t >= 0 ? DONE : last;
}
