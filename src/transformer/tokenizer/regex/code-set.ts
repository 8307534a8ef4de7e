/** A set of code points. Answers are kept, as the same characters come again and again. */
export class CodeSet {
  readonly #test: (code: number) => boolean;
  #known: Uint8Array | null = null;

  constructor(test: (code: number) => boolean) {
    this.#test = test;
  }

  has(code: number): boolean {
    if (code > 0xffff) return this.#test(code);
    this.#known ??= new Uint8Array(0x10000);
    let answer = this.#known[code]!;
    if (answer === 0) this.#known[code] = answer = this.#test(code) ? 1 : 2;
    return answer === 1;
  }
}

export function codeRange(first: number, last: number): CodeSet {
  return new CodeSet((code) => code >= first && code <= last);
}

export function union(sets: readonly CodeSet[]): CodeSet {
  return new CodeSet((code) => sets.some((set) => set.has(code)));
}

export function intersection(sets: readonly CodeSet[]): CodeSet {
  return new CodeSet((code) => sets.every((set) => set.has(code)));
}

export function complement(set: CodeSet): CodeSet {
  return new CodeSet((code) => !set.has(code));
}
