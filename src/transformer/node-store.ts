import { BYTES_PER_ELEMENT, type Holding, type Precision, type RealBlock } from '../backend/memory.ts';
import type { Model } from './model.ts';

/** Nodes that are allocated together. */
const PAGE = 64;

/** Keys and values of tokens, G·K numbers each in every layer, under numbers 0, 1, … that are given out again. */
export class NodeStore {
  readonly #model: Model;
  readonly #precision: Precision;
  readonly #budget: number;
  /** Pages come whenever a node is needed, within whatever scope. */
  readonly #hold: Holding;
  readonly #pages: RealBlock[] = [];
  readonly #byKey = new Map<number, number>();
  #free: number[] = [];

  /** @param budget bytes up to which nodes are kept for later; beyond, those that nobody needs now make room. */
  constructor(model: Model, precision: Precision, budget: number) {
    this.#model = model;
    this.#precision = precision;
    this.#budget = budget;
    this.#hold = model.backend.memory.hold();
  }

  /** The node with a key. */
  find(key: number): number | undefined {
    return this.#byKey.get(key);
  }

  /** A node for a new key; where memory is short, nodes outside `inUse` are forgotten. */
  create(key: number, inUse: ReadonlySet<number>): number {
    if (this.#free.length === 0 && (this.#pages.length + 1) * this.#pageBytes > this.#budget) this.#keepOnly(inUse);
    if (this.#free.length === 0) this.#addPage();
    const node = this.#free.pop()!;
    this.#byKey.set(key, node);
    return node;
  }

  /** A node's keys and values at a layer. */
  at(node: number, layer: number): { readonly keys: RealBlock; readonly values: RealBlock } {
    const { G, K } = this.#model.config;
    const width = G * K;
    const page = this.#pages[Math.floor(node / PAGE)]!;
    const start = (layer * PAGE + (node % PAGE)) * 2 * width;
    return {
      keys: page.part(start, width) as RealBlock,
      values: page.part(start + width, width) as RealBlock,
    };
  }

  /** Forgets all nodes, but keeps their memory. */
  clear(): void {
    this.#keepOnly(new Set());
  }

  /** Gives the memory back. Calling it twice is harmless; any later use throws. */
  release(): void {
    this.#hold.release();
    this.#pages.length = 0;
    this.#byKey.clear();
    this.#free = [];
  }

  get #pageLength(): number {
    const { G, K } = this.#model.config;
    return this.#model.weights.layers.length * PAGE * 2 * G * K;
  }

  get #pageBytes(): number {
    return this.#pageLength * BYTES_PER_ELEMENT[this.#precision];
  }

  #addPage(): void {
    const first = this.#pages.length * PAGE;
    this.#pages.push(this.#hold.allocate(this.#precision, this.#pageLength) as RealBlock);
    for (let node = first + PAGE - 1; node >= first; node--) this.#free.push(node);
  }

  #keepOnly(inUse: ReadonlySet<number>): void {
    for (const [key, node] of this.#byKey) {
      if (inUse.has(node)) continue;
      this.#byKey.delete(key);
      this.#free.push(node);
    }
  }
}
