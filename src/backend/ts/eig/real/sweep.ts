/**
 * One QR sweep with several pairs of shifts: the real twin of complex/sweep, where windows and delayed application are
 * explained. A pair of shifts starts a bulge that reflectors of order 3 chase; bulges of a chain keep three places apart.
 */
import { makeBulgeReflector, RECORD, reflectChain } from './bulge.ts';

/** Rows a window spans beyond the chain itself. */
const STRIDE: number = 48;
/** Vectors that take the recorded reflectors together. */
const LANES: number = 8;
/** Numbers of a pair of shifts: Re σ₁, Im σ₁, Re σ₂, Im σ₂. */
export const PAIR: number = 4;

/** Numbers of work space for chains of up to `pairs` bulges: the records of one window and the bulges' places. */
export function sweepWorkLength(pairs: number): number {
  return RECORD * pairs * (STRIDE + 3 * pairs) + pairs;
}

/** The reflector that starts a bulge: of the first column of (H−σ₁)(H−σ₂), divided by a number of its size. */
function startBulge(
  h: Float64Array,
  ld: number,
  lo: number,
  hi: number,
  shifts: Float64Array,
  s: number,
  rec: Float64Array,
  o: number,
): void {
  const p = lo * ld + lo;
  const h00 = h[p]!;
  const h10 = h[p + ld]!;
  const r1 = shifts[s]!;
  const r2 = shifts[s + 2]!;
  const size = Math.abs(h00 - r2) + Math.abs(shifts[s + 3]!) + Math.abs(h10);
  const sub = h10 / size;
  const x0 = (h00 - r1) * ((h00 - r2) / size) - shifts[s + 1]! * (shifts[s + 3]! / size) + sub * h[p + 1]!;
  const x1 = sub * (h00 + h[p + ld + 1]! - r1 - r2);
  const x2 = lo + 1 < hi ? sub * h[p + 2 * ld + 1]! : 0.0;
  makeBulgeReflector(x0, x1, x2, rec, o);
}

/** Chases one bulge: reflectors first … last inside the window whose rows begin at `top` and whose columns end at `right`. */
function chase(
  h: Float64Array,
  ld: number,
  lo: number,
  hi: number,
  top: number,
  right: number,
  first: number,
  last: number,
  shifts: Float64Array,
  s: number,
  rec: Float64Array,
  o: number,
): void {
  for (let k = first; k <= last; k++) {
    const r = o + RECORD * (k - first);
    const p = k * ld + k;
    const small = k === hi - 1;
    if (k === lo) startBulge(h, ld, lo, hi, shifts, s, rec, r);
    else {
      h[p - 1] = makeBulgeReflector(h[p - 1]!, h[p - 1 + ld]!, small ? 0.0 : h[p - 1 + 2 * ld]!, rec, r);
      h[p - 1 + ld] = 0;
      if (!small) h[p - 1 + 2 * ld] = 0;
    }
    const count = small ? 0 : 1;
    reflectChain(h, p, ld, 1, right - k + 1, rec, r, count, small);
    const waiting = top + (((k - top + 1) >> 3) << 3);
    reflectChain(h, waiting * ld + k, 1, ld, Math.min(k + 3, hi) - waiting + 1, rec, r, count, small);
  }
  for (let group = top; group + LANES - 1 <= last; group += LANES) {
    const from = Math.max(group + LANES - 1, first);
    const small = last === hi - 1;
    reflectChain(
      h,
      group * ld + from,
      1,
      ld,
      LANES,
      rec,
      o + RECORD * (from - first),
      last - from + (small ? 0 : 1),
      small,
    );
  }
}

/**
 * A sweep of rows and columns lo…hi (at least two) with `count` pairs of shifts. Columns up to `right` and rows from `top` of h
 * take part, and all columns of the rows 0 … qRows−1 of q.
 */
export function sweep(
  h: Float64Array,
  ld: number,
  lo: number,
  hi: number,
  top: number,
  right: number,
  q: Float64Array,
  qRows: number,
  shifts: Float64Array,
  shift: number,
  count: number,
  rec: Float64Array,
): void {
  const span = STRIDE + 3 * count;
  const places = RECORD * count * span;
  for (let b = 0; b < count; b++) rec[places + b] = lo;
  let front = lo - 1;
  let done = 0;
  while (done < count) {
    front += STRIDE;
    let windowTop = hi;
    for (let b = done; b < count; b++) {
      const first = rec[places + b]!;
      if (first <= Math.min(hi - 1, front - 3 * b)) windowTop = Math.min(windowTop, first);
    }
    const windowRight = Math.min(hi, front - 3 * done + 3);
    const begin = done;
    for (let b = begin; b < count; b++) {
      const first = rec[places + b]!;
      const last = Math.min(hi - 1, front - 3 * b);
      if (first <= last) {
        chase(h, ld, lo, hi, windowTop, windowRight, first, last, shifts, shift + PAIR * b, rec, RECORD * b * span);
      }
    }
    later(h, hi, front, begin, count, span, places, windowRight + 1, right - windowRight, ld, 1, rec);
    later(h, hi, front, begin, count, span, places, top, windowTop - top, 1, ld, rec);
    later(q, hi, front, begin, count, span, places, 0, qRows, 1, ld, rec);
    for (let b = begin; b < count; b++) {
      const last = Math.min(hi - 1, front - 3 * b);
      rec[places + b] = Math.max(last + 1, lo);
      if (last === hi - 1) done = b + 1;
    }
  }
}

/** Applies this window's reflectors to vectors from … from+count−1, which lie `lane` numbers apart, `step` between elements. */
function later(
  a: Float64Array,
  hi: number,
  front: number,
  begin: number,
  bulges: number,
  span: number,
  places: number,
  from: number,
  count: number,
  step: number,
  lane: number,
  rec: Float64Array,
): void {
  for (let l = 0; l < count; l += LANES) {
    for (let b = begin; b < bulges; b++) {
      const first = rec[places + b]!;
      const last = Math.min(hi - 1, front - 3 * b);
      if (first <= last) {
        const small = last === hi - 1;
        reflectChain(
          a,
          (from + l) * lane + first * step,
          step,
          lane,
          Math.min(LANES, count - l),
          rec,
          RECORD * b * span,
          last - first + (small ? 0 : 1),
          small,
        );
      }
    }
  }
}
