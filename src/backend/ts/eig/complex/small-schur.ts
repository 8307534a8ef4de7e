/**
 * The QR algorithm with one shift per sweep, for blocks that are not worth a chain.
 *
 * Shift: the eigenvalue of the trailing 2×2 block that lies nearer its last element (Wilkinson). Deflation: |h_k,k−1| ≤
 * u·(|h_k−1,k−1| + |h_kk|) together with the stricter test of Ahues and Tisseur on the 2×2 block. Every tenth sweep without
 * deflation takes an exceptional shift.
 *
 * @source J. G. F. Francis, Comput. J. 4 (1961) 265; J. H. Wilkinson, The Algebraic Eigenvalue Problem (1965), ch. 8;
 * M. Ahues, F. Tisseur, LAPACK Working Note 122 (1997).
 */
import { modulus, oneNorm, squareRoot } from '../../../../math/complex-pairs.ts';
import { sweep } from './sweep.ts';

const ULP: number = 2.220446049250313e-16;
/** Smallest normal number over ULP: below it a subdiagonal element is zero whatever its neighbours. */
const TINY: number = 1.0020841800044864e-292;
/** Sweeps without a deflation after which the shift is exceptional. */
const PATIENCE: number = 10;
/** Number of an exceptional shift: |h_i,i−1| times this is added to h_ii. */
const EXCEPTIONAL: number = 0.75;

/** Whether h_k,k−1 may be set to zero. */
export function negligible(h: Float64Array, ld: number, lo: number, hi: number, k: number): boolean {
  const p = 2 * (k * ld + k);
  const above = p - 2 * ld;
  const sub = oneNorm(h[p - 2]!, h[p - 1]!);
  if (sub <= TINY) return true;
  const d0 = oneNorm(h[above - 2]!, h[above - 1]!);
  const d1 = oneNorm(h[p]!, h[p + 1]!);
  let size = d0 + d1;
  if (size === 0) {
    if (k - 2 >= lo) size += oneNorm(h[above - 4]!, h[above - 3]!);
    if (k + 1 <= hi) size += oneNorm(h[p + 2 * ld]!, h[p + 2 * ld + 1]!);
  }
  if (sub > ULP * size) return false;
  const sup = oneNorm(h[above]!, h[above + 1]!);
  const gap = oneNorm(h[above - 2]! - h[p]!, h[above - 1]! - h[p + 1]!);
  const large = Math.max(d1, gap);
  const small = Math.min(d1, gap);
  const strong = Math.max(sub, sup);
  const total = large + strong;
  return Math.min(sub, sup) * (strong / total) <= Math.max(TINY, ULP * (small * (large / total)));
}

/** The first row of the unreduced block that ends in row i: sets the element before it to zero if it is negligible. */
export function blockStart(h: Float64Array, ld: number, lo: number, hi: number, i: number): number {
  let k = i;
  while (k > lo && !negligible(h, ld, lo, hi, k)) k--;
  if (k > lo) {
    const p = 2 * (k * ld + k - 1);
    h[p] = 0;
    h[p + 1] = 0;
  }
  return k;
}

/** Wilkinson's shift for the block that ends in row i, into out[o]: with δ = (a−d)/2 and ρ² = δ² + bc it is d − bc/(δ±ρ). */
export function wilkinsonShift(h: Float64Array, ld: number, i: number, out: Float64Array, o: number): void {
  const p = 2 * (i * ld + i);
  const above = p - 2 * ld;
  const size = Math.max(oneNorm(h[above]!, h[above + 1]!), oneNorm(h[p - 2]!, h[p - 1]!));
  const dr = 0.5 * (h[above - 2]! - h[p]!);
  const di = 0.5 * (h[above - 1]! - h[p + 1]!);
  const scale = Math.max(size, oneNorm(dr, di));
  out[o] = h[p]!;
  out[o + 1] = h[p + 1]!;
  if (scale === 0) return;
  const br = h[above]! / scale;
  const bi = h[above + 1]! / scale;
  const cr = h[p - 2]! / scale;
  const ci = h[p - 1]! / scale;
  const productR = br * cr - bi * ci;
  const productI = br * ci + bi * cr;
  if (productR === 0 && productI === 0) return;
  const er = dr / scale;
  const ei = di / scale;
  squareRoot(er * er - ei * ei + productR, 2 * er * ei + productI, out, o + 2);
  let rr = out[o + 2]!;
  let ri = out[o + 3]!;
  if (er * rr + ei * ri < 0) {
    rr = -rr;
    ri = -ri;
  }
  rr += er;
  ri += ei;
  const square = rr * rr + ri * ri;
  out[o] = out[o]! - scale * ((productR * rr + productI * ri) / square);
  out[o + 1] = out[o + 1]! - scale * ((productI * rr - productR * ri) / square);
}

/**
 * Brings rows and columns lo…hi of h to triangular form; `whole` says that all of h's columns up to `last` and rows from 0
 * take part (Schur form), or only the block (eigenvalues). Gives back 0, or k > 0 if rows lo … k−1 have not converged
 * within `limit` sweeps. Adds the sweeps to info[0]. shifts: 4 numbers.
 */
export function smallSchur(
  h: Float64Array,
  ld: number,
  lo: number,
  hi: number,
  last: number,
  whole: boolean,
  q: Float64Array,
  qRows: number,
  limit: number,
  shifts: Float64Array,
  rot: Float64Array,
  info: Float64Array,
): number {
  let sweeps = 0;
  let waiting = 0;
  let i = hi;
  while (i >= lo) {
    const start = blockStart(h, ld, lo, hi, i);
    if (start === i) {
      i--;
      waiting = 0;
      continue;
    }
    if (sweeps >= limit) {
      info[0] = info[0]! + sweeps;
      return i + 1;
    }
    sweeps++;
    waiting++;
    if (waiting % PATIENCE === 0) {
      const p = 2 * (i * ld + i);
      shifts[0] = h[p]! + EXCEPTIONAL * modulus(h[p - 2]!, h[p - 1]!);
      shifts[1] = h[p + 1]!;
    } else wilkinsonShift(h, ld, i, shifts, 0);
    sweep(h, ld, start, i, whole ? 0 : start, whole ? last : i, q, qRows, shifts, 0, 1, rot);
  }
  info[0] = info[0]! + sweeps;
  return 0;
}
