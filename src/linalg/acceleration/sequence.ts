import { checkFinite, checkInteger, checkLength } from '../../core/checks.ts';
import { DomainError } from '../../core/errors.ts';
import { exponentOf, largestOf, timesPowerOfTwo } from '../matrix/powers-of-two.ts';
import { norm } from '../matrix/vectors.ts';

/** Terms s_0, s_1, … of a sequence of vectors of one length. */
export type VectorSequence = readonly ArrayLike<number>[];

/** What a sequence is extrapolated to. */
export interface Extrapolation {
  /** The limit that is predicted, as long as a term. */
  readonly value: Float64Array;
  /** Geometric modes that the prediction removes: k of ε_2k, or the numerical rank of the differences. */
  readonly order: number;
  /** Components for which the method broke down, so that the last term stands there. */
  readonly fallbacks: number;
}

/**
 * Checks a sequence and returns the length of its terms.
 *
 * @throws DomainError for fewer terms than `least` or empty terms, ShapeError for terms of different lengths, NonFiniteError naming the term.
 */
export function checkSequence(where: string, sequence: VectorSequence, least: number): number {
  if (sequence.length < least) {
    throw new DomainError(
      `${where}: sequence must have at least ${least} terms, but it has ${sequence.length}. Give more terms.`,
    );
  }
  const n = sequence[0]!.length;
  checkInteger(where, 'sequence[0].length', n, 1);
  for (const [k, term] of sequence.entries()) {
    checkLength(where, `sequence[${k}]`, term, n);
    checkFinite(where, `sequence[${k}]`, term);
  }
  return n;
}

/** s_{k+1} − s_k for every k. */
export function differences(sequence: VectorSequence): Float64Array[] {
  return sequence.slice(1).map((term, k) => Float64Array.from(term, (value, i) => value - sequence[k]![i]!));
}

/** Largest elements between which squares and reciprocals of differences stay in the range of f64. */
const [SMALL, LARGE] = [2 ** -400, 2 ** 400];

/** A sequence times 2^−exponent: 0 for all ordinary ones, which are left alone. */
export function withinRange(sequence: VectorSequence): { readonly terms: VectorSequence; readonly exponent: number } {
  const largest = Math.max(0, ...sequence.map((term) => largestOf(Float64Array.from(term))));
  if (largest === 0 || (largest >= SMALL && largest <= LARGE)) return { terms: sequence, exponent: 0 };
  const exponent = exponentOf(largest);
  return {
    terms: sequence.map((term) => Float64Array.from(term, (value) => timesPowerOfTwo(value, -exponent))),
    exponent,
  };
}

/** A value times 2^exponent; components that this takes out of f64 become those of the last term, and are counted. */
export function backInRange(found: Extrapolation, exponent: number, last: ArrayLike<number>): Extrapolation {
  if (exponent === 0) return found;
  let { fallbacks } = found;
  const value = found.value.map((x, i) => {
    const scaled = timesPowerOfTwo(x, exponent);
    if (Number.isFinite(scaled)) return scaled;
    fallbacks++;
    return last[i]!;
  });
  return { ...found, value, fallbacks };
}

const UNIT_ROUNDOFF = 2 ** -53;
/** Half of the smallest number. */
const UNDERFLOW = 2 ** -1074;

/** How far the terms of a sequence of m may be from those that were meant: m + 3 units of roundoff, as a sum of m numbers may be. */
export function roundingOf(size: number, terms: number): number {
  return (terms + 3) * (UNIT_ROUNDOFF * size + UNDERFLOW);
}

/** ‖δ‖ of the terms' roundings δ, by component; a component that never changes has none. */
export function noiseOf(sequence: VectorSequence): number {
  const first = sequence[0]!;
  return norm(
    Float64Array.from(first, (start, i) => {
      let size = Math.abs(start);
      let changes = false;
      for (const term of sequence) {
        size = Math.max(size, Math.abs(term[i]!));
        changes ||= term[i] !== start;
      }
      return changes ? roundingOf(size, sequence.length) : 0;
    }),
  );
}
