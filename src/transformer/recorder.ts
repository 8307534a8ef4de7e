import type { Block, RealBlock } from '../backend/memory.ts';
import type { Activation } from './activations.ts';

/** Copies the activations a caller asked for out of the backend, in the order of the pass. */
export class Recorder {
  readonly activations = new Map<string, Activation>();
  readonly #keep: ReadonlySet<string>;

  constructor(keep: ReadonlySet<string>) {
    this.#keep = keep;
  }

  wants(name: string): boolean {
    return this.#keep.has(name);
  }

  record(name: string, shape: readonly number[], block: RealBlock | Block<'f64'>): void {
    if (this.wants(name))
      this.activations.set(name, { name, shape, data: block.view().slice() as Float32Array | Float64Array });
  }
}
