/** Four inner products with one vector, not conjugated, each a left-to-right sum. */

/** out[o + 2g …] = Σ_j t_j x_j for the vectors g = 0…3 that begin at x[px + g·lane]. */
export function dots(
  t: Float64Array,
  pt: number,
  x: Float64Array,
  px: number,
  lane: number,
  count: number,
  out: Float64Array,
  o: number,
): void {
  for (let g = 0; g < 4; g++) {
    const p = px + g * lane;
    let rr = 0.0;
    let ri = 0.0;
    let ir = 0.0;
    let ii = 0.0;
    for (let j = 0; j < 2 * count; j += 2) {
      const tr = t[pt + j]!;
      const ti = t[pt + j + 1]!;
      const xr = x[p + j]!;
      const xi = x[p + j + 1]!;
      rr += tr * xr;
      ri += tr * xi;
      ir += ti * xr;
      ii += ti * xi;
    }
    out[o + 2 * g] = rr - ii;
    out[o + 2 * g + 1] = ri + ir;
  }
}
