import { expect } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import type { Block, ElementKind, Precision, RealBlock } from '../../src/backend/memory.ts';
import { teamBackend, tsBackend, wasmBackend } from './backends.ts';
import { bitsOf } from './numbers.ts';

const GUARD = 16;
const CANARY = 0x5a;

/** Allocates a block between canary bytes: of a length, or holding data. */
export type PutGuarded = <K extends ElementKind>(kind: K, data: ArrayLike<number> | number) => Block<K>;

/** A block in the precision of the activations. */
export function putReal(put: PutGuarded, precision: Precision, data: ArrayLike<number> | number): RealBlock {
  return precision === 'f32' ? put('f32', data) : put('f64', data);
}

/** Runs kernels on blocks with canary bytes round each, and gives back the bits of the blocks that `work` returns. */
export function runGuarded(backend: Backend, work: (put: PutGuarded) => readonly Block[]): Uint8Array[] {
  return backend.memory.scope(() => {
    const guards: Block<'u8'>[] = [];
    const guard = (): void => {
      const block = backend.memory.allocate('u8', GUARD);
      block.view().fill(CANARY);
      guards.push(block);
    };
    const put: PutGuarded = (kind, data) => {
      guard();
      const block = backend.memory.allocate(kind, typeof data === 'number' ? data : data.length);
      if (typeof data !== 'number') block.view().set(data as never);
      guard();
      return block;
    };
    const results = work(put).map((block) => bitsOf(block.view() as Float64Array));
    for (const block of guards) expect([...block.view()]).toEqual(new Array(GUARD).fill(CANARY));
    return results;
  });
}

/** Expects the same bits from both backends, and from three threads. */
export function expectSameBits(work: (backend: Backend, put: PutGuarded) => readonly Block[]): void {
  const expected = runGuarded(tsBackend, (put) => work(tsBackend, put));
  for (const backend of teamBackend === null ? [wasmBackend] : [wasmBackend, teamBackend]) {
    const actual = runGuarded(backend, (put) => work(backend, put));
    expect(actual.map((bits) => bits.length)).toEqual(expected.map((bits) => bits.length));
    actual.forEach((bits, k) => {
      const byte = bits.findIndex((value, i) => value !== expected[k]![i]);
      expect(byte, `block ${k} on ${backend.threads.count} threads: first byte that differs`).toBe(-1);
    });
  }
}
