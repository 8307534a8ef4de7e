import { checkFinite, checkInteger, checkLength } from '../../core/checks.ts';
import { DomainError } from '../../core/errors.ts';

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
