/** The inner loops of the real Hessenberg reduction: a row is updated and read for the next step while it is in registers. */

/** row ← row − ν w − η v; then, of the new row, next ← next + x·row and y = Σ_j row_j u_j, even and odd terms apart. */
export function updateRow(
  a: Float64Array,
  p: number,
  count: number,
  nu: number,
  w: Float64Array,
  ow: number,
  eta: number,
  v: Float64Array,
  ov: number,
  x: number,
  next: Float64Array,
  on: number,
  u: Float64Array,
  ou: number,
  y: Float64Array,
  oy: number,
): void {
  let even = 0.0;
  let odd = 0.0;
  for (let j = 0; j < count; j++) {
    const row = a[p + j]! - nu * w[ow + j]! - eta * v[ov + j]!;
    a[p + j] = row;
    next[on + j] = next[on + j]! + x * row;
    if ((j & 1) === 0) even += u[ou + j]! * row;
    else odd += u[ou + j]! * row;
  }
  y[oy] = even + odd;
}

/** row ← row − ν w, then next ← next + x·row. */
export function updateFactor(
  a: Float64Array,
  p: number,
  count: number,
  nu: number,
  w: Float64Array,
  ow: number,
  x: number,
  next: Float64Array,
  on: number,
): void {
  for (let j = 0; j < count; j++) {
    const row = a[p + j]! - nu * w[ow + j]!;
    a[p + j] = row;
    next[on + j] = next[on + j]! + x * row;
  }
}
