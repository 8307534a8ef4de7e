/**
 * y_i = Σ_k c_k x_{k·stride+i} from left to right.
 *
 * @accuracy |error| ≤ count·u·Σ|c_k x_k| element by element; parity exact.
 */
export function weightedSum(
  count: number,
  length: number,
  coefficients: Float64Array,
  x: Float64Array,
  stride: number,
  y: Float64Array,
): void {
  for (let i = 0; i < length; i++) {
    let sum = coefficients[0]! * x[i]!;
    for (let k = 1; k < count; k++) sum += coefficients[k]! * x[k * stride + i]!;
    y[i] = sum;
  }
}
