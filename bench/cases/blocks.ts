import type { Backend, Block, ElementKind, Precision, RealBlock } from '../../src/index.ts';
import type { Numbers, Output } from '../case.ts';

/** Allocates a block of a length, or one that holds data, for as long as the process runs. */
export function put<K extends ElementKind>({ memory }: Backend, kind: K, data: ArrayLike<number> | number): Block<K> {
  const block = memory.allocate(kind, typeof data === 'number' ? data : data.length);
  if (typeof data !== 'number') (block.view() as Float64Array).set(data);
  return block;
}

/** The same in the precision of the activations. */
export function putReal(backend: Backend, precision: Precision, data: ArrayLike<number> | number): RealBlock {
  return precision === 'f32' ? put(backend, 'f32', data) : put(backend, 'f64', data);
}

/** A copy of what a block holds now. */
export function numbersOf(block: RealBlock | Block<'i32'> | Block<'u8'>): Numbers {
  return block.view().slice();
}

/** An output that a call copies out of a backend's memory, into an array of its own: fresh arrays can cost more than what fills them. */
export function copyOut(name: string, block: Block<'f64'>, residual = false): Output & { copy(): void } {
  const data = new Float64Array(block.length);
  return { name, data, residual, copy: () => data.set(block.view()) };
}

/** Uniform numbers in [low, high), the same on every machine. @source the mixer of mulberry32 (T. Ettinger). */
export function randomNumbers(length: number, seed: number, low = -1, high = 1): Float64Array {
  let state = Math.imul(seed, 0x9e3779b1);
  return Float64Array.from({ length }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return low + (high - low) * (((t ^ (t >>> 14)) >>> 0) / 2 ** 32);
  });
}
