import type { Backend } from '../backend/backend.ts';
import type { Block } from '../backend/memory.ts';
import { largestEntries } from '../backend/plain.ts';

/** Indices of the `count` largest numbers of a block, or of the largest in modulus, largest first; of equal ones the lower index comes first. */
export function leadersOf({ memory, kernels }: Backend, x: Block<'f64'>, count: number, byModulus = false): number[] {
  return memory.scope(() => {
    const found = Math.min(count, x.length);
    const [scores, places] = [memory.allocate('f64', found), memory.allocate('i32', found)];
    kernels.largestEntries({ x, n: x.length, count: found, byModulus, scores, places });
    return [...places.view()];
  });
}

/** {@link leadersOf} by modulus, of numbers on the host. */
export function largestByModulus(values: Float64Array, count: number): number[] {
  const found = Math.min(count, values.length);
  const places = new Int32Array(found);
  largestEntries(values, values.length, found, true, new Float64Array(found), places);
  return [...places];
}
