/**
 * The complex triangular solves, by the forward substitution of triangular.ts. Rows go in blocks of three: from b_i the products
 * with all x before the block are subtracted as one number, (rr − ii) + i(ir + ri) with the four real sums of a complex product;
 * within the block each term is subtracted by itself, Re m first. The reciprocal 1/m_ii is R. L. Smith's.
 *
 * @source N. J. Higham, Accuracy and Stability of Numerical Algorithms (2002), § 8.1 and § 27.8 (complex division).
 */
import type { Walk } from './triangular.ts';

const BLOCK = 3;

/** 1/(re + i·im). */
function reciprocal(re: number, im: number): [number, number] {
  if (Math.abs(re) >= Math.abs(im)) {
    const q = im / re;
    const d = re + im * q;
    return [1 / d, -(q / d)];
  }
  const q = re / im;
  const d = re * q + im;
  return [q / d, -(1 / d)];
}

/** B becomes X; `sign` −1 conjugates A. */
export function complexSolveTriangular(
  { startM, rowM, columnM, startX, along, beside }: Walk,
  sign: number,
  unit: boolean,
  n: number,
  count: number,
  a: Float64Array,
  b: Float64Array,
): void {
  for (let i = 0; i < n; i++) {
    const block = i - (i % BLOCK);
    const rowOfM = startM + i * rowM;
    const pivot = 2 * (rowOfM + i * columnM);
    const [wRe, wIm] = unit ? [1, 0] : reciprocal(a[pivot]!, a[pivot + 1]! * sign);
    for (let r = 0; r < count; r++) {
      const column = startX + r * beside;
      let [rr, ri, ir, ii] = [0, 0, 0, 0];
      for (let p = 0; p < block; p++) {
        const m = 2 * (rowOfM + p * columnM);
        const x = 2 * (column + p * along);
        rr += a[m]! * b[x]!;
        ri += a[m]! * b[x + 1]!;
        ir += a[m + 1]! * sign * b[x]!;
        ii += a[m + 1]! * sign * b[x + 1]!;
      }
      const at = 2 * (column + i * along);
      let re = b[at]! - (rr - ii);
      let im = b[at + 1]! - (ri + ir);
      for (let p = block; p < i; p++) {
        const m = 2 * (rowOfM + p * columnM);
        const x = 2 * (column + p * along);
        const mIm = a[m + 1]! * sign;
        re = re - a[m]! * b[x]! + mIm * b[x + 1]!;
        im = im - a[m]! * b[x + 1]! - mIm * b[x]!;
      }
      b[at] = wRe * re - wIm * im;
      b[at + 1] = wRe * im + wIm * re;
    }
  }
}
