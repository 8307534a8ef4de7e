/**
 * Exponential: e^x = 2^k · e^r with k = round(x/ln 2), r = x − k·ln 2 in two parts (|r| ≤ 0.3466), and the Taylor
 * polynomial of degree 13 on r (truncation below 5e-18). The power of two is applied in two halves so that results
 * between the largest normal and ∞, and subnormal ones, need no branch.
 *
 * @accuracy within 1 ulp of the correctly rounded value for normal results (tests/unit/elementary.test.ts).
 * @source J.-M. Muller, Elementary Functions (2016), ch. 11: additive range reduction with a two-part constant.
 */
const LOG2_E = Math.LOG2E;
/** ln 2 to 33 significant bits, so that k·LN2_HIGH is exact. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
/** Adding and subtracting 1.5·2⁵² rounds to the nearest integer, ties to even. */
const ROUND = 6755399441055744;
const OVERFLOW = 709.782712893384;
const UNDERFLOW = -745.1332191019412;

const bits = new Uint32Array(2);
const value = new Float64Array(bits.buffer);

/** 2^k for −1022 ≤ k ≤ 1023. */
function twoTo(k: number): number {
  bits[0] = 0;
  bits[1] = (k + 1023) << 20;
  return value[0]!;
}

export function exp(x: number): number {
  // biome-ignore lint/suspicious/noSelfCompare: NaN is the only value that differs from itself
  if (x !== x) return x;
  if (x > OVERFLOW) return Infinity;
  if (x < UNDERFLOW) return 0;
  const k = x * LOG2_E + ROUND - ROUND;
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let p = 1 / 6227020800;
  p = p * r + 1 / 479001600;
  p = p * r + 1 / 39916800;
  p = p * r + 1 / 3628800;
  p = p * r + 1 / 362880;
  p = p * r + 1 / 40320;
  p = p * r + 1 / 5040;
  p = p * r + 1 / 720;
  p = p * r + 1 / 120;
  p = p * r + 1 / 24;
  p = p * r + 1 / 6;
  p = p * r + 0.5;
  p = p * (r * r) + r + 1;
  const half = k >> 1;
  return p * twoTo(half) * twoTo(k - half);
}

/** dst[i] = e^src[i]. */
export function mapExp(src: Float64Array, dst: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) dst[i] = exp(src[i]!);
}
