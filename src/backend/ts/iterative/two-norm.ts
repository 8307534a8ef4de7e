/** Sums of squares between these neither overflowed nor lost anything to underflow. */
const SMALLEST_SQUARE = 1e-270;
const LARGEST_SQUARE = 1e300;

/**
 * ‖x‖₂ of n numbers, free of overflow; NaN if x holds one. Squares are added in four lanes, i mod 4.
 *
 * @accuracy (n/4 + 5)·u relative; parity exact.
 */
export function twoNorm(n: number, x: Float64Array): number {
  const squares = sumOfSquares(n, x, 1);
  if (squares >= SMALLEST_SQUARE && squares <= LARGEST_SQUARE) return Math.sqrt(squares);
  let largest = 0;
  for (let i = 0; i < n; i++) if (Math.abs(x[i]!) > largest) largest = Math.abs(x[i]!);
  if (largest === 0 || largest === Infinity) return squares + largest;
  return largest * Math.sqrt(sumOfSquares(n, x, largest));
}

function sumOfSquares(n: number, x: Float64Array, unit: number): number {
  const sums = [0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const value = x[i]! / unit;
    sums[i & 3] = sums[i & 3]! + value * value;
  }
  return sums[0]! + sums[1]! + sums[2]! + sums[3]!;
}
