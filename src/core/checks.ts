import { DomainError, NonFiniteError, ShapeError } from './errors.ts';
import { kindOf } from './kinds.ts';

/** @throws DomainError unless `value` is an integer in [`low`, `high`]. */
export function checkInteger(
  where: string,
  name: string,
  value: number,
  low: number,
  high = Number.MAX_SAFE_INTEGER,
): void {
  if (Number.isSafeInteger(value) && value >= low && value <= high) return;
  const range =
    high === Number.MAX_SAFE_INTEGER ? `an integer of at least ${low}` : `an integer from ${low} to ${high}`;
  throw new DomainError(
    `${where}: ${name} must be ${range}, but it is ${typeof value === 'number' ? value : kindOf(value)}.`,
  );
}

/** @throws DomainError unless `value` is one of `choices`. */
export function checkChoice(where: string, name: string, value: string, choices: readonly string[]): void {
  if (choices.includes(value)) return;
  const list = `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;
  throw new DomainError(
    `${where}: ${name} must be ${list}, but it is ${typeof value === 'string' ? value : kindOf(value)}.`,
  );
}

/** @throws ShapeError unless `array` has `length` elements. */
export function checkLength(where: string, name: string, array: ArrayLike<unknown>, length: number): void {
  if (array.length === length) return;
  throw new ShapeError(`${where}: ${name} must have ${length} elements, but it has ${array.length}.`);
}

/** @throws NonFiniteError naming the first element that is NaN or infinite. */
export function checkFinite(where: string, name: string, array: ArrayLike<number>): void {
  for (let i = 0; i < array.length; i++) {
    if (!Number.isFinite(array[i])) {
      throw new NonFiniteError(`${where}: ${name} must be finite, but ${name}[${i}] is ${String(array[i])}.`);
    }
  }
}
