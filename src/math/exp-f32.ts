/**
 * Exponential in f32 arithmetic, every operation rounded: the reduction of exp.ts with k·LN2_HIGH exact in 24 bits, and
 * e^r = 1 + r + r²·P(r), P the minimax polynomial of degree 4 (relative error 3e-9).
 *
 * @accuracy within 1 ulp of f32 for normal results (tests/unit/elementary.test.ts).
 * @source as exp.ts; P from scripts/minimax.py.
 */
const round = Math.fround;

const LOG2_E = round(Math.LOG2E);
/** ln 2 to 16 significant bits. */
const LN2_HIGH = 0.693145751953125;
const LN2_LOW = round(1.428606820309417e-6);
/** Adding and subtracting 1.5·2²³ rounds to the nearest integer, ties to even. */
const ROUND = 12582912;
const OVERFLOW = round(88.72283172607422);
const UNDERFLOW = round(-103.97207641601562);
const C0 = 0.4999999403953552;
const C1 = 0.1666652113199234;
const C2 = 0.04166838899254799;
const C3 = 0.008368716575205326;
const C4 = 0.001381459878757596;

const bits = new Int32Array(1);
const value = new Float32Array(bits.buffer);

/** 2^k for −126 ≤ k ≤ 127. */
function twoTo(k: number): number {
  bits[0] = (k + 127) << 23;
  return value[0]!;
}

/** e^x for an x of f32. */
export function expF32(x: number): number {
  // biome-ignore lint/suspicious/noSelfCompare: NaN is the only value that differs from itself
  if (x !== x) return x;
  if (x > OVERFLOW) return Infinity;
  if (x < UNDERFLOW) return 0;
  const k = round(round(round(x * LOG2_E) + ROUND) - ROUND);
  const r = round(round(x - round(k * LN2_HIGH)) - round(k * LN2_LOW));
  const r2 = round(r * r);
  const low = round(round(C0 + round(C1 * r)) + round(round(C2 + round(C3 * r)) * r2));
  const p = round(low + round(C4 * round(r2 * r2)));
  const y = round(round(round(p * r2) + r) + 1);
  const half = k >> 1;
  return round(round(y * twoTo(half)) * twoTo(k - half));
}

/** dst[i] = e^src[i]. */
export function mapExpF32(src: Float32Array, dst: Float32Array, n: number): void {
  for (let i = 0; i < n; i++) dst[i] = expF32(src[i]!);
}
