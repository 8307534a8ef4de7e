import type { Backend, BackendKind } from '../../backend/backend.ts';
import { checkInteger } from '../../core/checks.ts';
import { DomainError, MechanicsError } from '../../core/errors.ts';
import { exp } from '../../math/exp.ts';
import { log } from '../../math/log.ts';
import { expm } from '../functions/expm.ts';
import { svds } from '../iterative/svds.ts';
import { checkFiniteMatrix, checkSquare, matrixLike } from '../matrix/arguments.ts';
import { type AnyMatrix, ComplexMatrix, identity } from '../matrix/matrix.ts';
import { norm2 } from '../norms.ts';
import { matrixOperator } from '../operator/matrix-operator.ts';
import { multiply } from '../products.ts';
import { ITERATIVE_FROM, LARGEST_ONLY } from './iteration.ts';
import type { KreissConstant } from './kreiss.ts';

/** Norms of powers or exponentials. */
export interface TransientGrowth {
  /** Exponents k = 0, 1, … or times t. */
  readonly times: Float64Array;
  /** ‖Aᵏ‖ or ‖e^{tA}‖; ∞ from where a power overflows. */
  readonly norms: Float64Array;
  /** Which implementation ran. */
  readonly backend: BackendKind;
}

/**
 * ‖Aᵏ‖₂ for k = 0 … last, by repeated products.
 *
 * @throws ShapeError unless a is square; NonFiniteError; DomainError for a bad `last`.
 * @accuracy absolute about k·n·u·‖A‖ᵏ: relative to the largest norms on the way. From order 256 on a norm is the largest that Golub–Kahan
 * iteration finds from a random vector, to 1e-9 of itself where the largest singular values lie as close together.
 * @cost a product and the singular values of one matrix per step, 5n³ flops; 2n³ from order 256 on.
 * @example
 * transientPowers(backend, Matrix.fromRows([[0, 2], [0, 0]]), 2).norms; // 1, 2, 0
 */
export function transientPowers(backend: Backend, a: AnyMatrix, last: number): TransientGrowth {
  checkSquare('transientPowers', a);
  checkFiniteMatrix('transientPowers', 'a', a);
  checkInteger('transientPowers', 'last', last, 0, 1e6);
  return {
    times: Float64Array.from({ length: last + 1 }, (_, k) => k),
    norms: powers(backend, a, last),
    backend: backend.kind,
  };
}

/**
 * ‖e^{tA}‖₂ at `steps` equal steps from 0 to `end`, by powers of e^{hA}.
 *
 * @throws as {@link transientPowers}; DomainError unless end > 0, or if the first step overflows.
 * @accuracy as transientPowers for the matrix e^{hA}, which has the accuracy of {@link expm}.
 * @cost one exponential, then as transientPowers.
 */
export function transientExponentials(backend: Backend, a: AnyMatrix, end: number, steps = 100): TransientGrowth {
  const where = 'transientExponentials';
  checkSquare(where, a);
  checkInteger(where, 'steps', steps, 1, 1e6);
  checkTime(where, 'end', end);
  checkFiniteMatrix(where, 'a', a);
  const step = exponentialOf(where, backend, a, end / steps);
  return {
    times: Float64Array.from({ length: steps + 1 }, (_, k) => (end * k) / steps),
    norms: powers(backend, step, steps),
    backend: backend.kind,
  };
}

/** Rounding, n·u in every square, may change the norm by this share after all doublings. */
const DRIFT = 1 / 16;

/**
 * A time by which ‖e^{tA}‖ has grown and fallen again: the first of start, 2·start, 4·start, … where it is at most a tenth of its largest
 * value at those times and at 0.
 *
 * @returns null if there is none before rounding, which grows with the doublings, has its say (2ᵏ·n·u = 1/16), or if the exponential
 * overflows: as for every A with an eigenvalue of Re λ ≥ 0.
 * @throws as {@link transientPowers}; DomainError unless start > 0.
 * @accuracy within a factor of 2 of the first such time, unless the norm oscillates.
 * @cost one exponential, then a product and the singular values of one matrix per doubling, 5n³ flops.
 */
export function decayTime(backend: Backend, a: AnyMatrix, start: number): number | null {
  const where = 'decayTime';
  checkSquare(where, a);
  checkFiniteMatrix(where, 'a', a);
  checkTime(where, 'start', start);
  let propagator = exponentialOf(where, backend, a, start);
  let largest = 1;
  for (let time = start, drift = a.rows * U; drift <= DRIFT; drift *= 2, time *= 2) {
    if (!propagator.data.every(Number.isFinite)) return null;
    const norm = normOf(backend, propagator);
    if (norm <= largest / 10) return time;
    largest = Math.max(largest, norm);
    propagator = multiply(backend, propagator, propagator);
  }
  return null;
}

const U = 2 ** -53;

function checkTime(where: string, name: string, time: number): void {
  if (time > 0 && time < Number.POSITIVE_INFINITY) return;
  throw new DomainError(`${where}: ${name} must be a positive number, but it is ${String(time)}.`);
}

function exponentialOf(where: string, backend: Backend, a: AnyMatrix, time: number): AnyMatrix {
  const { rows: n, data } = a;
  const scaled = data.map((x) => time * x);
  try {
    return expm(backend, matrixLike<AnyMatrix>(a, n, n, scaled)).value;
  } catch (error) {
    if (!(error instanceof MechanicsError)) throw error;
    throw new DomainError(
      `${where}: e^{tA} must stay below 1.8e308, but it overflows at t = ${time}. Take shorter times.`,
    );
  }
}

function normOf(backend: Backend, a: AnyMatrix): number {
  if (a.rows < ITERATIVE_FROM) return norm2(backend, a);
  const operator = matrixOperator(backend, a);
  try {
    const { values, converged } = svds(backend, operator, LARGEST_ONLY);
    return converged[0] === true ? values[0]! : norm2(backend, a);
  } finally {
    operator.release();
  }
}

function powers(backend: Backend, a: AnyMatrix, last: number): Float64Array {
  const norms = new Float64Array(last + 1).fill(Number.POSITIVE_INFINITY);
  let power: AnyMatrix = a.field === 'real' ? identity(a.rows) : ComplexMatrix.fromReal(identity(a.rows));
  norms[0] = a.rows === 0 ? 0 : 1;
  for (let k = 1; k <= last; k++) {
    power = multiply(backend, power, a);
    if (!power.data.every(Number.isFinite)) break;
    norms[k] = normOf(backend, power);
  }
  return norms;
}

/**
 * Lower bounds from the resolvent on the largest norm up to each time, sup_{0≤t'≤t} ‖e^{t'A}‖ or max_{k≤t} ‖Aᵏ‖: from every curve of a Kreiss
 * computation, with g = e^{t·level} or levelᵏ and κ the value there, g/(1 + (g − 1)/κ).
 *
 * @accuracy that of the profile.
 * @cost one pass over the profile per time.
 * @source L. N. Trefethen, M. Embree, Spectra and Pseudospectra (2005), §15 and §16.
 */
export function transientLowerBounds(
  { profile, region }: Pick<KreissConstant, 'profile' | 'region'>,
  times: Float64Array,
): Float64Array {
  const discrete = region === 'disc';
  return times.map((t) => {
    let best = 1;
    for (let k = 0; k < profile.length; k += 2) {
      const [level, value] = [profile[k]!, profile[k + 1]!];
      if (!(value > 0)) continue;
      // 1/g, which does not overflow.
      const inverse = exp(-t * (discrete ? log(level) : level));
      best = Math.max(best, 1 / (inverse + (1 - inverse) / value));
    }
    return best;
  });
}
