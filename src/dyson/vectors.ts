/** ⟨a, b⟩, summed from left to right. */
export function dot(a: Float64Array, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** y += x */
export function addTo(y: Float64Array, x: Float64Array): void {
  for (let i = 0; i < y.length; i++) y[i]! += x[i]!;
}
