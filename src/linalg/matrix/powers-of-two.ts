const BITS = new DataView(new ArrayBuffer(8));

/** floor(log₂ x) of a positive finite x. */
export function exponentOf(x: number): number {
  if (x < 2 ** -1022) return exponentOf(x * 2 ** 60) - 60;
  BITS.setFloat64(0, x);
  return ((BITS.getUint16(0) >> 4) & 0x7ff) - 1023;
}

/** x·2^k for any integer k: exact, or ±∞, or rounded once where the result is subnormal. */
export function timesPowerOfTwo(x: number, k: number): number {
  let value = x;
  let rest = Math.max(Math.min(k, 4000), -4000);
  for (; rest > 1000; rest -= 1000) value *= 2 ** 1000;
  // Downwards the first steps must not round: they stop while the value is still normal.
  for (; rest < -1000 && Math.abs(value) >= 1; rest += 1000) value *= 2 ** -1000;
  return rest < -1074 ? value * 2 ** -1074 * 2 ** -1074 : value * 2 ** rest;
}

/** {@link timesPowerOfTwo} of every element. */
export function allTimesPowerOfTwo(x: Float64Array, k: number): Float64Array {
  if (Math.abs(k) > 1000) return x.map((value) => timesPowerOfTwo(value, k));
  const factor = 2 ** k;
  const result = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) result[i] = x[i]! * factor;
  return result;
}

/** The largest |x_i|, 0 if there is none, NaN or ∞ if one is not finite. */
export function largestOf(x: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i]!));
  return largest;
}
