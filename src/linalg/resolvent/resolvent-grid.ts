import type { Backend, BackendKind } from '../../backend/backend.ts';
import { checkInteger } from '../../core/checks.ts';
import { CapacityError, DomainError } from '../../core/errors.ts';
import { eigenvaluesHermitian } from '../eigen/eigh.ts';
import { ComplexMatrix } from '../matrix/matrix.ts';
import { Resolvent, type ResolventOf, type ResolventOptions } from './resolvent.ts';

/** An interval [low, high] of real or imaginary parts. */
export type Interval = readonly [low: number, high: number];

/** Options of `resolventGrid`. */
export interface ResolventGridOptions extends ResolventOptions {
  /** Real parts; unless given those of the numerical range of A, and an eighth more on each side. */
  readonly re?: Interval;
  /** Imaginary parts; unless given as for `re`. */
  readonly im?: Interval;
  /** Grid lines of constant real part, at least 2; 64 unless given. */
  readonly nRe?: number;
  /** Grid lines of constant imaginary part, at least 2; 64 unless given. */
  readonly nIm?: number;
  /** Told after every kernel call how many of the points to compute are done. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** σ_min(z − A) on a grid: its level lines σ_min = ε bound the ε-pseudospectra of A. */
export interface ResolventGrid {
  /** Real parts of the columns and imaginary parts of the rows, ascending. */
  readonly re: Float64Array;
  /** Imaginary parts of the rows, ascending. */
  readonly im: Float64Array;
  /** Row-major: sigmaMin[j·re.length + i] belongs to z = re[i] + i·im[j]. */
  readonly sigmaMin: Float64Array;
  /** Eigenvalues of A, interleaved. */
  readonly eigenvalues: Float64Array;
  /** Relative error that was allowed. */
  readonly tolerance: number;
  /** Lanczos steps at all points together. */
  readonly steps: number;
  /** Points that did not reach the tolerance: their values are upper bounds. */
  readonly unconverged: number;
  /** n·u·‖A‖_F: a value of this size or less says only that z is an eigenvalue of a matrix as near as rounding. */
  readonly noise: number;
  /** Which implementation ran. */
  readonly backend: BackendKind;
}

const MAX_LINES = 2 ** 20;
const MAX_BYTES = 2 ** 32;

/**
 * σ_min(z − A) = 1/‖(z − A)⁻¹‖ on a rectangular grid, from one Schur form. For a real A and a grid symmetric about the real axis only
 * half of the points are computed.
 *
 * @throws DomainError unless the intervals are finite with low < high; CapacityError for too many points; and what
 * {@link smallestSingularValues} throws.
 * @accuracy as smallestSingularValues; tolerance 1e-3 unless given, enough for level lines.
 * @cost one Schur form, then 8n² flops per step and point, in kernel calls of some 30 ms.
 * @source as smallestSingularValues.
 * @example
 * const { sigmaMin } = resolventGrid(backend, a, { re: [-1, 3], im: [-3, 3], nRe: 50, nIm: 50 });
 */
export function resolventGrid(backend: Backend, a: ResolventOf, options: ResolventGridOptions = {}): ResolventGrid {
  const rounds = gridRounds('resolventGrid', backend, a, options);
  for (;;) {
    const { done, value } = rounds.next();
    if (done) return value;
  }
}

/**
 * The same numbers as {@link resolventGrid}, giving way to other work between kernel calls.
 *
 * @throws what resolventGrid throws, and the signal's reason when it is aborted.
 * @accuracy, @cost, @source as resolventGrid.
 */
export async function resolventGridAsync(
  backend: Backend,
  a: ResolventOf,
  { signal, ...options }: ResolventGridOptions & { readonly signal?: AbortSignal } = {},
): Promise<ResolventGrid> {
  signal?.throwIfAborted();
  const rounds = gridRounds('resolventGridAsync', backend, a, options);
  for (;;) {
    const { done, value } = rounds.next();
    if (done) return value;
    await new Promise((resolve) => setTimeout(resolve));
    signal?.throwIfAborted();
  }
}

/** Pauses after every kernel call. */
function* gridRounds(
  where: string,
  backend: Backend,
  a: ResolventOf,
  options: ResolventGridOptions,
): Generator<undefined, ResolventGrid, undefined> {
  const plan = new GridPlan(where, backend, a, options);
  const { resolvent, total } = plan;
  for (let first = 0; first < total; first += resolvent.pointsPerCall) {
    const count = Math.min(resolvent.pointsPerCall, total - first);
    const [values, steps] = [new Float64Array(count), new Int32Array(count)];
    resolvent.evaluate(gridPoints(plan.re, plan.im, first, count), values, steps);
    plan.add(first, values, steps);
    options.onProgress?.(first + count, total);
    yield;
  }
  return plan.result();
}

/** Which points a grid needs, and what becomes of their values. */
class GridPlan {
  readonly resolvent: Resolvent;
  /** Points to compute. */
  readonly total: number;
  /** Real parts of the columns and imaginary parts of the rows, ascending. */
  readonly re: Float64Array;
  readonly im: Float64Array;
  readonly #backend: Backend;
  readonly #mirrored: boolean;
  readonly #sigmaMin: Float64Array;
  #steps = 0;
  #unconverged = 0;

