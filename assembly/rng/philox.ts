/** Philox 4x32-10. Mathematics, counter layout and source: src/core/philox.ts. */
import { put } from '../layout';

const MULTIPLIER_0: u64 = 0xd2511f53;
const MULTIPLIER_1: u64 = 0xcd9e8d57;
const WEYL_0: u32 = 0x9e3779b9;
const WEYL_1: u32 = 0xbb67ae85;
const ROUNDS: i32 = 10;

// @ts-ignore: decorator
@inline
function unitInterval(high: u32, low: u32): f64 {
  return (<f64>(high >>> 5) * 67108864.0 + <f64>(low >>> 6)) * 1.1102230246251565e-16;
}

/** dst[i] = uniform number first+i of the stream, i < n. */
export function philoxUniform(dst: usize, seed: u64, stream: u64, first: u64, n: i32): i32 {
  const end = first + <u64>n;
  for (let block = first >> 1; (block << 1) < end; block++) {
    let w0 = <u32>block;
    let w1 = <u32>(block >> 32);
    let w2 = <u32>stream;
    let w3 = <u32>(stream >> 32);
    let k0 = <u32>seed;
    let k1 = <u32>(seed >> 32);
    for (let round = 0; round < ROUNDS; round++) {
      const product0 = MULTIPLIER_0 * <u64>w0;
      const product1 = MULTIPLIER_1 * <u64>w2;
      w0 = <u32>(product1 >> 32) ^ w1 ^ k0;
      w1 = <u32>product1;
      w2 = <u32>(product0 >> 32) ^ w3 ^ k1;
      w3 = <u32>product0;
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
    const i = <i32>((block << 1) - first);
    if (i >= 0) put<f64>(dst, i, unitInterval(w0, w1));
    if (i + 1 < n) put<f64>(dst, i + 1, unitInterval(w2, w3));
  }
  return 0;
}
