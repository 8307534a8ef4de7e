/**
 * Plane rotations G = [c s; −s̄ c], c real, with G·(f, g)ᵀ = (r, 0)ᵀ. A record of one takes four numbers: c, Re s, −Im s, Im s.
 *
 * @source D. Bindel, J. Demmel, W. Kahan, O. Marques, ACM TOMS 28 (2002) 206–238.
 */
import { modulus } from '../../../../math/complex-pairs.ts';

/** Numbers in a record of a rotation. */
export const RECORD: number = 4;

/** |f|² and |f|²+|g|² between these bounds: no product below leaves the range of f64. */
const LOW: number = 1e-140;
const HIGH: number = 1e140;
/** 2^±600. */
const UP: number = 4.149515568880993e180;
const DOWN: number = 2.409919865102884e-181;

function record(rot: Float64Array, o: number, c: number, sr: number, si: number): void {
  rot[o] = c;
  rot[o + 1] = sr;
  rot[o + 2] = -si;
  rot[o + 3] = si;
}

/** The rotation of f (at a[f]) and g (at b[g]) into rot[o…]; r replaces f and 0 replaces g. */
export function makeRotation(
  a: Float64Array,
  f: number,
  b: Float64Array,
  g: number,
  rot: Float64Array,
  o: number,
): void {
  const fr = a[f]!;
  const fi = a[f + 1]!;
  const gr = b[g]!;
  const gi = b[g + 1]!;
  const f2 = fr * fr + fi * fi;
  const h2 = f2 + (gr * gr + gi * gi);
  if (f2 >= LOW && h2 <= HIGH) {
    const inverse = 1 / Math.sqrt(f2 * h2);
    const growth = h2 * inverse;
    record(rot, o, f2 * inverse, (fr * gr + fi * gi) * inverse, (fi * gr - fr * gi) * inverse);
    a[f] = fr * growth;
    a[f + 1] = fi * growth;
  } else makeScaledRotation(a, f, b, g, rot, o);
  b[g] = 0;
  b[g + 1] = 0;
}

function makeScaledRotation(
  a: Float64Array,
  f: number,
  b: Float64Array,
  g: number,
  rot: Float64Array,
  o: number,
): void {
  let fr = a[f]!;
  let fi = a[f + 1]!;
  let gr = b[g]!;
  let gi = b[g + 1]!;
  if (gr === 0 && gi === 0) {
    record(rot, o, 1, 0, 0);
    return;
  }
  const largest = Math.max(Math.max(Math.abs(fr), Math.abs(fi)), Math.max(Math.abs(gr), Math.abs(gi)));
  const unit = largest < LOW ? UP : largest > HIGH ? DOWN : 1.0;
  fr *= unit;
  fi *= unit;
  gr *= unit;
  gi *= unit;
  const lengthF = modulus(fr, fi);
  const lengthG = modulus(gr, gi);
  const big = Math.max(lengthF, lengthG);
  const length = modulus(lengthF / big, lengthG / big);
  // Where |f| is negligible its phase is too: taking 1 changes g by a part in 10¹⁴⁰.
  const negligible = lengthF <= LOW * lengthG;
  const phaseR = negligible ? 1.0 : fr / lengthF;
  const phaseI = negligible ? 0.0 : fi / lengthF;
  const tr = gr / big / length;
  const ti = gi / big / length;
  record(rot, o, lengthF / big / length, phaseR * tr + phaseI * ti, phaseI * tr - phaseR * ti);
  const r = (big * length) / unit;
  a[f] = phaseR * r;
  a[f + 1] = phaseI * r;
}

/** (x, z) ← G (x, z) for `count` elements of two rows that begin at a[x] and a[z]. */
export function rotateRows(a: Float64Array, x: number, z: number, count: number, rot: Float64Array, o: number): void {
  const c = rot[o]!;
  const sr = rot[o + 1]!;
  const si = rot[o + 3]!;
  for (let i = 0; i < 2 * count; i += 2) {
    const xr = a[x + i]!;
    const xi = a[x + i + 1]!;
    const zr = a[z + i]!;
    const zi = a[z + i + 1]!;
    a[x + i] = c * xr + sr * zr - si * zi;
    a[x + i + 1] = c * xi + sr * zi + si * zr;
    a[z + i] = c * zr - sr * xr - si * xi;
    a[z + i + 1] = c * zi - sr * xi + si * xr;
  }
}

/**
 * Rotations t = 0 … count−1 act on elements t and t+1 of each of `lanes` vectors; vector l begins at a[start + l·lane], its
 * elements are `step` numbers apart. From the left (`adjoint` false) elements are rows: (x, z) ← G (x, z); from the right
 * they are columns: (x, z) ← (x, z) G*.
 */
export function rotateChain(
  a: Float64Array,
  start: number,
  step: number,
  lane: number,
  lanes: number,
  rot: Float64Array,
  o: number,
  count: number,
  adjoint: boolean,
): void {
  for (let l = 0; l < lanes; l++) {
    let p = start + l * lane;
    let xr = a[p]!;
    let xi = a[p + 1]!;
    for (let t = 0; t < count; t++) {
      const c = rot[o + RECORD * t]!;
      const sr = rot[o + RECORD * t + 1]!;
      const si = adjoint ? rot[o + RECORD * t + 2]! : rot[o + RECORD * t + 3]!;
      const zr = a[p + step]!;
      const zi = a[p + step + 1]!;
      a[p] = c * xr + sr * zr - si * zi;
      a[p + 1] = c * xi + sr * zi + si * zr;
      const nextR = c * zr - sr * xr - si * xi;
      xi = c * zi - sr * xi + si * xr;
      xr = nextR;
      p += step;
    }
    a[p] = xr;
    a[p + 1] = xi;
  }
}
