/** Mathematics: src/backend/ts/eig/complex/sweep.ts. */
import { at, put } from '../../layout';
import { makeRotation, RECORD, rotateChain, rotateRows } from './rotation';

/** Rows a window spans beyond the chain itself. */
const STRIDE: i32 = 48;
/** Vectors that take the recorded rotations together. */
const LANES: i32 = 4;

/** Numbers of work space for chains of up to `shifts` bulges: the records of one window, a start vector, positions. */
export function sweepWorkLength(shifts: i32): i32 {
  return RECORD * shifts * (STRIDE + 2 * shifts) + 4 + 2 * shifts;
}

/** Chases one bulge: rotations first … last inside the window whose rows begin at `top` and whose columns end at `right`. */
function chase(
  h: usize, ld: i32, lo: i32, hi: i32, top: i32, right: i32, first: i32, last: i32,
  shifts: usize, shift: i32, rot: usize, o: i32, start: i32,
): void {
  for (let k = first; k <= last; k++) {
    const r = o + RECORD * (k - first);
    const row = 2 * (k * ld + k);
    if (k == lo) {
      put<f64>(rot, start, at<f64>(h, row) - at<f64>(shifts, shift));
      put<f64>(rot, start + 1, at<f64>(h, row + 1) - at<f64>(shifts, shift + 1));
      put<f64>(rot, start + 2, at<f64>(h, row + 2 * ld));
      put<f64>(rot, start + 3, at<f64>(h, row + 2 * ld + 1));
      makeRotation(rot, start, rot, start + 2, rot, r);
    } else makeRotation(h, row - 2, h, row - 2 + 2 * ld, rot, r);
    rotateRows(h, row, row + 2 * ld, right - k + 1, rot, r);
    // Whole groups of rows that no later row rotation touches wait until the bulge has passed.
    const waiting = top + (((k - top + 1) >> 2) << 2);
    rotateChain(h, 2 * (waiting * ld + k), 2, 2 * ld, min(k + 2, hi) - waiting + 1, rot, r, 1, true);
  }
  for (let group = top; group + LANES - 1 <= last; group += LANES) {
    const from = max(group + LANES - 1, first);
    rotateChain(h, 2 * (group * ld + from), 2, 2 * ld, LANES, rot, o + RECORD * (from - first), last - from + 1, true);
  }
}

export function sweep(
  h: usize, ld: i32, lo: i32, hi: i32, top: i32, right: i32, q: usize, qRows: i32,
  shifts: usize, shift: i32, count: i32, rot: usize,
): void {
  const span = STRIDE + 2 * count;
  const start = RECORD * count * span;
  const places = start + 4;
  for (let b = 0; b < count; b++) put<f64>(rot, places + b, <f64>lo);
  let front = lo - 1;
  let done = 0;
  while (done < count) {
    front += STRIDE;
    // The window: from the first plane the last moving bulge rotates to the row under the front bulge's last plane.
    let windowTop = hi;
    for (let b = done; b < count; b++) {
      const first = <i32>at<f64>(rot, places + b);
      if (first <= min(hi - 1, front - 2 * b)) windowTop = min(windowTop, first);
    }
    const windowRight = min(hi, front - 2 * done + 2);
    const begin = done;
    for (let b = begin; b < count; b++) {
      const first = <i32>at<f64>(rot, places + b);
      const last = min(hi - 1, front - 2 * b);
      if (first <= last) {
        chase(h, ld, lo, hi, windowTop, windowRight, first, last, shifts, shift + 2 * b, rot, RECORD * b * span, start);
      }
    }
    later(h, hi, front, begin, count, span, places, windowRight + 1, right - windowRight, 2 * ld, 2, false, rot);
    later(h, hi, front, begin, count, span, places, top, windowTop - top, 2, 2 * ld, true, rot);
    later(q, hi, front, begin, count, span, places, 0, qRows, 2, 2 * ld, true, rot);
    for (let b = begin; b < count; b++) {
      const last = min(hi - 1, front - 2 * b);
      put<f64>(rot, places + b, <f64>max(last + 1, lo));
      if (last == hi - 1) done = b + 1;
    }
  }
}

/** Applies this window's rotations to vectors from … from+count−1, which lie `lane` numbers apart, `step` between elements. */
function later(
  a: usize, hi: i32, front: i32, begin: i32, bulges: i32, span: i32, places: i32,
  from: i32, count: i32, step: i32, lane: i32, adjoint: boolean, rot: usize,
): void {
  for (let l = 0; l < count; l += LANES) {
    for (let b = begin; b < bulges; b++) {
      const first = <i32>at<f64>(rot, places + b);
      const last = min(hi - 1, front - 2 * b);
      if (first <= last) {
        rotateChain(a, (from + l) * lane + first * step, step, lane, min(LANES, count - l), rot, RECORD * b * span,
          last - first + 1, adjoint);
      }
    }
  }
}
