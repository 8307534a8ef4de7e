import type { Backend, BackendKind } from '../../backend/backend.ts';
import { resolventWork } from '../../backend/contract/resolvent.ts';
import { checkChoice, checkInteger } from '../../core/checks.ts';
import { ConvergenceError, DomainError, inNameOf, NonFiniteError, ShapeError } from '../../core/errors.ts';
import { RandomStream } from '../../core/philox.ts';
import { modulus } from '../../math/complex-pairs.ts';
import { checkTriangular } from '../eigen/eigen-checks.ts';
import { type Schur, schur } from '../eigen/schur.ts';
import { checkFiniteMatrix, checkRoom, checkSquare } from '../matrix/arguments.ts';
import type { AnyMatrix, ComplexMatrix } from '../matrix/matrix.ts';
import { put } from '../matrix/operands.ts';
import { allTimesPowerOfTwo, exponentOf, timesPowerOfTwo } from '../matrix/powers-of-two.ts';

/** A matrix, or the triangular factor of its Schur form. */
export type ResolventOf = AnyMatrix | Pick<Schur, 't'>;

/** Options of `smallestSingularValues`. */
export interface ResolventOptions {
  /** Relative error allowed, from 1e-12 to 0.1. */
  readonly tolerance?: number;
  /** Most Lanczos steps at one point; 4n + 100 unless given. */
  readonly maxSteps?: number;
  /** What to do with points where that is not enough: throw (default), or report how many they are. */
  readonly onFailure?: 'throw' | 'report';
}

/** σ_min(z − A) at points z. */
export interface ResolventValues {
  /** σ_min(z − A) of each point. */
  readonly values: Float64Array;
  /** Lanczos steps at each point: 0 where |z| ≫ ‖A‖ gave the value, negative where they did not reach the tolerance. */
  readonly steps: Int32Array;
  /** Points that did not reach the tolerance: their values are upper bounds. */
  readonly unconverged: number;
  /** Relative error that was allowed. */
  readonly tolerance: number;
  /** n·u·‖A‖_F: a value of this size or less says only that z is an eigenvalue of a matrix as near as rounding. */
  readonly noise: number;
  /** Which implementation ran. */
  readonly backend: BackendKind;
}

/** Steps allowed per row, and beyond. */
const STEPS_PER_ROW = 4;
const MORE_STEPS = 100;
/** Points times n² of one kernel call: some 30 ms of WebAssembly. */
const CALL_SIZE = 7e6;
const MAX_CALL = 4096;
/** Relative to the largest element of A. Beyond, σ_min(z − A) = |z| to the last bits. */
const FAR = 2 ** 60;
const U = 2 ** -53;
const SEED = 1997n;

/**
 * σ_min(z − A) = 1/‖(z − A)⁻¹‖ at the points z_k = points[2k] + i·points[2k+1], by Lanczos iteration on the inverse of the
 * triangular z − T, from one fixed start vector: the value at a point does not depend on the other points.
 *
 * @throws ShapeError unless A is square and points holds pairs. @throws DomainError if A is empty, t not triangular, or a value overflows.
 * @throws NonFiniteError naming the first element or coordinate that is not finite. @throws CapacityError if the work does not fit.
 * @throws ConvergenceError after `maxSteps` steps at some point, or if the Schur form fails.
 * @accuracy relative `tolerance` (default 1e-8), plus an absolute {@link ResolventValues.noise} from the Schur form. The
 * same bits from both backends.
 * @cost one Schur form, then 8n² flops per step and point; about 5 steps for 1e-3, 8 for 1e-8.
 * @source S. H. Lui, SIAM J. Sci. Comput. 18 (1997) 565; L. N. Trefethen, Acta Numerica 8 (1999) 247. See docs/linalg-resolvent.md.
 * @example
 * const { values } = smallestSingularValues(backend, a, Float64Array.of(0, 1)); // distance of i from singularity
 */
