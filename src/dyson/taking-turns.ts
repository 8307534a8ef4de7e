import type { Allocator, Precision, RealBlock } from '../backend/memory.ts';
import type { Reals } from './vectors.ts';

/** Numbers of the host that stand in a backend's memory while they are used. */
export interface Visiting {
  /** Them, until others of the same {@link TakingTurns} are asked for. */
  block(): RealBlock;
  /** `length` of them from `start` on. */
  part(start: number, length: number): Visiting;
}

/** Numbers that have a block of their own. */
export function staying(block: RealBlock): Visiting {
  return { block: () => block, part: (start, length) => staying(block.part(start, length) as RealBlock) };
}

/** One block for many arrays, of which one is in use at a time: the attention patterns of all layers would take H·T² numbers each. */
export class TakingTurns {
  readonly #block: RealBlock;
  #present: Reals | null = null;

  /** @param length of the longest array */
  constructor(hold: Allocator, precision: Precision, length: number) {
    this.#block = hold.allocate(precision, length) as RealBlock;
  }

  /** An array, which must stay as it is. */
  visitor(data: Reals): Visiting {
    return {
      block: () => {
        const block = this.#block.part(0, data.length) as RealBlock;
        if (this.#present !== data) block.view().set(data);
        this.#present = data;
        return block;
      },
      part: (start, length) => this.visitor(data.subarray(start, start + length)),
    };
  }
}
