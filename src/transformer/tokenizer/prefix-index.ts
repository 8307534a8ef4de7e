/** Finds the words of a set with which the rest of a text begins, in time independent of how many there are. */
export class PrefixIndex {
  readonly #words: readonly string[];

  /** Empty words are never found. */
  constructor(words: Iterable<string>) {
    this.#words = [...new Set(words)].filter((word) => word !== '').sort(byCodeUnits);
  }

  /** The words that stand in `text` from `from` on and end before or at `end`, shortest first. */
  *at(text: string, from: number, end = text.length): Generator<string> {
    let [low, high] = [0, this.#words.length];
    for (let depth = 0; low < high; depth++) {
      const word = this.#words[low]!;
      if (word.length === depth) {
        if (depth > 0) yield word;
        if (++low === high) return;
      }
      if (from + depth >= end) return;
      const unit = text.charCodeAt(from + depth);
      low = this.#firstFrom(unit, depth, low, high);
      high = this.#firstFrom(unit + 1, depth, low, high);
    }
  }

  /** The longest of them; null if there is none. */
  longestAt(text: string, from: number, end = text.length): string | null {
    let longest: string | null = null;
    for (const word of this.at(text, from, end)) longest = word;
    return longest;
  }

  /** The first of the words from `low` to before `high`, equal up to `depth`, with at least `unit` there. */
  #firstFrom(unit: number, depth: number, low: number, high: number): number {
    let [from, to] = [low, high];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.#words[middle]!.charCodeAt(depth) < unit) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

function byCodeUnits(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
