import { FormatError } from '../../core/errors.ts';
import { quoteName } from '../json.ts';
import { shortestDecimal } from './shortest-decimal.ts';
import type { GgufNumbers, GgufValue } from './values.ts';

/**
 * The metadata of a GGUF file: values by their keys. Every method but `keys` and `value` gives undefined where the key is absent, and throws FormatError
 * where its value is of another type.
 */
export class GgufMetadata {
  readonly #values: ReadonlyMap<string, GgufValue>;
  readonly #where: string;
  readonly #source: string;

  constructor(
    values: ReadonlyMap<string, GgufValue>,
    { where, source }: { readonly where: string; readonly source: string },
  ) {
    this.#values = values;
    this.#where = where;
    this.#source = source;
  }

  /** All keys, in the file's order. */
  keys(): string[] {
    return [...this.#values.keys()];
  }

  /** The value as it is stored, with its type; undefined if absent. */
  value(key: string): GgufValue | undefined {
    return this.#values.get(key);
  }

  text(key: string): string | undefined {
    const found = this.#values.get(key);
    if (found === undefined || found.type === 'string') return found?.value;
    throw this.fault(key, 'be a text', found);
  }

  texts(key: string): readonly string[] | undefined {
    const found = this.#values.get(key);
    if (found === undefined || (found.type === 'array' && found.of === 'string'))
      return found?.value as readonly string[] | undefined;
    throw this.fault(key, 'be a list of texts', found);
  }

  flag(key: string): boolean | undefined {
    const found = this.#values.get(key);
    if (found === undefined || found.type === 'bool') return found?.value;
    throw this.fault(key, 'be true or false', found);
  }

  /** true and false, however they are stored: writers take integers as well. */
  flags(key: string): readonly boolean[] | undefined {
    const found = this.#values.get(key);
    if (found === undefined || (found.type === 'array' && found.of === 'bool'))
      return found?.value as readonly boolean[] | undefined;
    const numbers = this.numbers(key);
    if (numbers?.every((number) => number === 0 || number === 1)) return Array.from(numbers, (number) => number === 1);
    throw this.fault(key, 'be a list of true and false', found);
  }

  /** A number of any type. One that is stored as f32 is the shortest decimal that rounds to it: 1e-5, not 9.999999747378752e-6. */
  number(key: string): number | undefined {
    const found = this.#values.get(key);
    if (found === undefined) return undefined;
    if (found.type === 'f32') return shortestDecimal(found.value);
    if (typeof found.value === 'number') return found.value;
    if (typeof found.value === 'bigint' && Number.isSafeInteger(Number(found.value))) return Number(found.value);
    throw this.fault(key, 'be a number below 2^53', found);
  }

  /** An integer that is not negative. */
  integer(key: string): number | undefined {
    const value = this.number(key);
    if (value === undefined || (Number.isSafeInteger(value) && value >= 0)) return value;
    throw this.fault(key, 'be an integer from 0 on', this.#values.get(key)!);
  }

  /** A list of numbers of up to 32 bits, or of f64, as they are stored. */
  numbers(key: string): GgufNumbers | undefined {
    const found = this.#values.get(key);
    if (found === undefined) return undefined;
    if (
      found.type === 'array' &&
      ArrayBuffer.isView(found.value) &&
      !(found.value instanceof BigInt64Array) &&
      !(found.value instanceof BigUint64Array)
    )
      return found.value;
    throw this.fault(key, 'be a list of numbers', found);
  }

  /** An error about the value of a key. */
  fault(
    key: string,
    must: string,
    value: GgufValue | string | undefined = this.#values.get(key),
    advice = '',
  ): FormatError {
    const found = typeof value === 'object' ? describeValue(value) : (value ?? 'absent');
    const message = `${this.#where}: ${quoteName(key)} in ${this.#source} must ${must}, but it is ${found}.`;
    return new FormatError(advice === '' ? message : `${message} ${advice}`, { source: this.#source, field: key });
  }
}

/** A value of the metadata in a message: short, on one line. */
function describeValue(found: GgufValue): string {
  if (found.type === 'array') return `a list of ${found.value.length} of type ${found.of}`;
  const { value } = found;
  if (typeof value !== 'string') return String(value);
  const text = JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`;
}
