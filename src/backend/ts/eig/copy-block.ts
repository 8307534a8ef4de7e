/** rows × count numbers of a at a[p] (rows la apart) to b[q] (rows lb apart). */
export function copyBlock(
  a: Float64Array,
  p: number,
  la: number,
  b: Float64Array,
  q: number,
  lb: number,
  rows: number,
  count: number,
): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < count; j++) b[q + i * lb + j] = a[p + i * la + j]!;
  }
}
