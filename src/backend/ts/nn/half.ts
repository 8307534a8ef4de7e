const word = new Uint32Array(1);
const single = new Float32Array(word.buffer);

/** Bits of the f32 equal to a binary16 number: 2^(e−15)·(1 + m/1024) for e > 0, m·2⁻²⁴ for e = 0 (IEEE 754-2019, 3.6). */
export function widenF16(h: number): number {
  const sign = (h & 0x8000) << 16;
  const exponent = (h >> 10) & 0x1f;
  const mantissa = h & 0x3ff;
  if (exponent === 0x1f) return sign | 0x7f800000 | (mantissa << 13);
  if (exponent > 0) return sign | ((exponent + 112) << 23) | (mantissa << 13);
  single[0] = mantissa * 5.9604644775390625e-8;
  return sign | word[0]!;
}

/** The binary16 number in two bytes, the lower first. */
export function halfAt(bytes: Uint8Array, at: number): number {
  word[0] = widenF16(bytes[at]! | (bytes[at + 1]! << 8));
  return single[0]!;
}
