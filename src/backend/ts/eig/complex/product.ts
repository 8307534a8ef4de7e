/** Products of complex matrices, row-major, every element one left-to-right sum. */

/** Columns that are summed together. */
const COLUMNS: number = 4;

/** Shapes of b that {@link multiply} knows: zeros it need not add. */
export const FULL: number = 0;
export const UPPER: number = 1;
export const LOWER: number = 2;

/** rows × columns block of c = a b with `inner` terms; blocks begin at a[pa], b[pb], c[pc], rows are la, lb, lc numbers apart. */
export function multiply(
  a: Float64Array,
  pa: number,
  la: number,
  b: Float64Array,
  pb: number,
  lb: number,
  c: Float64Array,
  pc: number,
  lc: number,
  rows: number,
  inner: number,
  columns: number,
  shape: number,
): void {
  for (let j = 0; j < columns; j += COLUMNS) {
    const from = shape === LOWER ? j : 0;
    const to = shape === UPPER ? Math.min(inner, j + COLUMNS) : inner;
    for (let i = 0; i < rows; i++) {
      const row = pa + i * la;
      for (let l = j; l < Math.min(j + COLUMNS, columns); l++) {
        let rr = 0.0;
        let ri = 0.0;
        let ir = 0.0;
        let ii = 0.0;
        for (let k = from; k < to; k++) {
          const ar = a[row + 2 * k]!;
          const ai = a[row + 2 * k + 1]!;
          const br = b[pb + k * lb + 2 * l]!;
          const bi = b[pb + k * lb + 2 * l + 1]!;
          rr += ar * br;
          ri += ar * bi;
          ir += ai * br;
          ii += ai * bi;
        }
        c[pc + i * lc + 2 * l] = rr - ii;
        c[pc + i * lc + 2 * l + 1] = ri + ir;
      }
    }
  }
}
