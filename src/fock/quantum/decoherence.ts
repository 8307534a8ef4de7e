import type { Backend } from '../../backend/backend.ts';
import { CapacityError, DomainError } from '../../core/errors.ts';
import { checkArray, checkMembers } from '../../core/kinds.ts';
import { ComplexMatrix } from '../../linalg/matrix/matrix.ts';
import { checkDense, diagonalOf } from './complex.ts';
import { toFactoredState } from './conversions.ts';
import { checkNormalised, type QuantumState } from './states.ts';
import { stringKey } from './string-basis.ts';
import type { StringChannel } from './string-channel.ts';
import type { StringOperator } from './string-operator.ts';

/** One step of a family of histories: the state moves, then one of some operators that sum to 1 acts. */
export interface HistoryStep {
  /** How the state moves. */
  readonly channel: StringChannel;
  /** The operators, which sum to 1. */
  readonly alternatives: readonly Alternative[];
}

/** One of the operators of a step of a history, with its name. */
export interface Alternative {
  /** What the alternative is called. */
  readonly label: string | number;
  /** Such as the projector of an outcome. */
  readonly operator: StringOperator;
}

/** D(α,β) of all pairs of histories. */
export interface DecoherenceFunctional {
  /** Labels of every history, L each. */
  readonly histories: readonly (readonly (string | number)[])[];
  /** D: Hermitian, ≥ 0, one row for each history. Where alternatives sum to 1, Σ_αβ D(α,β) = Tr ρ. */
  readonly matrix: ComplexMatrix;
  /** D(α,α): probabilities where the family is consistent. */
  readonly probabilities: Float64Array;
  /** |Σ_αβ D(α,β) − 1| */
  readonly residual: number;
  /** Largest |D(α,β)| over α ≠ β: 0 for a (medium) decoherent family. */
  readonly largestOffDiagonal: number;
  /** Largest |Re D(α,β)| over α ≠ β: 0 for a (weakly) consistent family, whose probabilities add. */
  readonly largestInterference: number;
}

const MOST_ELEMENTS = 1 << 22;
const BYTES_PER_ELEMENT = 128;

/**
 * The decoherence functional D(α,β) = Tr[C_α ρ C_β†] with C_α = O_{α_L} V … O_{α_1} V. For a channel with several Kraus operators both sides
 * go with the same one, as if its environment were never looked at: D(α,β) = Tr[O_{α_L} E(… O_{α_1} E(ρ) O_{β_1}† …) O_{β_L}†].
 *
 * Computed as the Gram matrix of the vectors C_α A over strings, columns of ρ = A A† and states of the environment, so it is
 * Hermitian and at least 0 by construction.
 *
 * @throws DomainError unless Tr ρ = 1 and every step has an alternative; CapacityError.
 * @accuracy stable: sums of products of amplitudes.
 * @cost (alternatives)^L vectors over strings × columns × environments
 * @source M. Gell-Mann, J. B. Hartle, Phys. Rev. D 47 (1993) 3345; R. B. Griffiths, J. Stat. Phys. 36 (1984) 219.
 */
