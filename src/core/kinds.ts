/** What callers without types can get wrong: names the function, the argument, what it must be and what came. */
import { DomainError } from './errors.ts';

/** What a value is, in words. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value))
    return Array.isArray(value[0]) ? 'an array of arrays' : `an array of ${value.length} elements`;
  if (typeof value === 'object') {
    const name: unknown = Object.getPrototypeOf(value)?.constructor?.name;
    return typeof name === 'string' && name !== 'Object' ? `of the class ${name}` : 'a plain object';
  }
  return typeof value === 'number' ? `the number ${value}` : `a ${typeof value}`;
}

/** @throws DomainError unless a value is an array; `what` says of what. */
export function checkArray(where: string, name: string, value: unknown, what: string): void {
  if (Array.isArray(value)) return;
  throw new DomainError(`${where}: ${name} must be an array of ${what}, but it is ${kindOf(value)}.`);
}

/** @throws DomainError unless a value is a function. */
export function checkFunction(where: string, name: string, value: unknown): void {
  if (typeof value === 'function') return;
  throw new DomainError(`${where}: ${name} must be a function, but it is ${kindOf(value)}.`);
}

/** @throws DomainError unless a value is an object whose members have these types; `what` says what it must be. */
export function checkMembers(
  where: string,
  name: string,
  value: unknown,
  what: string,
  members: Readonly<Record<string, 'number' | 'function' | 'object'>>,
): void {
  const given = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const odd = Object.entries(members).find(([member, type]) => typeof given[member] !== type || given[member] === null);
  if (odd === undefined) return;
  const needed = Object.keys(members).join("', '");
  throw new DomainError(`${where}: ${name} must be ${what} with '${needed}', but it is ${kindOf(value)}.`);
}
