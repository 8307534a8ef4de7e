/** The inner loops of the Hessenberg reduction: a row is updated and read for the next step while it is in registers. */

/**
 * row ← row − ν w − η v̄ with scalars ν = (vr, vi), η = (yr, yi); then, of the new row, next ← next + x̄·row with x = (xr, xi)
 * and y = Σ_j row_j u_j.
 */
export function updateRow(
  a: Float64Array,
  p: number,
  count: number,
  vr: number,
  vi: number,
  w: Float64Array,
  ow: number,
  yr: number,
  yi: number,
  v: Float64Array,
  ov: number,
  xr: number,
  xi: number,
  next: Float64Array,
  on: number,
  u: Float64Array,
  ou: number,
  y: Float64Array,
  oy: number,
): void {
  let rr = 0.0;
  let ri = 0.0;
  let ir = 0.0;
  let ii = 0.0;
  for (let j = 0; j < 2 * count; j += 2) {
    const wr = w[ow + j]!;
    const wi = w[ow + j + 1]!;
    const br = v[ov + j]!;
    const bi = v[ov + j + 1]!;
    const re = a[p + j]! - vr * wr + vi * wi - yr * br - yi * bi;
    const im = a[p + j + 1]! - vr * wi - vi * wr + yr * bi - yi * br;
    a[p + j] = re;
    a[p + j + 1] = im;
    next[on + j] = next[on + j]! + xr * re + xi * im;
    next[on + j + 1] = next[on + j + 1]! + xr * im - xi * re;
    const ur = u[ou + j]!;
    const ui = u[ou + j + 1]!;
    rr += ur * re;
    ri += ur * im;
    ir += ui * re;
    ii += ui * im;
  }
  y[oy] = rr - ii;
  y[oy + 1] = ri + ir;
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
