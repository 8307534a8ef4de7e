import { describe, expect, it } from 'vitest';
import { BackendError, CapacityError } from '../../src/core/errors.ts';
import { PoisonedHeap } from '../support/poisoned-heap.ts';
import { PoisonedTsMemory } from '../support/poisoned-ts-memory.ts';

const open = (maximum = 64) => new PoisonedHeap(new WebAssembly.Memory({ initial: 1, maximum }), 100);
const bytesOf = (heap: PoisonedHeap) => new Uint8Array(heap.memory.buffer);

describe('the poisoned heap', () => {
  it('gives zeroed, aligned blocks amid NaN, also where they were used before', () => {
    const heap = open();
    for (let round = 0; round < 400; round++) {
      const bytes = 1 + ((round * 7919) % 9000);
      const address = heap.allocate(bytes);
      expect(address % 16).toBe(0);
      const block = new Uint8Array(heap.memory.buffer, address, bytes);
      expect(block.every((byte) => byte === 0)).toBe(true);
      for (const at of [address - 8, address + 16 * Math.ceil(bytes / 16)])
        expect(new Float64Array(heap.memory.buffer, at, 1)[0]).toBeNaN();
      block.fill(1);
      expect(heap.bytesInUse).toBe(16 * Math.ceil(bytes / 16));
      heap.release(address);
    }
    expect(heap.bytesInUse).toBe(0);
  });

  it.each([
    ['1 before', -1, 'byte 1 before'],
    ['64 before', -64, 'byte 64 before'],
    ['just behind', 20, 'byte 0 behind'],
    ['in the last gap', 20 + 11 + 64, 'byte 75 behind'],
  ])('finds a byte that was written outside of a block, and says where that was allocated: %s', (_name, at, named) => {
    const heap = open();
    const address = heap.allocate(20);
    heap.check();
    const whole = bytesOf(heap)[address + at]!;
    bytesOf(heap)[address + at] = 0;
    for (const look of [() => heap.check(), () => heap.release(address)]) {
      expect(look).toThrow(`only a block of 20 bytes must be written, but ${named}`);
      expect(look).toThrow(expect.objectContaining({ cause: expect.objectContaining({ stack: expect.any(String) }) }));
    }
    bytesOf(heap)[address + at] = whole;
    heap.release(address);
  });

  it('finds writes to memory that is free, fresh or released', () => {
    const fresh = open();
    bytesOf(fresh)[9000] = 1;
    expect(() => fresh.allocate(20_000)).toThrow('free memory must not be written, but byte 9000 was');
    const used = open();
    const address = used.allocate(1000);
    used.release(address);
    expect(() => used.release(address)).toThrow(BackendError);
    bytesOf(used)[address + 500] = 1;
    const named = `a released block must not be written, but byte ${address + 500} was`;
    expect(() => used.check()).toThrow(named);
    expect(() => used.release(used.allocate(1_500_000))).toThrow(named);
  });

  it('lets what was released be read as NaN alone, and not be given out again soon', () => {
    const heap = open();
    const address = heap.allocate(80);
    new Float64Array(heap.memory.buffer, address, 10).fill(7);
    heap.release(address);
    expect(heap.allocate(80)).not.toBe(address);
    expect(new Float64Array(heap.memory.buffer, address, 10).every(Number.isNaN)).toBe(true);
    expect(new Float32Array(heap.memory.buffer, address, 20).every(Number.isNaN)).toBe(true);
  });

  it('takes views away at every allocation', () => {
    const heap = open();
    const address = heap.allocate(8);
    const view = new Uint8Array(heap.memory.buffer, address, 8);
    heap.allocate(8);
    expect(view).toHaveLength(0);
  });

  it('refuses only what a plain heap refuses too', () => {
    const heap = open(32);
    for (let i = 0; i < 12; i++) heap.release(heap.allocate(500_000));
    expect(() => heap.allocate(40 * 65536)).toThrow(CapacityError);
    heap.release(heap.allocate(20 * 65536));
    expect(heap.bytesInUse).toBe(0);
  });
});

it('the poisoned memory of the TypeScript backend makes released blocks NaN', () => {
  const memory = new PoisonedTsMemory();
  const views = memory.scope(() => [memory.allocate('f64', 3).view(), memory.allocate('f32', 3).view()]);
  for (const view of views) expect([...view]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  expect(memory.bytesInUse).toBe(0);
});
