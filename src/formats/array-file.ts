import { FormatError } from '../core/errors.ts';
import { nearNames } from '../core/names.ts';
import { type ElementType, elementBytes } from './element-types.ts';
import { quoteName } from './json.ts';
import { checkMemory } from './memory-budget.ts';
import type { NamedArray } from './named-array.ts';

/** A file of named arrays, each of which is decoded when it is asked for. */
export interface ArrayFile {
  /** What to call the file in messages. */
  readonly source: string;
  /** In the order of the file. */
  readonly names: readonly string[];
  /** Most bytes that arrays read together may need. */
  readonly maxBytes: number;
  /** Bytes that an array needs, by its header: 8 for each number. @throws FormatError as `read`. */
  memory(name: string): number;
  /** An array, decoded. @throws FormatError if there is no array of that name, or its bytes are not what they must be; CapacityError. */
  read(name: string): NamedArray;
}

/** NumPy has no arrays of more axes. */
const MAX_AXES = 64;

/**
 * Arrays of a file, all of them by default.
 *
 * @throws CapacityError before the first is read if together they need more than the file's `maxBytes`; what `read` throws.
 */
export function readAll(file: ArrayFile, names: readonly string[] = file.names): NamedArray[] {
  const bytes = names.reduce((sum, name) => sum + file.memory(name), 0);
  checkMemory('readAll', `the ${names.length} arrays of ${file.source}`, bytes, file.maxBytes);
  return names.map((name) => file.read(name));
}

/** The entry of that name. @throws FormatError with the names there are. */
export function entryOf<T>(where: string, source: string, entries: ReadonlyMap<string, T>, name: string): T {
  const entry = entries.get(name);
  if (entry !== undefined) return entry;
  const names = [...entries.keys()];
  const near = names.length > SHOWN ? nearNames(names, name) : [];
  const hint = near.length === 0 ? '' : ` Near it: ${near.map(quoteName).join(', ')}.`;
  throw new FormatError(
    `${where}: ${source} must have an array ${quoteName(name)}, but it has ${listNames(names)}.${hint}`,
    { source, field: name },
  );
}

const SHOWN = 20;

/** Names in a message, the first twenty of them. */
export function listNames(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const shown = names.slice(0, SHOWN).map(quoteName).join(', ');
  return names.length > SHOWN ? `${shown} and ${names.length - SHOWN} more` : shown;
}

/** Numbers of elements and bytes of an array; null where they are no sizes below 2^53. */
export function sizeOf(shape: readonly number[], type: ElementType): { elements: number; bytes: number } | null {
  if (shape.length > MAX_AXES || !shape.every((size) => Number.isSafeInteger(size) && size >= 0)) return null;
  const elements = shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1);
  const bytes = elements * elementBytes(type);
  return Number.isSafeInteger(8 * bytes) ? { elements, bytes } : null;
}
