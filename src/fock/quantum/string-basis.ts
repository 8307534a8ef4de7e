import { checkInteger } from '../../core/checks.ts';
import { CapacityError, DomainError, ShapeError } from '../../core/errors.ts';
import { kindOf } from '../../core/kinds.ts';
import { checkHistory, type History } from '../next-token-law.ts';

/** Largest number of strings that are listed one by one. */
const MOST_STRINGS = 1 << 20;

/** A string as a key of maps; the vacuum's is empty. */
export function stringKey(string: History): string {
  return string.join(',');
}

/** Some different strings in an order: the rows of amplitudes and of matrices belong to them. */
export class StringBasis {
  /** Number of tokens. */
  readonly V: number;
  /** The strings in their order, as token numbers. */
  readonly strings: readonly Int32Array[];
  readonly #places: ReadonlyMap<string, number>;

  /** @throws DomainError for a token outside 0 … V−1 or a string that occurs twice. */
  constructor(V: number, strings: Iterable<History>) {
    checkInteger('StringBasis', 'V', V, 1);
    this.V = V;
    if (typeof (strings as Partial<Iterable<History>> | null | undefined)?.[Symbol.iterator] !== 'function')
      throw new DomainError(`StringBasis: strings must be an array of texts, but it is ${kindOf(strings)}.`);
    this.strings = Array.from(strings, (string) => {
      checkHistory('StringBasis', string);
      for (const token of string) checkInteger('StringBasis', 'every token of a string', token, 0, V - 1);
      return Int32Array.from(string);
    });
    const places = new Map(this.strings.map((string, place) => [stringKey(string), place]));
    if (places.size < this.strings.length) {
      const twice = this.strings.find((string, place) => places.get(stringKey(string)) !== place)!;
      throw new DomainError(
        `StringBasis: strings must differ, but (${twice.join(', ')}) occurs twice. Add up what they carry.`,
      );
    }
    this.#places = places;
  }

  /**
   * All strings of `shortest` to `longest` tokens: by length, then as numbers with the first token most significant.
   *
   * @throws CapacityError for more than 2²⁰ of them.
   */
  static sectors(V: number, shortest: number, longest: number): StringBasis {
    checkInteger('StringBasis.sectors', 'V', V, 1);
    checkInteger('StringBasis.sectors', 'shortest', shortest, 0);
    checkInteger('StringBasis.sectors', 'longest', longest, shortest);
    let count = 0;
    for (let n = shortest; n <= longest; n++) count += V ** n;
    if (!(count <= MOST_STRINGS)) {
      throw new CapacityError(
        `StringBasis.sectors: the sectors must have at most ${MOST_STRINGS} strings, but they have ${count}. Take fewer sectors.`,
        4 * longest * count,
      );
    }
    const all: number[][] = [];
    let sector: number[][] = [[]];
    for (let n = 0; n <= longest; n++) {
      if (n >= shortest) for (const string of sector) all.push(string);
      if (n < longest) sector = sector.flatMap((string) => Array.from({ length: V }, (_, token) => [...string, token]));
    }
    return new StringBasis(V, all);
  }

  /** Number of strings. */
  get size(): number {
    return this.strings.length;
  }

  /** Length of the longest string, 0 if there is none. */
  get longest(): number {
    return this.strings.reduce((longest, string) => Math.max(longest, string.length), 0);
  }

  /** Place of a string, −1 if it is not among them. */
  placeOf(string: History): number {
    return this.#places.get(stringKey(string)) ?? -1;
  }

  /** These strings, then those of another basis that are not among them. @throws ShapeError unless V agrees. */
  union(other: StringBasis): StringBasis {
    checkSameTokens('StringBasis.union', this.V, other.V);
    return new StringBasis(this.V, [...this.strings, ...other.strings.filter((string) => this.placeOf(string) < 0)]);
  }
}

/** @throws DomainError unless a value is a basis of strings. */
export function checkBasis(where: string, name: string, value: unknown): asserts value is StringBasis {
  if (value instanceof StringBasis) return;
  throw new DomainError(
    `${where}: ${name} must be a StringBasis, but it is ${kindOf(value)}. Make it with new StringBasis or StringBasis.sectors.`,
  );
}

/** The different ones among some strings, by length and then as numbers, as in {@link StringBasis.sectors}. */
export function sortedBasis(V: number, strings: Iterable<Int32Array>): StringBasis {
  const different = new Map(Array.from(strings, (string) => [stringKey(string), string]));
  return new StringBasis(V, [...different.values()].sort(compareStrings));
}

function compareStrings(a: Int32Array, b: Int32Array): number {
  if (a.length !== b.length) return a.length - b.length;
  const site = a.findIndex((token, i) => token !== b[i]);
  return site < 0 ? 0 : a[site]! - b[site]!;
}

/** Collects strings in the order in which they first come. */
export class StringCollector {
  readonly #places = new Map<string, number>();
  readonly #strings: Int32Array[] = [];

  /** Place of a string, which is appended if it is new. */
  placeOf(string: Int32Array): number {
    const key = stringKey(string);
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#places.set(key, this.#strings.length);
    return this.#strings.push(string) - 1;
  }

  basis(V: number): StringBasis {
    return new StringBasis(V, this.#strings);
  }
}

/** @throws ShapeError unless two objects are over the same number of tokens. */
export function checkSameTokens(where: string, V: number, other: number): void {
  if (V === other) return;
  throw new ShapeError(`${where}: both operands must be over the same tokens, but they have ${V} and ${other}.`);
}
