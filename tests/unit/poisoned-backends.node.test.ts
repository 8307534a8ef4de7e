import { expect, it } from 'vitest';
import { openBackend } from '../../src/backend/open.ts';
import { twinBackend } from '../../src/backend/twin.ts';
import { wasmBackend } from '../support/backends.ts';

it('under Node every backend runs on poisoned memory', async () => {
  for (const { memory } of [wasmBackend, await openBackend()]) {
    const block = memory.allocate('f64', 2);
    const { buffer, byteOffset, byteLength } = block.view();
    expect(new Float64Array(buffer, byteOffset + byteLength, 1)[0]).toBeNaN();
    const behind = new Uint8Array(buffer, byteOffset + byteLength, 1);
    const before = behind[0]!;
    behind[0] = before + 1;
    expect(() => memory.release(block)).toThrow('only a block of 16 bytes must be written, but byte 0 behind');
    behind[0] = before;
  }
  const { memory } = twinBackend();
  expect([...memory.scope(() => memory.allocate('f64', 1).view())]).toEqual([Number.NaN]);
});
