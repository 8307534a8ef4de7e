/** Blocks of every stored type of ggml against the Python package gguf, bit for bit. */
import { expect, it } from 'vitest';
import { GGML_TYPES } from '../../src/formats/gguf/types.ts';
import { eachBackend } from '../support/backends.ts';
import { fromBase64 } from '../support/base64.ts';
import golden from './gguf-blocks.json' with { type: 'json' };

eachBackend('blocks of ggml', ({ kernels, memory }) => {
  it.each(golden.cases)('$type', ({ type, code, blocks, numbers }) => {
    const { elements, bytes, ...known } = GGML_TYPES.get(type)!;
    expect(known.code).toBe(code);
    const stored = fromBase64(blocks);
    const count = stored.length / bytes;
    memory.scope(() => {
      const [src, dst] = [memory.allocate('u8', stored.length), memory.allocate('f32', count * elements)];
      src.view().set(stored);
      kernels.dequantise({ src, dst, blocks: count, type: code });
      expect([...new Uint32Array(dst.view().slice().buffer)]).toEqual([...new Uint32Array(fromBase64(numbers).buffer)]);
    });
  });
});
