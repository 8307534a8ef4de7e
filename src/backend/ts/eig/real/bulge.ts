/**
 * Reflectors of order 3 and 2 that chase a double-shift bulge: P = I − τ v vᵀ with v = (1, v₁, v₂). A record of one takes four
 * numbers: v₁, v₂, τ and one to spare.
 *
 * @source J. G. F. Francis, Comput. J. 4 (1962) 332–345.
 */

/** Numbers in a record of a reflector. */
export const RECORD: number = 4;

const LOW: number = 1e-140;
const HIGH: number = 1e140;

/** The reflector of x = (x0, x1, x2) into rec[o…]; gives back β, its first component afterwards. Order 2 has x2 = 0. */
export function makeBulgeReflector(x0: number, x1: number, x2: number, rec: Float64Array, o: number): number {
  const rest = Math.max(Math.abs(x1), Math.abs(x2));
  if (rest === 0) {
    for (let k = 0; k < RECORD; k++) rec[o + k] = 0;
    return x0;
  }
  const largest = Math.max(rest, Math.abs(x0));
  const unit = largest < LOW || largest > HIGH ? largest : 1.0;
  const y0 = x0 / unit;
  const y1 = x1 / unit;
  const y2 = x2 / unit;
  const norm = Math.sqrt(y0 * y0 + y1 * y1 + y2 * y2);
  const beta = y0 < 0 ? norm : -norm;
  const head = y0 - beta;
  rec[o] = y1 / head;
  rec[o + 1] = y2 / head;
  rec[o + 2] = -head / beta;
  return beta * unit;
}

/**
 * Reflectors t = 0 … count−1 of order 3 act on elements t, t+1, t+2 of each of `lanes` vectors, then, if `tail`, one of order
 * 2 on elements count, count+1. Vector l begins at a[start + l·lane]; its elements are `step` numbers apart. One of step and
 * lane is 1. P is symmetric, so rows from the left and columns from the right take the same.
 */
export function reflectChain(
  a: Float64Array,
  start: number,
  step: number,
  lane: number,
  lanes: number,
  rec: Float64Array,
  o: number,
  count: number,
  tail: boolean,
): void {
  for (let l = 0; l < lanes; l++) {
    let p = start + l * lane;
    let x = a[p]!;
    let y = a[p + step]!;
    for (let t = 0; t < count; t++) {
      const r = o + RECORD * t;
      const z = a[p + 2 * step]!;
      const u = rec[r + 2]! * (x + rec[r]! * y + rec[r + 1]! * z);
      a[p] = x - u;
      x = y - rec[r]! * u;
      y = z - rec[r + 1]! * u;
      p += step;
    }
    if (tail) {
      const r = o + RECORD * count;
      const u = rec[r + 2]! * (x + rec[r]! * y);
      x = x - u;
      y = y - rec[r]! * u;
    }
    a[p] = x;
    a[p + step] = y;
  }
}
