import { characterLength } from '../piece.ts';
import type { Span } from '../split.ts';
import { compile, type Program } from './compile.ts';
import type { Fuel } from './fuel.ts';
import { widthOf } from './node.ts';
import { parseRegex } from './parse.ts';
import { run } from './run.ts';

/**
 * A regular expression as the reference implementation reads it (Oniguruma, UTF-8, leftmost match, first alternative first).
 * The runtime's own differ in syntax (possessive repetitions, classes in classes, options of a part) and in meaning (^, $, \s,
 * \w), and cannot be stopped.
 */
export class Regex {
  readonly #program: Program;
  readonly #fuel: Fuel;
  /** Whether it can match the empty text. */
  readonly matchesEmpty: boolean;

  /** @throws RegexFault naming what is not read. */
  constructor(source: string, fuel: Fuel) {
    const node = parseRegex(source);
    this.matchesEmpty = widthOf(node)[0] === 0;
    this.#program = compile(node);
    this.#fuel = fuel;
  }

  /**
   * All matches from left to right that do not overlap. One that is empty does not follow right behind another.
   *
   * @throws CapacityError if the search takes too long.
   */
  matches(text: string): Span[] {
    const found: Span[] = [];
    if (text === '') return found;
    let last = -1;
    for (let from = 0; from <= text.length; ) {
      const match = this.#search(text, from);
      if (match === null) break;
      const [start, end] = match;
      if (start === end && end === last) {
        from += Math.max(characterLength(text, from), 1);
      } else {
        found.push(match);
        from = last = end;
      }
    }
    return found;
  }

  #search(text: string, from: number): Span | null {
    for (let start = from; start <= text.length; start += Math.max(characterLength(text, start), 1)) {
      const end = run(this.#program, text, start, this.#fuel);
      if (end >= 0) return [start, end];
    }
    return null;
  }
}
