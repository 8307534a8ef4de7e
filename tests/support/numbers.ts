import { expect } from 'vitest';

/** Two-sided and NaN-proof: |actual − expected| ≤ tolerance. */
export function expectClose(actual: number, expected: number, tolerance: number, what = 'value'): void {
  const error = Math.abs(actual - expected);
  expect(error <= tolerance, `${what}: ${actual} differs from ${expected} by ${error} > ${tolerance}`).toBe(true);
}

/** Largest |actual[i] − expected[i]|; NaN if either holds one. */
export function maxError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.NaN;
  let largest = 0;
  for (let i = 0; i < actual.length; i++) {
    const error = Math.abs(actual[i]! - expected[i]!);
    if (!(error <= largest)) largest = error;
  }
  return largest;
}

/** Bits of a typed array, for comparisons that tell −0 from 0 and one NaN from another. */
export function bitsOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength).slice();
}

/** Deterministic numbers in [−1, 1): a linear congruential generator (Knuth's MMIX constants, high half). */
export function testNumbers(length: number, seed = 1): Float64Array {
  let state = BigInt(seed);
  return Float64Array.from({ length }, () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return Number(state >> 11n) / 2 ** 52 - 1;
  });
}
