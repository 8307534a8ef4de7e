import { Complex } from 'complex.js';
import { DomainError } from '../../core/errors.ts';

/** What a complex number can be given as: a complex.js number, a pair [re, im], or a real number. */
export type ComplexLike = Complex | readonly [re: number, im: number] | number;

/** @throws DomainError for anything else. */
export function partsOf(value: ComplexLike): readonly [re: number, im: number] {
  if (typeof value === 'number') return [value, 0];
  if (value instanceof Complex) return [value.re, value.im];
  if (Array.isArray(value) && value.length === 2) return value as readonly [number, number];
  throw new DomainError(`complex: a number must be real, a pair [re, im] or a Complex, but it is ${String(value)}.`);
}