  /** Arguments and errors as {@link resolventGrid}. */
  constructor(where: string, backend: Backend, a: ResolventOf, asked: ResolventGridOptions) {
    const { re: reAsked, im: imAsked, nRe = 64, nIm = 64, tolerance = 1e-3, ...options } = asked;
    checkInteger(where, 'nRe', nRe, 2, MAX_LINES);
    checkInteger(where, 'nIm', nIm, 2, MAX_LINES);
    const bytes = 8 * nRe * nIm;
    if (bytes > MAX_BYTES) {
      throw new CapacityError(
        `${where}: the grid must need at most ${MAX_BYTES} bytes, but ${nRe}×${nIm} points need ${bytes}. Use fewer points.`,
        bytes,
      );
    }
    if (reAsked !== undefined) checkInterval(where, 're', reAsked);
    if (imAsked !== undefined) checkInterval(where, 'im', imAsked);
    this.#backend = backend;
    this.resolvent = new Resolvent(where, backend, a, { tolerance, ...options });
    const real = !('t' in a) && a.field === 'real';
    const whole = reAsked === undefined || imAsked === undefined ? windowOf(backend, this.resolvent.t, real) : null;
    this.re = axis(reAsked ?? whole!.re, nRe);
    this.im = axis(imAsked ?? whole!.im, nIm);
    this.#mirrored = real && this.im[0] === -this.im[nIm - 1]!;
    // Rows below the axis, and the axis itself if it is a row.
    this.total = nRe * (this.#mirrored ? Math.ceil(nIm / 2) : nIm);
    this.#sigmaMin = new Float64Array(nRe * nIm);
  }

  /** Takes the values and steps of points from `first` on. */
  add(first: number, values: Float64Array, steps: Int32Array): void {
    this.#sigmaMin.set(values, first);
    const below = this.re.length * Math.floor(this.im.length / 2);
    for (let k = 0; k < steps.length; k++) {
      const both = this.#mirrored && first + k < below ? 2 : 1;
      this.#steps += Math.abs(steps[k]!);
      this.#unconverged += steps[k]! < 0 ? both : 0;
    }
  }

  result(): ResolventGrid {
    const [nRe, nIm] = [this.re.length, this.im.length];
    for (let j = this.total / nRe; j < nIm; j++) {
      this.#sigmaMin.copyWithin(j * nRe, (nIm - 1 - j) * nRe, (nIm - j) * nRe);
    }
    const { t, noise, tolerance } = this.resolvent;
    const eigenvalues = Float64Array.from(
      { length: 2 * t.rows },
      (_, k) => t.data[(k >> 1) * 2 * (t.rows + 1) + (k & 1)]!,
    );
    return {
      re: this.re,
      im: this.im,
      sigmaMin: this.#sigmaMin,
      eigenvalues,
      tolerance,
      steps: this.#steps,
      unconverged: this.#unconverged,
      noise,
      backend: this.#backend.kind,
    };
  }
}

/** Interleaved points first … first + count − 1, row by row. */
function gridPoints(re: Float64Array, im: Float64Array, first: number, count: number): Float64Array {
  const points = new Float64Array(2 * count);
  for (let k = 0; k < count; k++) {
    points[2 * k] = re[(first + k) % re.length]!;
    points[2 * k + 1] = im[Math.floor((first + k) / re.length)]!;
  }
  return points;
}

function checkInterval(where: string, name: string, [low, high]: Interval): void {
  if (low < high && Number.isFinite(high - low)) return;
  throw new DomainError(`${where}: ${name} must be [low, high] with finite low < high, but it is [${low}, ${high}].`);
}

/** Equally spaced numbers, counted from the nearer end: an interval about 0 gives exactly opposite ones. */
function axis([low, high]: Interval, count: number): Float64Array {
  const last = count - 1;
  const width = high - low;
  return Float64Array.from({ length: count }, (_, k) =>
    2 * k <= last ? low + (width * k) / last : high - (width * (last - k)) / last,
  );
}

/**
 * The box about the numerical range {x*Tx : ‖x‖ = 1}, which holds the eigenvalues, and an eighth of its longer side more: the sides
 * are the extreme eigenvalues of (T + T*)/2 and (T − T*)/2i. For a real matrix it is symmetric about the real axis.
 */
function windowOf(backend: Backend, t: ComplexMatrix, real: boolean): { readonly re: Interval; readonly im: Interval } {
  const [reLow, reHigh] = extremes(eigenvaluesHermitian(backend, part(t, 're')));
  const [low, high] = extremes(eigenvaluesHermitian(backend, part(t, 'im')));
  const [imLow, imHigh] = real ? [Math.min(low, -high), Math.max(high, -low)] : [low, high];
  const side = Math.max(reHigh - reLow, imHigh - imLow);
  const size = Math.max(Math.abs(reLow), Math.abs(reHigh), Math.abs(imLow), Math.abs(imHigh));
  // A multiple of the identity has no side to measure by.
  const margin = side > 1e-10 * size ? side / 8 : size || 1;
  return { re: [reLow - margin, reHigh + margin], im: [imLow - margin, imHigh + margin] };
}

function extremes(ascending: Float64Array): Interval {
  return [ascending[0]!, ascending.at(-1)!];
}

/** (T + T*)/2 or (T − T*)/2i. */
function part({ rows: n, data }: ComplexMatrix, which: 're' | 'im'): ComplexMatrix {
  const result = new ComplexMatrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      const [re, im] = [data[2 * (i * n + j)]! / 2, data[2 * (i * n + j) + 1]! / 2];
      const [x, y] = which === 're' ? [re, im] : [im, -re];
      const scale = i === j ? 2 : 1;
      const [upper, lower] = [2 * (i * n + j), 2 * (j * n + i)];
      result.data[upper] = scale * x;
      result.data[lower] = scale * x;
      if (i === j) continue;
      result.data[upper + 1] = y;
      result.data[lower + 1] = -y;
    }
  }
  return result;
}
