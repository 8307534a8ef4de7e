/** Items with the largest first, by a binary heap. */
export class MaxHeap<Item> {
  readonly #items: Item[] = [];
  readonly #key: (item: Item) => number;

  constructor(key: (item: Item) => number) {
    this.#key = key;
  }

  get size(): number {
    return this.#items.length;
  }

  push(item: Item): void {
    const items = this.#items;
    let at = items.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#key(items[parent]!) >= this.#key(item)) break;
      items[at] = items[parent]!;
      at = parent;
    }
    items[at] = item;
  }

  /** Takes the largest out; undefined when there is none. */
  pop(): Item | undefined {
    const items = this.#items;
    const [largest, last] = [items[0], items.pop()];
    if (last === undefined || items.length === 0) return largest;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && this.#key(items[child + 1]!) > this.#key(items[child]!)) child++;
      if (this.#key(items[child]!) <= this.#key(last)) break;
      items[at] = items[child]!;
      at = child;
    }
    items[at] = last;
    return largest;
  }
}
