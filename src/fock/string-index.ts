import type { DiagonalState } from './diagonal-state.ts';

/**
 * Numbers different strings 0, 1, 2, … as nodes of a prefix tree over all of them: the children of a node are found by open
 * addressing with linear probing, so no string is ever written out or joined into a key. Node 0 is the empty string.
 *
 * @cost amortised O(1) per token of a level of a state; 16 to 28 bytes a node.
 * @source linear probing: D. E. Knuth, The Art of Computer Programming 3, §6.4; the mixing of keys own.
 */
export class StringIndex {
  #parent = new Int32Array(1024);
  #token = new Int32Array(1024);
  #slots = new Int32Array(2048).fill(-1);
  #size = 1;

  /** Number of nodes, inner ones included. */
  get size(): number {
    return this.#size;
  }

  /** The node of a node's string with a token appended. */
  child(node: number, token: number): number {
    if (2 * this.#size >= this.#slots.length) this.#grow();
    const mask = this.#slots.length - 1;
    for (let slot = slotOf(node, token) & mask; ; slot = (slot + 1) & mask) {
      const known = this.#slots[slot]!;
      if (known < 0) {
        this.#slots[slot] = this.#size;
        this.#parent[this.#size] = node;
        this.#token[this.#size] = token;
        return this.#size++;
      }
      if (this.#parent[known] === node && this.#token[known] === token) return known;
    }
  }

  /** The string of a node, which has `length` tokens. */
  string(node: number, length: number): Int32Array {
    const string = new Int32Array(length);
    for (let at = node, i = length - 1; i >= 0; i--, at = this.#parent[at]!) string[i] = this.#token[at]!;
    return string;
  }

  /**
   * The node of each string of a state, or of its tokens at some positions.
   *
   * @param takes whether the token at a position, counted from 0, takes part; default every one. All texts must have one length then.
   */
  nodesOf(state: DiagonalState, takes: (position: number) => boolean = () => true): Int32Array {
    const levels: DiagonalState[] = [];
    for (let level: DiagonalState | null = state; level !== null; level = level.previous) levels.unshift(level);
    const [first, ...generated] = levels as [DiagonalState, ...DiagonalState[]];
    const texts = state.texts.map((text) =>
      text.reduce((node, token, position) => (takes(position) ? this.child(node, token) : node), 0),
    );
    let nodes = first.parent.map((text) => texts[text]!);
    const n = state.texts[0]?.length ?? 0;
    for (const [l, { parent, token }] of generated.entries()) {
      const above = nodes;
      nodes = new Int32Array(parent.length);
      const taken = takes(n + l);
      for (let i = 0; i < nodes.length; i++) {
        const node = above[parent[i]!]!;
        nodes[i] = taken ? this.child(node, token[i]!) : node;
      }
    }
    return nodes;
  }

  #grow(): void {
    const slots = new Int32Array(2 * this.#slots.length).fill(-1);
    const mask = slots.length - 1;
    this.#parent = widened(this.#parent);
    this.#token = widened(this.#token);
    for (let node = 1; node < this.#size; node++) {
      let slot = slotOf(this.#parent[node]!, this.#token[node]!) & mask;
      while (slots[slot]! >= 0) slot = (slot + 1) & mask;
      slots[slot] = node;
    }
    this.#slots = slots;
  }
}

/** Mixes both numbers into all bits: two rounds of multiplying by odd constants and folding the high half down. */
function slotOf(node: number, token: number): number {
  let mixed = Math.imul(node ^ Math.imul(token, 0x9e3779b1), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}

function widened(array: Int32Array): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(2 * array.length);
  wider.set(array);
  return wider;
}
