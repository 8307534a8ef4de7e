/**
 * One QR sweep with several shifts, as a chain of bulges that chase each other down the active block.
 *
 * Every shift σ starts a bulge with the rotation of (h_ll − σ, h_l+1,l); rotation k acts on rows and columns k, k+1, and the
 * chain keeps its bulges two places apart. The chain moves window by window down the diagonal. Inside a window rotations act
 * at once where the next one needs it; all else (the window's own rows above, the columns right of it, the rows over it, and
 * Q) takes the recorded rotations later, bulge by bulge, a few vectors at a time while they are in the cache. Rotations of
 * different bulges either keep their order or act on different planes, so the results are those of single-shift sweeps.
 *
 * @source K. Braman, R. Byers, R. Mathias, SIAM J. Matrix Anal. Appl. 23 (2002) 929–947 (chains of bulges); F. G. Van Zee,
 * R. A. van de Geijn, G. Quintana-Ortí, ACM TOMS 40 (2014) 18 (delayed rotations).
 */
import { makeRotation, RECORD, rotateChain, rotateRows } from './rotation.ts';

/** Rows a window spans beyond the chain itself. */
const STRIDE: number = 48;
/** Vectors that take the recorded rotations together. */
const LANES: number = 4;

/** Numbers of work space for chains of up to `shifts` bulges: the records of one window, a start vector, positions. */
export function sweepWorkLength(shifts: number): number {
  return RECORD * shifts * (STRIDE + 2 * shifts) + 4 + 2 * shifts;
}

/** Chases one bulge: rotations first … last inside the window whose rows begin at `top` and whose columns end at `right`. */
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
  shift: number,
  rot: Float64Array,
  o: number,
  start: number,
): void {
  for (let k = first; k <= last; k++) {
    const r = o + RECORD * (k - first);
    const row = 2 * (k * ld + k);
    if (k === lo) {
      rot[start] = h[row]! - shifts[shift]!;
      rot[start + 1] = h[row + 1]! - shifts[shift + 1]!;
      rot[start + 2] = h[row + 2 * ld]!;
      rot[start + 3] = h[row + 2 * ld + 1]!;
      makeRotation(rot, start, rot, start + 2, rot, r);
    } else makeRotation(h, row - 2, h, row - 2 + 2 * ld, rot, r);
    rotateRows(h, row, row + 2 * ld, right - k + 1, rot, r);
    // Whole groups of rows that no later row rotation touches wait until the bulge has passed.
    const waiting = top + (((k - top + 1) >> 2) << 2);
    rotateChain(h, 2 * (waiting * ld + k), 2, 2 * ld, Math.min(k + 2, hi) - waiting + 1, rot, r, 1, true);
  }
  for (let group = top; group + LANES - 1 <= last; group += LANES) {
    const from = Math.max(group + LANES - 1, first);
    rotateChain(h, 2 * (group * ld + from), 2, 2 * ld, LANES, rot, o + RECORD * (from - first), last - from + 1, true);
  }
}

/**
 * A sweep of rows and columns lo…hi with `count` shifts. Columns up to `right` and rows from `top` of h take part, and all
 * columns of the rows 0 … qRows−1 of q.
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
  rot: Float64Array,
): void {
  const span = STRIDE + 2 * count;
  const start = RECORD * count * span;
  const places = start + 4;
  for (let b = 0; b < count; b++) rot[places + b] = lo;
  let front = lo - 1;
  let done = 0;
  while (done < count) {
    front += STRIDE;
    // The window: from the first plane the last moving bulge rotates to the row under the front bulge's last plane.
    let windowTop = hi;
    for (let b = done; b < count; b++) {
      const first = rot[places + b]!;
      if (first <= Math.min(hi - 1, front - 2 * b)) windowTop = Math.min(windowTop, first);
    }
    const windowRight = Math.min(hi, front - 2 * done + 2);
    const begin = done;
    for (let b = begin; b < count; b++) {
      const first = rot[places + b]!;
      const last = Math.min(hi - 1, front - 2 * b);
      if (first <= last) {
        chase(h, ld, lo, hi, windowTop, windowRight, first, last, shifts, shift + 2 * b, rot, RECORD * b * span, start);
      }
    }
    later(h, hi, front, begin, count, span, places, windowRight + 1, right - windowRight, 2 * ld, 2, false, rot);
    later(h, hi, front, begin, count, span, places, top, windowTop - top, 2, 2 * ld, true, rot);
    later(q, hi, front, begin, count, span, places, 0, qRows, 2, 2 * ld, true, rot);
    for (let b = begin; b < count; b++) {
      const last = Math.min(hi - 1, front - 2 * b);
      rot[places + b] = Math.max(last + 1, lo);
      if (last === hi - 1) done = b + 1;
    }
  }
}

/** Applies this window's rotations to vectors from … from+count−1, which lie `lane` numbers apart, `step` between elements. */
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
  adjoint: boolean,
  rot: Float64Array,
): void {
  for (let l = 0; l < count; l += LANES) {
    for (let b = begin; b < bulges; b++) {
      const first = rot[places + b]!;
      const last = Math.min(hi - 1, front - 2 * b);
      if (first <= last) {
        rotateChain(
          a,
          (from + l) * lane + first * step,
          step,
          lane,
          Math.min(LANES, count - l),
          rot,
          RECORD * b * span,
          last - first + 1,
          adjoint,
        );
      }
    }
  }
}
