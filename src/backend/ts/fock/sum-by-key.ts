/**
 * Adds values up by key, the rounding errors beside: sums[2k] and sums[2k+1] of key k.
 *
 * @accuracy sum and error together: relative error about u + n²u²·cond for n values of a key.
 * @source A. Neumaier, ZAMM 54 (1974) 39–51.
 */
export function sumByKey(keys: Int32Array, values: Float64Array, count: number, sums: Float64Array): void {
  for (let i = 0; i < count; i++) {
    const own = 2 * keys[i]!;
    const value = values[i]!;
    const sum = sums[own]!;
    const total = sum + value;
    const larger = Math.abs(sum) >= Math.abs(value);
    const a = larger ? sum : value;
    const b = larger ? value : sum;
    sums[own] = total;
    sums[own + 1] = sums[own + 1]! + (a - total + b);
  }
}
