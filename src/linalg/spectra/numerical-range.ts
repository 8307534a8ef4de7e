import type { Backend, BackendKind } from '../../backend/backend.ts';
import { checkInteger } from '../../core/checks.ts';
import { DomainError } from '../../core/errors.ts';
import { modulus } from '../../math/complex-pairs.ts';
import { cos, sin } from '../../math/trig.ts';
import { eigh } from '../eigen/eigh.ts';
import { cholesky } from '../factorisations/cholesky.ts';
import { eigsHermitian } from '../iterative/eigs-hermitian.ts';
import { checkFiniteMatrix, checkSquare } from '../matrix/arguments.ts';
import { type AnyMatrix, ComplexMatrix } from '../matrix/matrix.ts';
import { exponentOf, largestOf, timesPowerOfTwo } from '../matrix/powers-of-two.ts';
import { normFrobenius } from '../norms.ts';
import { matrixOperator } from '../operator/matrix-operator.ts';
import { ITERATIVE_FROM, LARGEST_ONLY } from './iteration.ts';

/** The numerical range W(A) = {x*Ax : ‖x‖ = 1}, a convex set that holds the eigenvalues. */
export interface NumericalRange {
  /** Points of the boundary, interleaved, counter-clockwise: corners of a polygon within W(A). */
  readonly boundary: Float64Array;
  /** Corners of a polygon about W(A), interleaved: where neighbouring supporting lines meet. */
  readonly outer: Float64Array;
  /** ω(A) = max Re W(A), the numerical abscissa: d/dt ‖e^{tA}‖ at t = 0. */
  readonly abscissa: number;
  /** w(A) = max |W(A)|, the numerical radius: the largest value found, and a bound from the outer polygon. */
  readonly radius: { readonly value: number; readonly upper: number };
  /** Which implementation ran. */
  readonly backend: BackendKind;
}

const MOST_STEPS = 100;

/**
 * The boundary of the numerical range: for directions θ_k = 2πk/angles the largest eigenvalue of (e^{−iθ}A + e^{iθ}A*)/2 is the distance of
 * a supporting line from 0, and its eigenvector x gives the boundary point x*Ax. The radius is then improved by a search between the
 * best of these directions and the next.
 *
 * @param angles from 4; 64 unless given.
 * @throws ShapeError unless a is square; DomainError if it is empty, or its radius overflows; NonFiniteError; what {@link eigh} throws.
 * @accuracy points, abscissa and radius.value: absolute 4·n·u·‖A‖ (radius.value is a maximum over some directions, so a lower bound);
 * radius.upper exceeds the radius by a factor 1/cos(π/angles) at most.
 * @cost `angles` Hermitian eigenvalue problems (a half for real matrices), 18n³ flops each; from order 256 on where Lanczos iteration
 * succeeds and a Cholesky factor proves it, about 2n³.
 * @source C. R. Johnson, SIAM J. Numer. Anal. 15 (1978) 595.
 * @example
 * numericalRange(backend, Matrix.fromRows([[0, 1], [0, 0]])).radius.value; // 1/2
 */
export function numericalRange(backend: Backend, a: AnyMatrix, angles = 64): NumericalRange {
  const where = 'numericalRange';
  checkSquare(where, a);
  if (a.rows === 0) throw new DomainError(`${where}: a must have a row, but it is 0×0.`);
  checkInteger(where, 'angles', angles, 4, 2 ** 16);
  checkFiniteMatrix(where, 'a', a);
  const largest = largestOf(a.data);
  const exponent = largest === 0 ? 0 : exponentOf(largest);
  const complex = a.field === 'real' ? ComplexMatrix.fromReal(a) : a;
  const matrix = new ComplexMatrix(
    a.rows,
    a.rows,
    complex.data.map((x) => timesPowerOfTwo(x, -exponent)),
  );
  const supports = directions(backend, matrix, angles, a.field === 'real');
  const outer = new Float64Array(2 * angles);
  let upper = 0;
  for (let k = 0; k < angles; k++) {
    const corner = meeting(supports[k]!, supports[(k + 1) % angles]!, (2 * Math.PI) / angles);
    outer.set(corner, 2 * k);
    upper = Math.max(upper, modulus(...corner));
  }
  const value = largestModulus(backend, matrix, supports);
  const unscaled = (x: number) => timesPowerOfTwo(x, exponent);
  const radius = { value: unscaled(value), upper: unscaled(Math.max(upper, value)) };
  if (!Number.isFinite(radius.upper)) {
    throw new DomainError(`${where}: the numerical radius must be below 1.8e308, but it overflows. Scale a down.`);
  }
  return {
    boundary: Float64Array.from(supports.flatMap(({ point }) => point)).map(unscaled),
    outer: outer.map(unscaled),
    abscissa: unscaled(supports[0]!.distance),
    radius,
    backend: backend.kind,
  };
}

interface Support {
  readonly theta: number;
  /** max Re e^{−iθ}W(A). */
  readonly distance: number;
  readonly point: readonly [re: number, im: number];
}

/** Supporting lines in all directions; those below the axis mirror the others if A is real. */
function directions(backend: Backend, a: ComplexMatrix, angles: number, real: boolean): Support[] {
  const supports: Support[] = [];
  for (let k = 0; k < angles; k++) {
    const theta = (2 * Math.PI * k) / angles;
    const mirror = real && 2 * k > angles ? supports[angles - k]! : null;
    supports.push(
      mirror === null
        ? support(backend, a, theta)
        : { theta, distance: mirror.distance, point: [mirror.point[0], -mirror.point[1]] },
    );
  }
  return supports;
}

