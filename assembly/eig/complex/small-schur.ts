/** Mathematics: src/backend/ts/eig/complex/small-schur.ts. */
import { at, put } from '../../layout';
import { modulus, oneNorm, squareRoot } from './scalar';
import { sweep } from './sweep';

const ULP: f64 = 2.220446049250313e-16;
/** Smallest normal number over ULP: below it a subdiagonal element is zero whatever its neighbours. */
const TINY: f64 = 1.0020841800044864e-292;
/** Sweeps without a deflation after which the shift is exceptional. */
const PATIENCE: i32 = 10;
/** Number of an exceptional shift: |h_i,i−1| times this is added to h_ii. */
const EXCEPTIONAL: f64 = 0.75;

/** Whether h_k,k−1 may be set to zero. */
export function negligible(h: usize, ld: i32, lo: i32, hi: i32, k: i32): boolean {
  const p = 2 * (k * ld + k);
  const above = p - 2 * ld;
  const sub = oneNorm(at<f64>(h, p - 2), at<f64>(h, p - 1));
  if (sub <= TINY) return true;
  const d0 = oneNorm(at<f64>(h, above - 2), at<f64>(h, above - 1));
  const d1 = oneNorm(at<f64>(h, p), at<f64>(h, p + 1));
  let size = d0 + d1;
  if (size == 0) {
    if (k - 2 >= lo) size += oneNorm(at<f64>(h, above - 4), at<f64>(h, above - 3));
    if (k + 1 <= hi) size += oneNorm(at<f64>(h, p + 2 * ld), at<f64>(h, p + 2 * ld + 1));
  }
  if (sub > ULP * size) return false;
  const sup = oneNorm(at<f64>(h, above), at<f64>(h, above + 1));
  const gap = oneNorm(at<f64>(h, above - 2) - at<f64>(h, p), at<f64>(h, above - 1) - at<f64>(h, p + 1));
  const large = max(d1, gap);
  const small = min(d1, gap);
  const strong = max(sub, sup);
  const total = large + strong;
  return min(sub, sup) * (strong / total) <= max(TINY, ULP * (small * (large / total)));
}

/** The first row of the unreduced block that ends in row i: sets the element before it to zero if it is negligible. */
export function blockStart(h: usize, ld: i32, lo: i32, hi: i32, i: i32): i32 {
  let k = i;
  while (k > lo && !negligible(h, ld, lo, hi, k)) k--;
  if (k > lo) {
    const p = 2 * (k * ld + k - 1);
    put<f64>(h, p, 0);
    put<f64>(h, p + 1, 0);
  }
  return k;
}

/** Wilkinson's shift for the block that ends in row i, into out[o]: with δ = (a−d)/2 and ρ² = δ² + bc it is d − bc/(δ±ρ). */
export function wilkinsonShift(h: usize, ld: i32, i: i32, out: usize, o: i32): void {
  const p = 2 * (i * ld + i);
  const above = p - 2 * ld;
  const size = max(oneNorm(at<f64>(h, above), at<f64>(h, above + 1)), oneNorm(at<f64>(h, p - 2), at<f64>(h, p - 1)));
  const dr = 0.5 * (at<f64>(h, above - 2) - at<f64>(h, p));
  const di = 0.5 * (at<f64>(h, above - 1) - at<f64>(h, p + 1));
  const scale = max(size, oneNorm(dr, di));
  put<f64>(out, o, at<f64>(h, p));
  put<f64>(out, o + 1, at<f64>(h, p + 1));
  if (scale == 0) return;
  const br = at<f64>(h, above) / scale;
  const bi = at<f64>(h, above + 1) / scale;
  const cr = at<f64>(h, p - 2) / scale;
  const ci = at<f64>(h, p - 1) / scale;
  const productR = br * cr - bi * ci;
  const productI = br * ci + bi * cr;
  if (productR == 0 && productI == 0) return;
  const er = dr / scale;
  const ei = di / scale;
  squareRoot(er * er - ei * ei + productR, 2 * er * ei + productI, out, o + 2);
  let rr = at<f64>(out, o + 2);
  let ri = at<f64>(out, o + 3);
  if (er * rr + ei * ri < 0) {
    rr = -rr;
    ri = -ri;
  }
  rr += er;
  ri += ei;
  const square = rr * rr + ri * ri;
  put<f64>(out, o, at<f64>(out, o) - scale * ((productR * rr + productI * ri) / square));
  put<f64>(out, o + 1, at<f64>(out, o + 1) - scale * ((productI * rr - productR * ri) / square));
}

export function smallSchur(
  h: usize, ld: i32, lo: i32, hi: i32, last: i32, whole: boolean, q: usize, qRows: i32, limit: i32,
  shifts: usize, rot: usize, info: usize,
): i32 {
  let sweeps = 0;
  let waiting = 0;
  let i = hi;
  while (i >= lo) {
    const start = blockStart(h, ld, lo, hi, i);
    if (start == i) {
      i--;
      waiting = 0;
      continue;
    }
    if (sweeps >= limit) {
      put<f64>(info, 0, at<f64>(info, 0) + <f64>sweeps);
      return i + 1;
    }
    sweeps++;
    waiting++;
    if (waiting % PATIENCE == 0) {
      const p = 2 * (i * ld + i);
      put<f64>(shifts, 0, at<f64>(h, p) + EXCEPTIONAL * modulus(at<f64>(h, p - 2), at<f64>(h, p - 1)));
      put<f64>(shifts, 1, at<f64>(h, p + 1));
    } else wilkinsonShift(h, ld, i, shifts, 0);
    sweep(h, ld, start, i, whole ? 0 : start, whole ? last : i, q, qRows, shifts, 0, 1, rot);
  }
  put<f64>(info, 0, at<f64>(info, 0) + <f64>sweeps);
  return 0;
}
