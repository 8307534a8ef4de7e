import type { CountIndex } from './count-index.ts';
import { isLarger } from './scaled-number.ts';
import type { StartGroup, StartLump } from './start-lumps.ts';

/** A string with the scaled number that its path carries. */
export interface HeaviestPath {
  readonly weight: Float64Array;
  readonly lump: StartLump;
  readonly tokens: Int32Array;
}

/** Where the most probable path to each lumped state came from. */
export class BackPointers {
  /** The lump that the path to each state of λ = 1 starts from. */
  first: Int32Array = new Int32Array(0);
  /** By step λ ≥ 2: the last token before, of the path to each state. */
  readonly steps: Uint8Array[] = [];

  /** The path to the heaviest of `vector`'s states after λ = `taken` steps; to the heaviest lump if none were taken. */
  heaviest(group: StartGroup, index: CountIndex, taken: number, vector: Float64Array): HeaviestPath {
    const { lumps, delay, slots } = group;
    let state = 0;
    for (let i = 1; 2 * i < vector.length; i++) if (isLarger(vector, i, vector, state)) state = i;
    const { lump, generated } =
      taken === 0 ? { lump: lumps[state]!, generated: new Int32Array(0) } : this.#pathTo(group, index, taken, state);
    const tokens = Array.from(generated, (slot) => slots[slot]!);
    return {
      weight: vector.slice(2 * state, 2 * state + 2),
      lump,
      tokens: Int32Array.from(delay === 0 ? tokens : [...lump.history, ...tokens]),
    };
  }

  #pathTo({ spare, lumps }: StartGroup, index: CountIndex, steps: number, state: number) {
    const generated = new Int32Array(steps);
    let number = state;
    for (let taken = steps; ; taken--) {
      const stride = index.vectors(spare + taken - 1);
      generated[taken - 1] = Math.floor(number / stride);
      if (taken === 1) return { lump: lumps[this.first[number]!]!, generated };
      const d = index.vector(number % stride, spare + taken - 1);
      const before = this.steps[taken]![number]!;
      d[before]! -= 1;
      number = before * index.vectors(spare + taken - 2) + index.rank(d);
    }
  }
}
