import { FormatError, MechanicsError } from '../core/errors.ts';

/** Faults that a message lists; the rest are counted. */
const MOST_LISTED = 50;

/** The faults of a description, each with the path of its field, to be thrown together. */
export class DescriptionFaults {
  readonly #where: string;
  readonly #source: string;
  readonly #faults: { readonly field: string; readonly text: string; readonly cause?: unknown }[] = [];

  /**
   * @param where the function that speaks.
   * @param source name of the file.
   */
  constructor(where: string, source: string) {
    this.#where = where;
    this.#source = source;
  }

  /** @param required continues “must”; `instead` continues “but”. */
  add(field: string, required: string, instead: string, cause?: unknown): void {
    this.#faults.push({ field, text: `${field} of ${this.#source} must ${required}, but ${instead}`, cause });
  }

  /** What `build` gives; an error of ours in it becomes a fault of the field, and null comes back. */
  attempt<T>(field: string, build: () => T): T | null {
    try {
      return build();
    } catch (cause) {
      if (!(cause instanceof MechanicsError)) throw cause;
      this.add(field, 'be valid', cause.message.replace(/\.$/, ''), cause);
      return null;
    }
  }

  /** @throws FormatError with all faults, one sentence each, if there are any; `field` and `cause` are those of the first. */
  throwIfAny(): void {
    const [first] = this.#faults;
    if (first === undefined) return;
    const listed = this.#faults.slice(0, MOST_LISTED).map(({ text }) => `${text}.`);
    const more = this.#faults.length - listed.length;
    if (more > 0) listed.push(`Faults after these: ${more}.`);
    throw new FormatError(
      `${this.#where}: ${listed.join(' ')}`,
      { source: this.#source, field: first.field },
      first.cause === undefined ? undefined : { cause: first.cause },
    );
  }
}

/** A value as messages show it. */
export function abridged(found: unknown): string {
  if (found === undefined) return 'missing';
  if (typeof found !== 'object' && typeof found !== 'string') return clipped(String(found));
  if (nests(found, DEEPEST_SHOWN)) return 'a value that nests too deeply to be shown';
  return clipped(JSON.stringify(found, (_, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner)));
}

/** Values that nest deeper are not shown: how deep JSON.stringify comes depends on the engine's stack. */
const DEEPEST_SHOWN = 16;

function nests(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => nests(inner, levels - 1));
}

export function clipped(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
