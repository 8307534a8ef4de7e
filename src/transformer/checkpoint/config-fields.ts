import { FormatError } from '../../core/errors.ts';
import { describeJson } from '../../formats/json.ts';

/** The file that fields come from. */
export interface FieldOrigin {
  /** Name of the file, for messages. */
  readonly source: string;
  /** What the file calls a field; undefined where it has the same name there. */
  readonly nameOf?: (field: string) => string | undefined;
}

const CONFIG: FieldOrigin = { source: 'config.json' };

/** Says of a field's value that the model computes the same as without it. */
export type IsNeutral = (value: unknown) => boolean;

/**
 * The fields of a config.json. It remembers which were asked for, so that those nobody knows can be shown. A field that is
 * null counts as absent, as in the library that writes these files, but for {@link isNull}.
 *
 * Every method throws FormatError with the field's name.
 */
export class ConfigFields {
  readonly #values: ReadonlyMap<string, unknown>;
  readonly #prefix: string;
  readonly #known = new Set<string>();
  readonly #origin: FieldOrigin;

  /** `prefix` names the object in messages where the fields are not the outermost ones: `rope_scaling.`. */
  constructor(values: ReadonlyMap<string, unknown>, prefix = '', origin: FieldOrigin = CONFIG) {
    this.#values = values;
    this.#prefix = prefix;
    this.#origin = origin;
  }

  /** Name of the file they come from. */
  get source(): string {
    return this.#origin.source;
  }

  /** The value, undefined if absent or null. */
  value(name: string): unknown {
    this.#known.add(name);
    return this.#values.get(name) ?? undefined;
  }

  /** Whether the file says null, for the few fields where that is not the same as saying nothing. */
  isNull(name: string): boolean {
    this.#known.add(name);
    return this.#values.get(name) === null;
  }

  /** An integer from 1 to `high`; required if there is no `fallback`. */
  size(name: string, high: number, fallback?: number): number {
    const value = this.value(name) ?? fallback;
    if (Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= high) return value as number;
    throw this.fault(name, `be an integer from 1 to ${high}`, value);
  }

  /** A finite number above zero. */
  positive(name: string, fallback?: number): number {
    const value = this.value(name) ?? fallback;
    if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
    throw this.fault(name, 'be a number above zero', value);
  }

  boolean(name: string, fallback: boolean): boolean {
    const value = this.value(name) ?? fallback;
    if (typeof value === 'boolean') return value;
    throw this.fault(name, 'be true or false', value);
  }

  /** A key of `table`; gives what stands there. */
  choice<Value>(name: string, table: ReadonlyMap<string, Value>, fallback?: string): Value {
    const value = this.value(name) ?? fallback;
    const found = typeof value === 'string' ? table.get(value) : undefined;
    if (found !== undefined) return found;
    throw this.fault(name, `be one of ${[...table.keys()].join(', ')}`, value);
  }

  /** Marks fields that never change the computation. */
  ignore(names: Iterable<string>): void {
    for (const name of names) this.#known.add(name);
  }

  /** Refuses each field of the table that is set to something that changes the computation. */
  refuse(table: Iterable<readonly [name: string, isNeutral: IsNeutral]>): void {
    for (const [name, isNeutral] of table) {
      const value = this.value(name);
      if (value !== undefined && !isNeutral(value)) {
        throw this.fault(name, 'be off', value, 'This package does not compute models that use it.');
      }
    }
  }

  knows(name: string): boolean {
    return this.#known.has(name);
  }

  /** Names that nobody asked for or marked, in the file's order. */
  unknown(): string[] {
    return [...this.#values.keys()].filter((name) => !this.#known.has(name)).map((name) => this.#nameOf(name));
  }

  fault(name: string, must: string, value: unknown, advice = ''): FormatError {
    const [field, { source }] = [this.#nameOf(name), this.#origin];
    const message = `openCheckpoint: ${field} in ${source} must ${must}, but it is ${describeJson(value)}.`;
    return new FormatError(advice === '' ? message : `${message} ${advice}`, { source, field });
  }

  #nameOf(field: string): string {
    return this.#origin.nameOf?.(field) ?? this.#prefix + field;
  }
}
