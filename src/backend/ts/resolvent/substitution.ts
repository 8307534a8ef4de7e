/**
 * One half step of the bidiagonalisation for one point z: a triangular solve M x = scale·b, then y ← x − ratio·y. Away from its
 * diagonal −M is `triangle` (n×n, row-major, interleaved); the diagonal of M is the reciprocal of `reciprocals`.
 *
 * `down`: M is lower triangular, its rows are solved in the order 0, 1, … and the reciprocals are conjugated (M = (z − T)*);
 * otherwise M is upper triangular and the order is n−1, n−2, … (M = z − T). The sums of a row, one for each of the four
 * real products, run in the order in which its unknowns become known.
 *
 * @returns ‖y‖².
 * @cost 4n² flops
 * @accuracy parity exact.
 */
export function substitute(
  down: boolean,
  n: number,
  triangle: Float64Array,
  reciprocals: Float64Array,
  x: Float64Array,
  b: Float64Array,
  scale: number,
  y: Float64Array,
  ratio: number,
): number {
  const step = down ? 2 : -2;
  const first = down ? 0 : 2 * (n - 1);
  let norm = 0;
  for (let p = 0, at = first; p < n; p++, at += step) {
    let rr = scale * b[at]!;
    let ri = scale * b[at + 1]!;
    let ii = 0;
    let ir = 0;
    const row = at * n;
    for (let j = first; j !== at; j += step) {
      const mr = triangle[row + j]!;
      const mi = triangle[row + j + 1]!;
      const xr = x[j]!;
      const xi = x[j + 1]!;
      rr += mr * xr;
      ri += mr * xi;
      ii += mi * xi;
      ir += mi * xr;
    }
    const sr = rr - ii;
    const si = ri + ir;
    const er = reciprocals[at]!;
    const ei = down ? -reciprocals[at + 1]! : reciprocals[at + 1]!;
    const xr = sr * er - si * ei;
    const xi = sr * ei + si * er;
    x[at] = xr;
    x[at + 1] = xi;
    const yr = xr - ratio * y[at]!;
    const yi = xi - ratio * y[at + 1]!;
    y[at] = yr;
    y[at + 1] = yi;
    norm += yr * yr;
    norm += yi * yi;
  }
  return norm;
}
