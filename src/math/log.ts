/**
 * Natural logarithm: x = 2^k·(1+f) with 1+f in [√½, √2), s = f/(2+f), and
 * log(1+f) = f − f²/2 + s·(f²/2 + R), R = Σ_{j=1…10} 2 s^{2j}/(2j+1) (the series of 2 artanh s without its first term).
 *
 * @accuracy within 1 ulp (tests/unit/elementary.test.ts).
 * @source J.-M. Muller, Elementary Functions (2016), ch. 11; the arrangement that keeps f exact is K. C. Ng's (1986).
 */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const SMALLEST_NORMAL = 2.2250738585072014e-308;
const TWO_54 = 18014398509481984;

const value = new Float64Array(1);
const words = new Uint32Array(value.buffer);

export function log(x: number): number {
  // biome-ignore lint/suspicious/noSelfCompare: NaN is the only value that differs from itself
  if (x !== x || x < 0) return NaN;
  if (x === 0) return -Infinity;
  if (x === Infinity) return x;
  let k = -1023;
  if (x < SMALLEST_NORMAL) {
    x = x * TWO_54;
    k = k - 54;
  }
  value[0] = x;
  k = k + (words[1]! >>> 20);
  words[1] = (words[1]! & 0xfffff) | 0x3ff00000;
  let m = value[0]!;
  if (m > Math.SQRT2) {
    m = m * 0.5;
    k = k + 1;
  }
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  let r = 2 / 21;
  r = r * z + 2 / 19;
  r = r * z + 2 / 17;
  r = r * z + 2 / 15;
  r = r * z + 2 / 13;
  r = r * z + 2 / 11;
  r = r * z + 2 / 9;
  r = r * z + 2 / 7;
  r = r * z + 2 / 5;
  r = r * z + 2 / 3;
  r = r * z;
  const h = 0.5 * f * f;
  return k * LN2_HIGH - (h - (s * (h + r) + k * LN2_LOW) - f);
}

/** dst[i] = ln src[i]. */
export function mapLog(src: Float64Array, dst: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) dst[i] = log(src[i]!);
}
