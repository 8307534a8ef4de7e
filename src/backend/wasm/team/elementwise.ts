import type { Kernels } from '../../kernels.ts';
import type { Block } from '../../memory.ts';
import { byRange, type CallOf, type Cut } from './cut.ts';
import { rowsOf } from './rows.ts';

/** A multiple of which a part's elements are. */
export const STEP = 64;

/** Kernels that treat n elements one by one. */
type Elementwise = {
  [Name in keyof Kernels]: CallOf<Name> extends { readonly n: number } ? Name : never;
}[keyof Kernels];

/**
 * The cut of a kernel that treats n elements one by one.
 *
 * @param operations of an element.
 * @param blocks names of the arguments that hold n elements.
 */
export function elementwise<Name extends Elementwise>(
  name: Name,
  operations: number,
  blocks: readonly (keyof CallOf<Name>)[],
): Cut<CallOf<Name>> {
  const length = (call: CallOf<Name>): number => (call as { readonly n: number }).n;
  return byRange(name, {
    work: (call) => operations * length(call),
    units: (call) => Math.ceil(length(call) / STEP),
    part: (call, from, to) => {
      const [start, end] = [from * STEP, Math.min(to * STEP, length(call))];
      const parts = blocks.map((block) => [block, rowsOf(call[block] as Block, start, end, 1)]);
      return { ...call, n: end - start, ...Object.fromEntries(parts) };
    },
  });
}