export function decoherenceFunctional(
  backend: Backend,
  steps: readonly HistoryStep[],
  state: QuantumState,
): DecoherenceFunctional {
  checkNormalised('decoherenceFunctional', state);
  checkArray('decoherenceFunctional', 'steps', steps, 'steps');
  for (const [i, step] of steps.entries())
    checkMembers('decoherenceFunctional', `steps[${i}]`, step, 'an object', {
      channel: 'object',
      alternatives: 'object',
    });
  const count = steps.reduce((product, { alternatives }) => product * alternatives.length, 1);
  if (count === 0)
    throw new DomainError('decoherenceFunctional: every step must have an alternative, but one has none.');
  checkDense('decoherenceFunctional', 'the functional', count, count);
  let branches = [{ labels: [] as (string | number)[], vector: startVector(backend, state) }];
  for (const { channel, alternatives } of steps) {
    branches = branches.flatMap(({ labels, vector }) => {
      const moved = advance(vector, channel);
      return alternatives.map(({ label, operator }) => ({
        labels: [...labels, label],
        vector: transform(moved, operator),
      }));
    });
    const size = branches.reduce((sum, { vector }) => sum + vector.size, 0);
    if (size > MOST_ELEMENTS)
      throw new CapacityError(
        `decoherenceFunctional: the histories must have at most ${MOST_ELEMENTS} amplitudes, but they have ${size}. Take fewer steps.`,
        size * BYTES_PER_ELEMENT,
      );
  }
  const matrix = gramOf(branches.map(({ vector }) => vector));
  let [largestOffDiagonal, largestInterference, sum] = [0, 0, 0];
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < count; b++) {
      const [re, im] = [matrix.data[2 * (a * count + b)]!, matrix.data[2 * (a * count + b) + 1]!];
      sum += re;
      if (a === b) continue;
      largestOffDiagonal = Math.max(largestOffDiagonal, Math.sqrt(re * re + im * im));
      largestInterference = Math.max(largestInterference, Math.abs(re));
    }
  }
  return {
    histories: branches.map(({ labels }) => labels),
    matrix,
    probabilities: diagonalOf(matrix),
    residual: Math.abs(sum - 1),
    largestOffDiagonal,
    largestInterference,
  };
}

/** An amplitude of a string, together with the column of ρ and the environment it belongs to. */
interface Amplitude {
  readonly string: Int32Array;
  readonly label: string;
  re: number;
  im: number;
}

/** Amplitudes by label and string. */
type SparseVector = ReadonlyMap<string, Amplitude>;

function add(vector: Map<string, Amplitude>, string: Int32Array, label: string, re: number, im: number): void {
  const key = `${label}|${stringKey(string)}`;
  const known = vector.get(key);
  if (known === undefined) vector.set(key, { string, label, re, im });
  else {
    known.re += re;
    known.im += im;
  }
}

function startVector(backend: Backend, state: QuantumState): SparseVector {
  const { basis, factor } = toFactoredState(backend, state);
  const vector = new Map<string, Amplitude>();
  for (const [i, string] of basis.strings.entries()) {
    for (let c = 0; c < factor.columns; c++) {
      const at = 2 * (i * factor.columns + c);
      const [re, im] = [factor.data[at]!, factor.data[at + 1]!];
      if (re !== 0 || im !== 0) add(vector, string, String(c), re, im);
    }
  }
  return vector;
}

function advance(vector: SparseVector, channel: StringChannel): SparseVector {
  const moved = new Map<string, Amplitude>();
  for (const { string, label, re, im } of vector.values()) {
    for (const term of channel.dilate(string))
      add(moved, term.string, `${label}|${term.environment}`, re * term.re - im * term.im, re * term.im + im * term.re);
  }
  return moved;
}

function transform(vector: SparseVector, operator: StringOperator): SparseVector {
  const image = new Map<string, Amplitude>();
  for (const { string, label, re, im } of vector.values()) {
    for (const term of operator.image(string))
      add(image, term.string, label, re * term.re - im * term.im, re * term.im + im * term.re);
  }
  return image;
}

/** D(α,β) = Σ v_α conj(v_β) */
function gramOf(vectors: readonly SparseVector[]): ComplexMatrix {
  const n = vectors.length;
  const gram = new ComplexMatrix(n, n);
  for (const [a, left] of vectors.entries()) {
    for (const [b, right] of vectors.slice(0, a + 1).entries()) {
      let [re, im] = [0, 0];
      for (const [key, x] of left) {
        const y = right.get(key);
        if (y === undefined) continue;
        re += x.re * y.re + x.im * y.im;
        im += x.im * y.re - x.re * y.im;
      }
      gram.data.set([re, im], 2 * (a * n + b));
      gram.data.set([re, -im], 2 * (b * n + a));
    }
  }
  return gram;
}
