import type { Backend } from '../backend/backend.ts';
import type { NumberedStrings } from '../backend/contract/histories.ts';
import type { Block, Holding } from '../backend/memory.ts';
import type { DiagonalState } from './diagonal-state.ts';

/** Strings of one crossing into the kernels: a few milliseconds at most. */
export const CHUNK = 1 << 16;
const FIRST_SLOTS = 2048;

/**
 * Numbers different strings 0, 1, 2, … as nodes of a prefix tree over all of them; node 0 is the empty string. Lives in the
 * scope of the backend's memory in which it was made; its tables grow in whatever scope a string comes from.
 *
 * @cost amortised O(1) per token of a level of a state; 24 to 48 bytes a node.
 * @source `numberStrings`
 */
export class StringIndex {
  readonly #backend: Backend;
  readonly #tables: Holding;
  #strings: NumberedStrings;

  constructor(backend: Backend) {
    this.#backend = backend;
    this.#tables = backend.memory.hold();
    this.#strings = openStrings(this.#tables, FIRST_SLOTS, this.#tables.allocate('i32', 1));
    this.#strings.size.view()[0] = 1;
  }

  /** Number of nodes, inner ones included. */
  get size(): number {
    return this.#strings.size.view()[0]!;
  }

  /** The nodes of strings of any lengths. */
  nodesOfStrings(strings: readonly ArrayLike<number>[]): Int32Array {
    const { memory } = this.#backend;
    const nodes = new Int32Array(strings.length);
    let longer = Int32Array.from(strings.keys());
    for (let at = 0; ; at++) {
      longer = longer.filter((i) => strings[i]!.length > at);
      if (longer.length === 0) return nodes;
      memory.scope(() => {
        const above = memory.allocate('i32', longer.length);
        const numbers = memory.allocate('i32', longer.length);
        above.view().set(longer.map((i) => nodes[i]!));
        const tokens = longer.map((i) => strings[i]![at]!);
        this.#number(above, Int32Array.from(longer.keys()), tokens, numbers);
        for (const [k, node] of numbers.view().entries()) nodes[longer[k]!] = node;
      });
    }
  }

  /** The strings of nodes, which have `length` tokens each, one behind the other. */
  tokensOf(nodes: Int32Array, length: number): Int32Array {
    const known = this.#strings.nodes.view();
    const tokens = new Int32Array(nodes.length * length);
    for (const [i, node] of nodes.entries()) {
      for (let at = node, place = length - 1; place >= 0; place--, at = known[2 * at]!) {
        tokens[i * length + place] = known[2 * at + 1]!;
      }
    }
    return tokens;
  }

  /**
   * The node of each string of a state, or of its tokens at some positions.
   *
   * @param takes whether the token at a position, counted from 0, takes part; default every one. All texts must have one length then.
   */
  nodesOf(state: DiagonalState, takes: (position: number) => boolean = () => true): Block<'i32'> {
    const { memory } = this.#backend;
    const levels: DiagonalState[] = [];
    for (let level: DiagonalState | null = state; level !== null; level = level.previous) levels.unshift(level);
    const [first, ...generated] = levels as [DiagonalState, ...DiagonalState[]];
    const texts = this.nodesOfStrings(state.texts.map((text) => text.filter((_, position) => takes(position))));
    let nodes = memory.allocate('i32', first.count);
    nodes.view().set(first.parent.map((text) => texts[text]!));
    const n = state.texts[0]?.length ?? 0;
    for (const [l, { parent, token }] of generated.entries()) {
      const above = nodes;
      nodes = memory.allocate('i32', parent.length);
      this.#number(above, parent, takes(n + l) ? token : null, nodes);
      memory.release(above);
    }
    return nodes;
  }

  /** numbers[i] = node above[parents[i]] with tokens[i] appended. */
  #number(above: Block<'i32'>, parents: Int32Array, tokens: Int32Array | null, numbers: Block<'i32'>): void {
    const { memory, kernels } = this.#backend;
    const length = Math.min(CHUNK, parents.length);
    const [from, what] = [memory.allocate('i32', length), memory.allocate('i32', length)];
    for (let first = 0; first < parents.length; ) {
      const count = Math.min(CHUNK, parents.length - first);
      from.view().set(parents.subarray(first, first + count));
      if (tokens !== null) what.view().set(tokens.subarray(first, first + count));
      const part = numbers.part(first, count);
      const done = kernels.numberStrings({
        above,
        parents: from,
        tokens: tokens === null ? null : what,
        count,
        numbers: part,
        ...this.#strings,
      });
      if (done < count) this.#grow();
      first += done;
    }
    memory.release(from);
    memory.release(what);
  }

  #grow(): void {
    const { memory, kernels } = this.#backend;
    const { nodes, slots, size } = this.#strings;
    const strings = openStrings(this.#tables, 2 * slots.length, size);
    strings.nodes.view().set(nodes.view());
    for (let first = 1; first < this.size; first += CHUNK) {
      kernels.placeStrings({ ...strings, first, end: Math.min(first + CHUNK, this.size) });
    }
    memory.release(nodes);
    memory.release(slots);
    this.#strings = strings;
  }
}

function openStrings(tables: Holding, slots: number, size: Block<'i32'>): NumberedStrings {
  return { nodes: tables.allocate('i32', slots), slots: tables.allocate('i32', slots), size };
}
