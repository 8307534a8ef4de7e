/**
 * Exponential: e^x = 2^k · e^r with k = round(x/ln 2), r = x − k·ln 2 in two parts (|r| ≤ 0.3466), and
 * e^r = 1 + r + r²·P(r), P the minimax polynomial of degree 9 (relative error 4e-18), summed in pairs so that few of its
 * operations wait for one another. The power of two is applied in two halves so that results between the largest normal and ∞,
 * and subnormal ones, need no branch.
 *
 * @accuracy within 1 ulp of the correctly rounded value for normal results (tests/unit/elementary.test.ts).
 * @source J.-M. Muller, Elementary Functions (2016), ch. 11: additive range reduction with a two-part constant; § 3.2, Remez'
 * exchange, made P (scripts/minimax.py); § 5.2, Estrin's scheme, sums it.
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
  const r2 = r * r;
  const r4 = r2 * r2;
  const low = 0.5000000000000011 + 0.16666666666666413 * r + (0.041666666666530155 + 0.008333333333494465 * r) * r2;
  const high =
    0.0013888888943630203 +
    0.0001984126950656992 * r +
    (2.4801493098807193e-5 + 2.7557586382096293e-6 * r) * r2 +
    (2.763024841517786e-7 + 2.5000058878116688e-8 * r) * r4;
  const p = (low + high * r4) * r2 + r + 1;
  const half = k >> 1;
  return p * twoTo(half) * twoTo(k - half);
}

/** dst[i] = e^src[i]. */
export function mapExp(src: Float64Array, dst: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) dst[i] = exp(src[i]!);
}
