/** Numbers of IEEE binary16. */

/** Bits of the f32 equal to a binary16 number; subnormals are rebuilt from their integer mantissa, which is exact in f32. */
export function widenF16(h: u32): u32 {
  const sign = (h & 0x8000) << 16;
  const exponent = (h >> 10) & 0x1f;
  const mantissa = h & 0x3ff;
  if (exponent == 0x1f) return sign | 0x7f800000 | (mantissa << 13);
  if (exponent > 0) return sign | ((exponent + 112) << 23) | (mantissa << 13);
  return sign | reinterpret<u32>(<f32>mantissa * <f32>5.9604644775390625e-8);
}

/** The binary16 number at an address, which need not be even. */
export function halfAt(address: usize): f32 {
  return reinterpret<f32>(widenF16(<u32>load<u16>(address)));
}
