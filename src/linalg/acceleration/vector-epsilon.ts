import { checkSequence, differences, type Extrapolation, type VectorSequence } from './sequence.ts';

/**
 * Vector epsilon algorithm with the Samelson inverse v⁻¹ = v/‖v‖² (vector Padé approximants):
 *
 *     ε_{−1} = 0,   ε_0^(j) = s_j,   ε_{k+1}^(j) = ε_{k−1}^(j+1) + (ε_k^(j+1) − ε_k^(j))⁻¹
 *
 * The last even column that the terms reach is returned; an even number of terms leaves the first one out. A real sequence with r
 * geometric modes is exact from 2r + 1 terms on. Where a difference vanishes the table ends, at the last even column before it:
 * the sequence has converged there.
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
  const start = sequence.slice(sequence.length % 2 === 0 ? 1 : 0).map((term) => Float64Array.from(term));
  let before: Float64Array[] = start.slice(1).map((term) => new Float64Array(term.length));
  let column = start;
  let even = start;
  let order = 0;
  for (let k = 1; column.length > 1; k++) {
    const steps = differences(column).map(samelsonInverse);
    if (steps.some((step) => step === null)) break;
    const next = steps.map((step, j) => before[j]!.map((value, i) => value + step![i]!));
    before = column.slice(1, -1);
    column = next;
    if (k % 2 === 0) {
      even = column;
      order = k / 2;
    }
  }
  return { value: even.at(-1)!.slice(), order, fallbacks: 0 };
}

/** v/‖v‖², scaled on the way so that squares neither overflow nor vanish; null for the zero vector, or where the inverse overflows. */
function samelsonInverse(v: Float64Array): Float64Array | null {
  let largest = 0;
  for (const value of v) largest = Math.max(largest, Math.abs(value));
  if (largest === 0 || !Number.isFinite(1 / largest)) return null;
  let squares = 0;
  for (const value of v) squares += (value / largest) * (value / largest);
  return v.map((value) => value / largest / squares / largest);
}