export function smallestSingularValues(
  backend: Backend,
  a: ResolventOf,
  points: Float64Array,
  { tolerance = 1e-8, ...options }: ResolventOptions = {},
): ResolventValues {
  const where = 'smallestSingularValues';
  checkPoints(where, points);
  const resolvent = new Resolvent(where, backend, a, { tolerance, ...options });
  const count = points.length / 2;
  const [values, steps] = [new Float64Array(count), new Int32Array(count)];
  for (let first = 0; first < count; first += resolvent.pointsPerCall) {
    const last = Math.min(count, first + resolvent.pointsPerCall);
    resolvent.evaluate(points.subarray(2 * first, 2 * last), values.subarray(first), steps.subarray(first));
  }
  const unconverged = steps.reduce((sum, step) => sum + Number(step < 0), 0);
  return { values, steps, unconverged, tolerance, noise: resolvent.noise, backend: backend.kind };
}

/** A triangular form made ready: scaled by a power of two, with its adjoint and the start vector. */
export class Resolvent {
  readonly t: ComplexMatrix;
  /** Points that one call of {@link evaluate} should get. */
  readonly pointsPerCall: number;
  readonly noise: number;
  readonly tolerance: number;
  readonly #where: string;
  readonly #backend: Backend;
  readonly #limit: number;
  readonly #throws: boolean;
  readonly #zero: boolean;
  readonly #exponent: number;
  readonly #upper: Float64Array;
  readonly #lower: Float64Array;
  readonly #start: Float64Array;

