/** Why a regular expression is not read. */
export class RegexFault extends Error {}

/** A regular expression being read, character by character. */
export class Scanner {
  readonly #source: string;
  index = 0;

  constructor(source: string) {
    this.#source = source;
  }

  get done(): boolean {
    return this.index >= this.#source.length;
  }

  sees(text: string): boolean {
    return this.#source.startsWith(text, this.index);
  }

  /** The next character, left where it is; empty at the end. */
  peek(): string {
    return this.done ? '' : String.fromCodePoint(this.#source.codePointAt(this.index)!);
  }

  /** Takes the code point that comes next. */
  next(): number {
    const code = this.#source.codePointAt(this.index);
    if (code === undefined) this.fail('an end too early');
    this.index += code > 0xffff ? 2 : 1;
    return code;
  }

  take(text: string): boolean {
    const seen = this.sees(text);
    if (seen) this.index += text.length;
    return seen;
  }

  /** @param pattern with flag y */
  takeMatch(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.index;
    const match = pattern.exec(this.#source);
    if (match !== null) this.index += match[0].length;
    return match;
  }

  fail(what: string): never {
    throw new RegexFault(`${what} at character ${this.index}`);
  }
}