function support(backend: Backend, a: ComplexMatrix, theta: number): Support {
  const n = a.rows;
  const [c, s] = [cos(theta), -sin(theta)];
  const h = new ComplexMatrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const [p, q] = [2 * (i * n + j), 2 * (j * n + i)];
      h.data[p] = (c * (a.data[p]! + a.data[q]!) - s * (a.data[p + 1]! + a.data[q + 1]!)) / 2;
      h.data[p + 1] = (c * (a.data[p + 1]! - a.data[q + 1]!) + s * (a.data[p]! - a.data[q]!)) / 2;
    }
  }
  const { value, vector } = largestPair(backend, h);
  return { theta, distance: value, point: quadraticForm(a, vector) };
}

interface LargestPair {
  readonly value: number;
  /** Its unit eigenvector, interleaved. */
  readonly vector: Float64Array;
}

/** The largest eigenvalue, of large matrices by Lanczos iteration where a Cholesky factor proves that none is larger. */
function largestPair(backend: Backend, h: ComplexMatrix): LargestPair {
  const found = h.rows < ITERATIVE_FROM ? null : iterated(backend, h);
  if (found !== null) return found;
  const { values, vectors } = eigh(backend, h);
  const last = h.rows - 1;
  const vector = new Float64Array(2 * h.rows);
  for (let i = 0; i < h.rows; i++)
    vector.set(vectors.data.subarray(2 * (i * h.rows + last), 2 * (i * h.rows + last) + 2), 2 * i);
  return { value: values[last]!, vector };
}

function iterated(backend: Backend, h: ComplexMatrix): LargestPair | null {
  const n = h.rows;
  const operator = matrixOperator(backend, h, { structure: 'hermitian' });
  try {
    const { values, vectors } = eigsHermitian(backend, operator, { ...LARGEST_ONLY, which: 'largest' });
    const value = values[0]!;
    const bound = value + 4 * n * 2 ** -53 * normFrobenius(h);
    const rest = new ComplexMatrix(
      n,
      n,
      h.data.map((x) => -x),
    );
    for (let i = 0; i < n; i++) rest.data[2 * i * (n + 1)]! += bound;
    return isPositiveDefinite(backend, rest) ? { value, vector: vectors.data } : null;
  } finally {
    operator.release();
  }
}

function isPositiveDefinite(backend: Backend, a: ComplexMatrix): boolean {
  try {
    cholesky(backend, a);
    return true;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}

/** x*Ax. */
function quadraticForm({ rows: n, data }: ComplexMatrix, vector: Float64Array): [number, number] {
  let [re, im] = [0, 0];
  for (let i = 0; i < n; i++) {
    let [rowRe, rowIm] = [0, 0];
    for (let j = 0; j < n; j++) {
      const p = 2 * (i * n + j);
      const [x, y] = [vector[2 * j]!, vector[2 * j + 1]!];
      rowRe += data[p]! * x - data[p + 1]! * y;
      rowIm += data[p]! * y + data[p + 1]! * x;
    }
    const [x, y] = [vector[2 * i]!, vector[2 * i + 1]!];
    re += x * rowRe + y * rowIm;
    im += x * rowIm - y * rowRe;
  }
  return [re, im];
}

/** Where two supporting lines meet whose directions differ by `turn`. */
function meeting(first: Support, second: Support, turn: number): [number, number] {
  const across = (second.distance - first.distance * cos(turn)) / sin(turn);
  const [c, s] = [cos(first.theta), sin(first.theta)];
  return [c * first.distance - s * across, s * first.distance + c * across];
}

/**
 * The largest modulus near the best of the supports. The distance h(θ) of the supporting line has slope Im e^{−iθ}x*Ax and its maximum is
 * the radius: between two directions where the slope changes sign, its zero is sought by regula falsi after Illinois.
 */
function largestModulus(backend: Backend, a: ComplexMatrix, supports: readonly Support[]): number {
  const count = supports.length;
  let best = supports[0]!;
  let at = 0;
  const seen = (one: Support): Support => {
    if (modulus(...one.point) > modulus(...best.point)) best = one;
    return one;
  };
  for (let k = 0; k < count; k++) if (seen(supports[k]!) === best) at = k;
  const side = slopeOf(best) < 0 ? -1 : 1;
  const neighbour = (k: number): Support => supports[(at + side * k + count) % count]!;
  let k = 1;
  while (k < count && side * slopeOf(neighbour(k)) > 0) k++;
  // Angles and slopes along `side`: uphill at `near`, downhill at `far`.
  const origin = neighbour(k - 1);
  let [near, far] = [0, (2 * Math.PI) / count];
  let [up, down] = [side * slopeOf(origin), side * slopeOf(neighbour(k))];
  let slope = Math.min(up, -down);
  for (let step = 0; step < MOST_STEPS; step++) {
    // h cannot rise by more than its slope over the interval.
    if (!(Math.abs(slope) * (far - near) > 2 ** -52 * modulus(...best.point))) break;
    const angle = near + ((far - near) * up) / (up - down);
    const before = slope;
    slope = side * slopeOf(seen(support(backend, a, origin.theta + side * angle)));
    if (slope > 0) {
      [near, up] = [angle, slope];
      if (before > 0) down /= 2;
    } else {
      [far, down] = [angle, slope];
      if (before < 0) up /= 2;
    }
  }
  return modulus(...best.point);
}

function slopeOf({ theta, point: [re, im] }: Support): number {
  return cos(theta) * im - sin(theta) * re;
}
