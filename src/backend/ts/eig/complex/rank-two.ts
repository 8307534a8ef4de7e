/** The inner loops of the Hessenberg reduction: rows are updated and read for the next step while it is in registers. */

/**
 * For `rows` rows, the first at a[p], `lane` numbers apart: row ← row − ν w − η v̄; then, of the new row, next ← next + x̄·row and
 * η = Σ_j row_j u_j. Each row has a ν, x, η of its own, at nu[on…], x[ox…], eta[oe…]; v and x lie in one array, so do w, next, η
 * (offsets ow, oa, oe), and u is x's row from ou on.
 */
export function updateRows(
  a: Float64Array,
  p: number,
  lane: number,
  rows: number,
  count: number,
  nu: Float64Array,
  on: number,
  v: Float64Array,
  ov: number,
  ox: number,
  ou: number,
  work: Float64Array,
  ow: number,
  oa: number,
  oe: number,
): void {
  for (let r = 0; r < rows; r++) {
    const row = p + r * lane;
    const vr = nu[on + 2 * r]!;
    const vi = nu[on + 2 * r + 1]!;
    const xr = v[ox + 2 * r]!;
    const xi = v[ox + 2 * r + 1]!;
    const yr = work[oe + 2 * r]!;
    const yi = work[oe + 2 * r + 1]!;
    let rr = 0.0;
    let ri = 0.0;
    let ir = 0.0;
    let ii = 0.0;
    for (let j = 0; j < 2 * count; j += 2) {
      const wr = work[ow + j]!;
      const wi = work[ow + j + 1]!;
      const br = v[ov + j]!;
      const bi = v[ov + j + 1]!;
      const re = a[row + j]! - vr * wr + vi * wi - yr * br - yi * bi;
      const im = a[row + j + 1]! - vr * wi - vi * wr + yr * bi - yi * br;
      a[row + j] = re;
      a[row + j + 1] = im;
      work[oa + j] = work[oa + j]! + xr * re + xi * im;
      work[oa + j + 1] = work[oa + j + 1]! + xr * im - xi * re;
      const ur = v[ou + j]!;
      const ui = v[ou + j + 1]!;
      rr += ur * re;
      ri += ur * im;
      ir += ui * re;
      ii += ui * im;
    }
    work[oe + 2 * r] = rr - ii;
    work[oe + 2 * r + 1] = ri + ir;
  }
}

/** row ← row − ν w, then next ← next + x̄·row. */
export function updateFactor(
  a: Float64Array,
  p: number,
  count: number,
  vr: number,
  vi: number,
  w: Float64Array,
  ow: number,
  xr: number,
  xi: number,
  next: Float64Array,
  on: number,
): void {
  for (let j = 0; j < 2 * count; j += 2) {
    const wr = w[ow + j]!;
    const wi = w[ow + j + 1]!;
    const re = a[p + j]! - vr * wr + vi * wi;
    const im = a[p + j + 1]! - vr * wi - vi * wr;
    a[p + j] = re;
    a[p + j + 1] = im;
    next[on + j] = next[on + j]! + xr * re + xi * im;
    next[on + j + 1] = next[on + j + 1]! + xr * im - xi * re;
  }
}
