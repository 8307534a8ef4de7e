import { FormatError } from '../../core/errors.ts';
import { describeJson, isJsonObject, quoteName } from '../../formats/json.ts';

export const SOURCE = 'tokenizer.json';

/** Refuses a file for one of its fields. @throws FormatError always. */
export function refuse(field: string, must: string, but: string): never {
  const message = `openTokenizer: ${field} of ${SOURCE} must ${must}, but ${but}. Give token ids with --ids.`;
  throw new FormatError(message, { source: SOURCE, field });
}

/** One object of tokenizer.json, read field by field; a field that nobody reads is refused by its name. */
export class Fields {
  readonly path: string;
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #unread: Set<string>;

  /** @throws FormatError if `value` is no JSON object. */
  constructor(value: unknown, path: string) {
    if (!isJsonObject(value)) refuse(path, 'be an object', `it is ${describeJson(value)}`);
    this.path = path;
    this.#values = value;
    this.#unread = new Set(Object.keys(value));
  }

  /** The path of a field of this object. */
  at(name: string): string {
    return this.path === '' ? quoteName(name) : `${this.path}.${quoteName(name)}`;
  }

  /** Whether the field is there and not null. */
  has(name: string): boolean {
    return Object.hasOwn(this.#values, name) && this.#values[name] !== null;
  }

  /** The value of a field, which counts as read. */
  any(name: string): unknown {
    this.#unread.delete(name);
    return Object.hasOwn(this.#values, name) ? this.#values[name] : undefined;
  }

  text(name: string): string {
    return checkText(this.any(name), this.at(name));
  }

  /** null where the field is absent or null. */
  optionalText(name: string): string | null {
    const value = this.any(name) ?? null;
    return value === null ? null : checkText(value, this.at(name));
  }

  /** One character. */
  character(name: string): string {
    const value = this.text(name);
    if (Array.from(value).length !== 1) refuse(this.at(name), 'be one character', `it is ${describeJson(value)}`);
    return value;
  }

  /** @param fallback where the field is absent or null; without it the field must be there. */
  flag(name: string, fallback?: boolean): boolean {
    const value = this.any(name) ?? fallback;
    if (typeof value !== 'boolean') refuse(this.at(name), 'be true or false', `it is ${describeJson(value)}`);
    return value;
  }

  /** An integer from `least` on. */
  count(name: string, least: number, fallback?: number): number {
    const value = this.any(name) ?? fallback;
    if (!Number.isSafeInteger(value) || (value as number) < least)
      refuse(this.at(name), `be an integer of at least ${least}`, `it is ${describeJson(value)}`);
    return value as number;
  }

  /** One of some words. */
  word<Word extends string>(name: string, words: readonly Word[], fallback?: Word): Word {
    const value = this.any(name) ?? fallback;
    const found = words.find((word) => word === value);
    if (found === undefined) refuse(this.at(name), `be one of ${words.join(', ')}`, `it is ${describeJson(value)}`);
    return found;
  }

  list(name: string): readonly unknown[] {
    const value = this.any(name);
    if (!Array.isArray(value)) refuse(this.at(name), 'be an array', `it is ${describeJson(value)}`);
    return value;
  }

  /** Fields that change no ids: read, whatever they hold. */
  skip(...names: readonly string[]): this {
    for (const name of names) this.#unread.delete(name);
    return this;
  }

  /** @throws FormatError if a field was not read. */
  done(): void {
    for (const name of this.#unread)
      refuse(
        this.at(name),
        'be absent',
        `it is ${describeJson(this.#values[name])}, and nothing is known of such a field`,
      );
  }
}

/** A text without lone halves of a surrogate pair. */
export function checkText(value: unknown, field: string): string {
  if (typeof value !== 'string') refuse(field, 'be text', `it is ${describeJson(value)}`);
  if (!isWellFormed(value)) refuse(field, 'be Unicode text', 'it has half of a surrogate pair');
  return value;
}

export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