  /** Arguments and errors as {@link smallestSingularValues}. */
  constructor(where: string, backend: Backend, a: ResolventOf, options: ResolventOptions & { tolerance: number }) {
    const { tolerance, maxSteps, onFailure = 'throw' } = options;
    const given = 't' in a ? a.t : a;
    const n = given.rows;
    checkSquare(where, given);
    if (n === 0) throw new DomainError(`${where}: a must have a row, but it is 0×0.`);
    checkOptions(where, tolerance, maxSteps, onFailure);
    this.#limit = maxSteps ?? STEPS_PER_ROW * n + MORE_STEPS;
    const { count } = backend.threads;
    this.pointsPerCall = count * Math.min(MAX_CALL, Math.max(4, Math.round(CALL_SIZE / n ** 2)));
    checkRoom(where, given, 4 * n * n + 2 * n + 4 * this.pointsPerCall + resolventWork(n, this.#limit));
    checkFiniteMatrix(where, 't' in a ? 't' : 'a', given);
    if ('t' in a) checkTriangular(where, a.t);
    this.t = 't' in a ? a.t : inNameOf(where, () => schur(backend, a)).t;
    this.#where = where;
    this.#backend = backend;
    this.#throws = onFailure === 'throw';
    this.tolerance = tolerance;
    const { data } = this.t;
    let largest = 0;
    for (const part of data) largest = Math.max(largest, Math.abs(part));
    this.#zero = largest === 0;
    this.#exponent = largest === 0 ? 0 : exponentOf(largest);
    this.#upper = allTimesPowerOfTwo(data, -this.#exponent);
    this.#lower = adjoint(this.#upper, n);
    this.#start = startVector(n);
    this.noise = timesPowerOfTwo(n * U * frobenius(this.#upper), this.#exponent);
  }

  /** Values and steps at points of a call, in their order. */
  evaluate(points: Float64Array, values: Float64Array, steps: Int32Array): void {
    const scaled = allTimesPowerOfTwo(points, -this.#exponent);
    const near: number[] = [];
    for (let k = 0; 2 * k < points.length; k++) {
      if (!this.#zero && Math.max(Math.abs(scaled[2 * k]!), Math.abs(scaled[2 * k + 1]!)) < FAR) near.push(k);
      else {
        values[k] = modulus(points[2 * k]!, points[2 * k + 1]!);
        steps[k] = 0;
      }
    }
    if (near.length > 0) this.#iterate(near, scaled, values, steps);
    if (values.subarray(0, points.length / 2).includes(Number.POSITIVE_INFINITY)) {
      throw new DomainError(`${this.#where}: values must be below 1.8e308, but one overflows. Scale a and z down.`);
    }
    const open = steps.subarray(0, points.length / 2).reduce((sum, step) => sum + Number(step < 0), 0);
    if (open > 0 && this.#throws) {
      const most = `all points must reach the tolerance ${this.tolerance} within ${this.#limit} steps`;
      throw new ConvergenceError(
        `${this.#where}: ${most}, but ${open} of ${points.length / 2} did not. Raise maxSteps or report with onFailure.`,
        { iterations: this.#limit, converged: points.length / 2 - open },
      );
    }
  }

  #iterate(near: readonly number[], scaled: Float64Array, values: Float64Array, steps: Int32Array): void {
    const { memory, kernels } = this.#backend;
    const n = this.t.rows;
    memory.scope(() => {
      const z = memory.allocate('f64', 2 * near.length);
      const parts = z.view();
      near.forEach((k, at) => {
        parts.set(scaled.subarray(2 * k, 2 * k + 2), 2 * at);
      });
      const [upper, lower] = [put(this.#backend, this.#upper), put(this.#backend, this.#lower)];
      const start = put(this.#backend, this.#start);
      const [found, counts] = [memory.allocate('f64', near.length), memory.allocate('f64', near.length)];
      const work = memory.allocate('f64', resolventWork(n, this.#limit));
      const [tolerance, limit] = [this.tolerance, this.#limit];
      kernels.smallestSingularValues({
        upper,
        lower,
        n,
        start,
        points: z,
        count: near.length,
        tolerance,
        limit,
        values: found,
        steps: counts,
        work,
      });
      const [from, count] = [found.view(), counts.view()];
      near.forEach((k, at) => {
        values[k] = timesPowerOfTwo(from[at]!, this.#exponent);
        steps[k] = count[at]!;
      });
    });
  }
}

/** @throws ShapeError unless points holds pairs; NonFiniteError or DomainError unless |z| is finite. */
function checkPoints(where: string, points: Float64Array): void {
  if (points.length % 2 !== 0) {
    throw new ShapeError(`${where}: points must hold pairs Re z, Im z, but it has ${points.length} elements.`);
  }
  for (let k = 0; k < points.length; k += 2) {
    if (Number.isFinite(modulus(points[k]!, points[k + 1]!))) continue;
    const at = Number.isFinite(points[k]!) ? k + 1 : k;
    if (!Number.isFinite(points[at]!)) {
      throw new NonFiniteError(`${where}: points must be finite, but points[${at}] is ${points[at]}.`);
    }
    throw new DomainError(`${where}: points must have |z| below 1.8e308, but that of point ${k / 2} overflows.`);
  }
}

function checkOptions(where: string, tolerance: number, maxSteps: number | undefined, onFailure: string): void {
  if (!(tolerance >= 1e-12 && tolerance <= 0.1)) {
    throw new DomainError(`${where}: tolerance must be from 1e-12 to 0.1, but it is ${String(tolerance)}.`);
  }
  if (maxSteps !== undefined) checkInteger(where, 'maxSteps', maxSteps, 1, 2 ** 24);
  checkChoice(where, 'onFailure', onFailure, ['throw', 'report']);
}

function adjoint(a: Float64Array, n: number): Float64Array {
  const result = new Float64Array(a.length);
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      result[2 * (j * n + i)] = a[2 * (i * n + j)]!;
      result[2 * (j * n + i) + 1] = -a[2 * (i * n + j) + 1]!;
    }
  }
  return result;
}

/**
 * (±1 ± i)/√(2n) with signs from a fixed stream. All elements have one size, so that the eigenvectors of a diagonal T have equal
 * shares.
 */
function startVector(n: number): Float64Array {
  const stream = new RandomStream(SEED);
  const size = 1 / Math.sqrt(2 * n);
  return Float64Array.from({ length: 2 * n }, () => (stream.next() < 0.5 ? -size : size));
}

function frobenius(a: Float64Array): number {
  let squares = 0;
  for (const part of a) squares += part * part;
  return Math.sqrt(squares);
}
