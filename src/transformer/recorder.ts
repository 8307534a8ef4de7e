import type { Block, RealBlock } from '../backend/memory.ts';
import type { Activation } from './activations.ts';
import type { Edit } from './interventions.ts';

/** Changes the activations a caller wants changed, and copies those it asked for out of the backend, in the order of the pass. */
export class Recorder {
  readonly activations = new Map<string, Activation>();
  readonly #keep: ReadonlySet<string>;
  readonly #edits: ReadonlyMap<string, Edit>;

  constructor(keep: ReadonlySet<string>, edits: ReadonlyMap<string, Edit> = new Map()) {
    this.#keep = keep;
    this.#edits = edits;
  }

  /** Whether {@link record} changes it: then what was computed from it before has to be computed again. */
  changes(name: string): boolean {
    return this.#edits.has(name);
  }

  wants(name: string): boolean {
    return this.#keep.has(name);
  }

  /** Changes an activation in place if it is to be changed, then keeps a copy if one was asked for. */
  record(name: string, shape: readonly number[], block: RealBlock | Block<'f64'>): void {
    this.#edits.get(name)?.(block.view(), shape);
    if (this.wants(name))
      this.activations.set(name, { name, shape, data: block.view().slice() as Float32Array | Float64Array });
  }
}
