/** Mathematics: src/backend/ts/eig/real/sweep.ts. */
import { at, put } from '../../layout';
import { makeBulgeReflector, RECORD, reflectChain } from './bulge';

/** Rows a window spans beyond the chain itself. */
const STRIDE: i32 = 48;
/** Vectors that take the recorded reflectors together. */
const LANES: i32 = 8;
/** Numbers of a pair of shifts: Re σ₁, Im σ₁, Re σ₂, Im σ₂. */
export const PAIR: i32 = 4;

/** Numbers of work space for chains of up to `pairs` bulges: the records of one window and the bulges' places. */
export function sweepWorkLength(pairs: i32): i32 {
  return RECORD * pairs * (STRIDE + 3 * pairs) + pairs;
}

/** The reflector that starts a bulge: of the first column of (H−σ₁)(H−σ₂), divided by a number of its size. */
function startBulge(h: usize, ld: i32, lo: i32, hi: i32, shifts: usize, s: i32, rec: usize, o: i32): void {
  const p = lo * ld + lo;
  const h00 = at<f64>(h, p);
  const h10 = at<f64>(h, p + ld);
  const r1 = at<f64>(shifts, s);
  const r2 = at<f64>(shifts, s + 2);
  const size = abs(h00 - r2) + abs(at<f64>(shifts, s + 3)) + abs(h10);
  const sub = h10 / size;
  const x0 = (h00 - r1) * ((h00 - r2) / size) - at<f64>(shifts, s + 1) * (at<f64>(shifts, s + 3) / size) + sub * at<f64>(h, p + 1);
  const x1 = sub * (h00 + at<f64>(h, p + ld + 1) - r1 - r2);
  const x2 = lo + 1 < hi ? sub * at<f64>(h, p + 2 * ld + 1) : 0.0;
  makeBulgeReflector(x0, x1, x2, rec, o);
}

/** Chases one bulge: reflectors first … last inside the window whose rows begin at `top` and whose columns end at `right`. */
function chase(
  h: usize, ld: i32, lo: i32, hi: i32, top: i32, right: i32, first: i32, last: i32, shifts: usize, s: i32, rec: usize, o: i32,
): void {
  for (let k = first; k <= last; k++) {
    const r = o + RECORD * (k - first);
    const p = k * ld + k;
    const small = k == hi - 1;
    if (k == lo) startBulge(h, ld, lo, hi, shifts, s, rec, r);
    else {
      put<f64>(h, p - 1, makeBulgeReflector(at<f64>(h, p - 1), at<f64>(h, p - 1 + ld), small ? 0.0 : at<f64>(h, p - 1 + 2 * ld), rec, r));
      put<f64>(h, p - 1 + ld, 0);
      if (!small) put<f64>(h, p - 1 + 2 * ld, 0);
    }
    const count = small ? 0 : 1;
    reflectChain(h, p, ld, 1, right - k + 1, rec, r, count, small);
    const waiting = top + (((k - top + 1) >> 3) << 3);
    reflectChain(h, waiting * ld + k, 1, ld, min(k + 3, hi) - waiting + 1, rec, r, count, small);
  }
  for (let group = top; group + LANES - 1 <= last; group += LANES) {
    const from = max(group + LANES - 1, first);
    const small = last == hi - 1;
    reflectChain(h, group * ld + from, 1, ld, LANES, rec, o + RECORD * (from - first), last - from + (small ? 0 : 1), small);
  }
}

export function sweep(
  h: usize, ld: i32, lo: i32, hi: i32, top: i32, right: i32, q: usize, qRows: i32, shifts: usize, shift: i32, count: i32,
  rec: usize,
): void {
  const span = STRIDE + 3 * count;
  const places = RECORD * count * span;
  for (let b = 0; b < count; b++) put<f64>(rec, places + b, <f64>lo);
  let front = lo - 1;
  let done = 0;
  while (done < count) {
    front += STRIDE;
    let windowTop = hi;
    for (let b = done; b < count; b++) {
      const first = <i32>at<f64>(rec, places + b);
      if (first <= min(hi - 1, front - 3 * b)) windowTop = min(windowTop, first);
    }
    const windowRight = min(hi, front - 3 * done + 3);
    const begin = done;
    for (let b = begin; b < count; b++) {
      const first = <i32>at<f64>(rec, places + b);
      const last = min(hi - 1, front - 3 * b);
      if (first <= last) {
        chase(h, ld, lo, hi, windowTop, windowRight, first, last, shifts, shift + PAIR * b, rec, RECORD * b * span);
      }
    }
    later(h, hi, front, begin, count, span, places, windowRight + 1, right - windowRight, ld, 1, rec);
    later(h, hi, front, begin, count, span, places, top, windowTop - top, 1, ld, rec);
    later(q, hi, front, begin, count, span, places, 0, qRows, 1, ld, rec);
    for (let b = begin; b < count; b++) {
      const last = min(hi - 1, front - 3 * b);
      put<f64>(rec, places + b, <f64>max(last + 1, lo));
      if (last == hi - 1) done = b + 1;
    }
  }
}

/** Applies this window's reflectors to vectors from … from+count−1, which lie `lane` numbers apart, `step` between elements. */
function later(
  a: usize, hi: i32, front: i32, begin: i32, bulges: i32, span: i32, places: i32,
  from: i32, count: i32, step: i32, lane: i32, rec: usize,
): void {
  for (let l = 0; l < count; l += LANES) {
    for (let b = begin; b < bulges; b++) {
      const first = <i32>at<f64>(rec, places + b);
      const last = min(hi - 1, front - 3 * b);
      if (first <= last) {
        const small = last == hi - 1;
        reflectChain(a, (from + l) * lane + first * step, step, lane, min(LANES, count - l), rec, RECORD * b * span,
          last - first + (small ? 0 : 1), small);
      }
    }
  }
}
