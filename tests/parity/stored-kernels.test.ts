import { describe, it } from 'vitest';
import { GGML_TYPES } from '../../src/formats/gguf/types.ts';
import { expectSameBits } from '../support/guarded-blocks.ts';

/** Where a block holds its binary16 numbers, which are to be finite here: two NaNs may differ in their bits. */
const HALVES: Readonly<Record<string, readonly number[]>> = {
  Q4_0: [0],
  Q4_1: [0, 2],
  Q5_0: [0],
  Q5_1: [0, 2],
  Q8_0: [0],
  IQ4_NL: [0],
  Q2_K: [80, 82],
  Q3_K: [108],
  Q4_K: [0, 2],
  Q5_K: [0, 2],
  Q6_K: [208],
  IQ4_XS: [0],
};

describe('stored types give the same bits from both backends', () => {
  it.each(Object.entries(HALVES).flatMap(([type, halves]) => [0, 1, 50].map((n) => ({ type, halves, n }))))(
    '$n blocks of $type',
    ({ type, halves, n }) => {
      const { code, elements, bytes } = GGML_TYPES.get(type)!;
      let state = 0x9e3779b9 + code;
      const blocks = Uint8Array.from({ length: n * bytes }, (_, i) => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        const byte = state >>> 24;
        return halves.some((at) => i % bytes === at + 1) && (byte & 0x7c) === 0x7c ? byte & 0xbf : byte;
      });
      expectSameBits(({ kernels }, put) => {
        const dst = put('f32', n * elements);
        kernels.dequantise({ src: put('u8', blocks), dst, blocks: n, type: code });
        return [dst];
      });
    },
  );
});
