import { Complex } from 'complex.js';

/** What a complex number can be given as: a complex.js number, a pair [re, im], or a real number. */
export type ComplexLike = Complex | readonly [re: number, im: number] | number;

export function partsOf(value: ComplexLike): readonly [re: number, im: number] {
  if (typeof value === 'number') return [value, 0];
  return value instanceof Complex ? [value.re, value.im] : value;
}
