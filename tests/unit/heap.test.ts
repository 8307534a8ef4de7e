import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Heap } from '../../src/backend/wasm/heap.ts';
import { BackendError, CapacityError } from '../../src/core/errors.ts';
import { eachBackend } from '../support/backends.ts';

const open = (maximum = 64) => new Heap(new WebAssembly.Memory({ initial: 1, maximum }), 100);

describe('Heap', () => {
  it('gives aligned, zeroed blocks that never overlap, and one span again when all are released', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ bytes: fc.nat(100_000), release: fc.nat(5) }), { maxLength: 40 }), (steps) => {
        const heap = open(256);
        const live = new Map<number, number>();
        for (const { bytes, release } of steps) {
          const address = heap.allocate(bytes);
          expect(address % 16).toBe(0);
          const block = new Uint8Array(heap.memory.buffer, address, bytes);
          expect(block.every((byte) => byte === 0)).toBe(true);
          block.fill(0xff);
          for (const [start, size] of live) expect(address + bytes <= start || start + size <= address).toBe(true);
          live.set(address, bytes);
          const victim = [...live.keys()][release];
          if (victim !== undefined) {
            heap.release(victim);
            live.delete(victim);
          }
        }
        for (const address of live.keys()) heap.release(address);
        expect(heap.bytesInUse).toBe(0);
        const whole = heap.memory.buffer.byteLength - 112;
        expect(heap.allocate(whole)).toBe(112);
      }),
      { numRuns: 60, seed: 20261121 },
    );
  });

  it('refuses what the memory cannot hold and stays usable', () => {
    const heap = open(2);
    expect(() => heap.allocate(3 * 65536)).toThrow(CapacityError);
    expect(() => heap.allocate(2 ** 33)).toThrow(CapacityError);
    expect(heap.bytesInUse).toBe(0);
    expect(heap.allocate(65536)).toBe(112);
  });

  it('refuses to release a block twice', () => {
    const heap = open();
    const address = heap.allocate(8);
    heap.release(address);
    expect(() => heap.release(address)).toThrow(BackendError);
  });
});

eachBackend('scopes', ({ memory }) => {
  it('release what was allocated in them, but for what is kept, also when the work throws', () => {
    const before = memory.bytesInUse;
    const kept = memory.scope((keep) => {
      memory.allocate('f64', 100);
      return memory.scope((keepInner) => keep(keepInner(memory.allocate('f32', 4))));
    });
    expect(memory.bytesInUse).toBe(before + 16);
    memory.release(kept);
    expect(() =>
      memory.scope(() => {
        memory.allocate('u8', 1000);
        throw new Error('on purpose');
      }),
    ).toThrow('on purpose');
    expect(memory.bytesInUse).toBe(before);
  });

  it('refuse lengths that are no whole numbers', () => {
    expect(() => memory.allocate('f64', -1)).toThrow('length must be an integer');
    expect(() => memory.allocate('f64', Number.NaN)).toThrow('length must be an integer');
  });
});
