const EMPTY = -1;

/** Numbers of ordered pairs of ids, in place of a map from pairs: three integers each. */
export class PairTable {
  /** First id, second id and number of each pair, at a place that follows from the ids or the next free one. */
  readonly #cells: Int32Array;
  readonly #mask: number;
  /** Drawn anew for every table, so that no file can send all pairs to one place. */
  readonly #factors = [oddFactor(), oddFactor()] as const;

  /** @param count most pairs that are set */
  constructor(count: number) {
    const places = 2 ** Math.ceil(Math.log2(2 * count + 2));
    this.#mask = places - 1;
    this.#cells = new Int32Array(3 * places).fill(EMPTY);
  }

  /** Sets the number of a pair; what it had before is forgotten. All three are integers from 0 to 2^31 − 1. */
  set(first: number, second: number, value: number): void {
    const at = this.#find(first, second);
    this.#cells[at] = first;
    this.#cells[at + 1] = second;
    this.#cells[at + 2] = value;
  }

  get(first: number, second: number): number | undefined {
    const value = this.#cells[this.#find(first, second) + 2]!;
    return value === EMPTY ? undefined : value;
  }

  /** Where a pair lies, or would. */
  #find(first: number, second: number): number {
    const cells = this.#cells;
    const mixed = Math.imul(first, this.#factors[0]) ^ Math.imul(second, this.#factors[1]);
    let place = (Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) >>> 7) & this.#mask;
    for (;;) {
      const at = 3 * place;
      if (cells[at] === EMPTY || (cells[at] === first && cells[at + 1] === second)) return at;
      place = (place + 1) & this.#mask;
    }
  }
}

function oddFactor(): number {
  return Math.floor(Math.random() * 2 ** 32) | 1;
}
