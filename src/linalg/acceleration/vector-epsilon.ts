import { norm } from '../matrix/vectors.ts';
import {
  backInRange,
  checkSequence,
  type Extrapolation,
  roundingOf,
  type VectorSequence,
  withinRange,
} from './sequence.ts';

/**
 * Vector epsilon algorithm with the Samelson inverse v⁻¹ = v/‖v‖² (vector Padé approximants):
 *
 *     ε_{−1} = 0,   ε_0^(j) = s_j,   ε_{k+1}^(j) = ε_{k−1}^(j+1) + (ε_k^(j+1) − ε_k^(j))⁻¹
 *
 * The last even column that the terms reach is returned; an even number of terms leaves the first one out. A real sequence with r
 * geometric modes is exact from 2r + 1 terms on. Where a difference is no more than twice what rounding may have made, the table ends, at the last
 * even column before it: what follows would be made of noise. In an even column that is convergence; in an odd one the next
 * even column would be infinite, as it is for constant steps: there is no limit, and all components count as fallbacks.
 *
 * @throws DomainError for no terms; ShapeError, NonFiniteError.
 * @accuracy conditionally stable: differences of nearly equal vectors lose the digits they share.
 * @cost m²/2 vector operations for m terms.
 * @source P. Wynn, Math. Comp. 16 (1962) 301; exactness: J. B. McLeod, Computing 7 (1971) 17.
 * @example
 * vectorEpsilon([[1, 0], [1.5, 1], [1.75, 1.5]]).value; // [2, 2]
 */
export function vectorEpsilon(sequence: VectorSequence): Extrapolation {
  checkSequence('vectorEpsilon', sequence, 1);
  const { terms, exponent } = withinRange(sequence);
  return backInRange(lastEvenColumn(terms), exponent, sequence.at(-1)!);
}

function lastEvenColumn(terms: VectorSequence): Extrapolation {
  const start: Entry[] = terms.slice(terms.length % 2 === 0 ? 1 : 0).map((term) => ({
    value: Float64Array.from(term),
    error: roundingOf(norm(Float64Array.from(term)), terms.length),
  }));
  let before = start.slice(1).map(({ value }): Entry => ({ value: new Float64Array(value.length), error: 0 }));
  let column: Entry[] = start;
  let even = start;
  let order = 0;
  for (let k = 1; column.length > 1; k++) {
    const steps = column.slice(1).map((entry, j) => inverseOfDifference(column[j]!, entry));
    if (steps.some((step) => step === null)) {
      // Equal entries of an odd column: the next even one would be infinite.
      if (k % 2 === 0) return { value: Float64Array.from(terms.at(-1)!), order: 0, fallbacks: terms[0]!.length };
      break;
    }
    const next = steps.map((step, j) => {
      const { value, error } = before[j]!;
      return rounded(
        value.map((x, i) => x + step!.value[i]!),
        error + step!.error,
      );
    });
    before = column.slice(1, -1);
    column = next;
    if (k % 2 === 0) {
      even = column;
      order = k / 2;
    }
  }
  return { value: even.at(-1)!.value.slice(), order, fallbacks: 0 };
}

/** An entry of the table, and how far rounding may have moved it. */
interface Entry {
  readonly value: Float64Array;
  readonly error: number;
}

/** Unit roundoff. */
const U = 2 ** -53;

function rounded(value: Float64Array, error: number): Entry {
  return { value, error: error + U * norm(value) };
}

/** v/‖v‖² of v = b − a; null where rounding may have made half of v, or where the inverse overflows. */
function inverseOfDifference(a: Entry, b: Entry): Entry | null {
  const v = b.value.map((value, i) => value - a.value[i]!);
  const size = norm(v);
  const error = a.error + b.error;
  if (size <= 2 * error || !Number.isFinite(1 / size)) return null;
  return { value: v.map((value) => value / size / size), error: error / size / (size - error) };
}
