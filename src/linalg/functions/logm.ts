import type { Backend, BackendKind } from '../../backend/backend.ts';
import type { Block } from '../../backend/memory.ts';
import { DomainError, inNameOf } from '../../core/errors.ts';
import { modulus } from '../../math/complex-pairs.ts';
import { log } from '../../math/log.ts';
import { eigh } from '../eigen/eigh.ts';
import { checkFiniteMatrix, checkRoom, checkSquare, matrixLike, widthOf } from '../matrix/arguments.ts';
import type { AnyMatrix, ComplexMatrix, Matrix } from '../matrix/matrix.ts';
import { largestOf, timesPowerOfTwo } from '../matrix/powers-of-two.ts';
import { normFrobenius } from '../norms.ts';
import { logarithmOf, minus, plus, quotient, rootOf, type Scalar } from './complex-scalars.ts';
import { logarithmDifference, powerDifference } from './divided-differences.ts';
import { exponentialResidual, RESIDUAL_MATRICES, wholeResidual } from './exponential-residual.ts';
import { RULES } from './gauss-legendre.ts';
import { takeRoots } from './logarithm-degree.ts';
import type { MatrixSpace } from './matrix-space.ts';
import {
  checkMayBeNegative,
  checkNegative,
  matrixOf,
  type PrincipalOptions,
  schurFactors,
  turnBack,
} from './schur-factors.ts';
import { isExactlyHermitian, withSpectrum } from './spectral-function.ts';
import { isSingular } from './square-residual.ts';
import { TriangularDiagonal } from './triangular-diagonal.ts';
import { TriangularParts } from './triangular-parts.ts';
import { shapeOf, transposeOf } from './triangular-shape.ts';

const UNIT_ROUNDOFF = 2 ** -53;
/** Above this, rounding of x may show in e^x: the equation is checked anew, and a looked at for a zero eigenvalue in a Jordan block. */
const SUSPICIOUS = 2 ** -36;
/** Half of the digits. */
const LARGEST_RESIDUAL = 2 ** -26;

/** log a and how it was found. */
export interface Logarithm<M extends AnyMatrix> {
  /** x with e^x = a, the principal one, n×n. */
  readonly value: M;
  /**
   * ‖e^x − a‖/‖a‖ as computed, with the rounding errors of e^x in it: in the 1-norm of the Schur form, whose own errors of about n·u come on
   * top; in Frobenius norms where a is Hermitian, or where x is so large that its rounding counts.
   */
  readonly residual: number;
  /** `spectral`: a is Hermitian; `schur`: any other. */
  readonly method: 'spectral' | 'schur';
  /** Square roots taken; 0 for `spectral`. */
  readonly roots: number;
  /** Degree of the Padé approximant; 0 for `spectral`. */
  readonly degree: number;
  /** Which implementation ran. */
  readonly backend: BackendKind;
}

/**
 * The principal logarithm of a regular square matrix: the x with e^x = a whose eigenvalues have −π < Im ≤ π. At a negative eigenvalue
 * of a, Im = +π. A real a without negative eigenvalues has a real logarithm, by real arithmetic; one with negative eigenvalues a complex
 * one, or none with `negative: 'refuse'`.
 *
 * Inverse scaling and squaring on the Schur form T: log T = 2^s log T^{1/2^s}, with a Padé approximant of log near 1 in partial
 * fractions. The diagonal of T and the elements beside it go by closed forms. A Hermitian a goes by its eigenvalues; if it is positive
 * definite, its logarithm is exactly Hermitian.
 *
 * @throws ShapeError unless a is square, NonFiniteError, CapacityError, ConvergenceError if the Schur form is not found, DomainError if
 * an eigenvalue is 0 or a negative one is refused, or unless e^x = a holds to half of the digits of a. An eigenvalue counts as 0 up to n·u·‖T‖₁, as rounding may have made it, unless a is
 * triangular: then exactly.
 * @accuracy backward error of the approximant below u in exact arithmetic; in practice the error is about κ_log(a)·n·u
 * (docs/linalg-functions.md). The same bits from both backends.
 * @cost Schur form about 40n³ flops, n³/3 for each root and degree, products 4n³; four times that complex
 * @source A. H. Al-Mohy, N. J. Higham, SIAM J. Sci. Comput. 34 (2012) C153; with N. J. Higham, S. D. Relton, ibid. 35 (2013) C394 (real).
 * @example
 * const { value } = logm(backend, Matrix.fromRows([[Math.E, 1], [0, Math.E]])); // [[1, 1/e], [0, 1]]
 */
export function logm(backend: Backend, a: Matrix, options: { readonly negative: 'refuse' }): Logarithm<Matrix>;
export function logm(backend: Backend, a: ComplexMatrix, options?: PrincipalOptions): Logarithm<ComplexMatrix>;
export function logm(backend: Backend, a: AnyMatrix, options?: PrincipalOptions): Logarithm<AnyMatrix>;
export function logm(backend: Backend, a: AnyMatrix, options: PrincipalOptions = {}): Logarithm<AnyMatrix> {
  const { negative = 'complex' } = options;
  checkSquare('logm', a, 'The logarithm needs a square matrix.');
  checkRoom('logm', a, 13 * widthOf(a) * a.rows * a.rows);
  checkFiniteMatrix('logm', 'a', a);
  checkNegative('logm', negative);
  const shape = shapeOf(a);
  return inNameOf('logm', () => {
    if (shape === 'full' && isExactlyHermitian(a)) return ofHermitian(backend, a, negative);
    if (shape !== 'lower') return ofGeneral(backend, a, options);
    const result = ofGeneral(backend, transposeOf(a), options);
    return { ...result, value: transposeOf(result.value) };
  });
}

/** Q log T Q†. */
function ofGeneral(backend: Backend, a: AnyMatrix, options: PrincipalOptions): Logarithm<AnyMatrix> {
  return backend.memory.scope(() => {
    const factors = schurFactors('logm', backend, a, options, 13 + RESIDUAL_MATRICES);
    const { space, t, values, exponent, floor } = factors;
    checkRegular(values, floor, exponent);
    const given = space.matrix();
    space.copy(t, given);
    const diagonal = new TriangularDiagonal(space, t, values);
    const parts = new TriangularParts(space, 0);
    const { degree, roots } = takeRoots(space, t, parts, values);
    space.addToDiagonal(t, -1);
    const p = 2 ** -roots;
    diagonal.write(
      t,
      (value) => rootMinusOne(value, roots),
      (x, y) => (roots === 0 ? [1, 0] : powerDifference(x, y, p)),
    );
    const sum = padeLogarithm(space, t, degree, parts);
    space.scale(sum, 2 ** roots);
    diagonal.write(sum, logarithmOf, logarithmDifference);
    const { relative, rounding } = exponentialResidual(space, parts, sum, { degree, roots }, given);
    turnBack(factors, sum);
    const value = matrixOf(factors, sum);
    // A triangular a is its own Schur form: x is that of the closed forms and recurrences, and nothing is turned back.
    const exact = floor === 0;
    const doubtful = !exact && !(rounding <= SUSPICIOUS);
    if (doubtful && isSingular(backend, a)) throw singular('it is singular to rounding');
    const residual = doubtful ? Math.max(relative, wholeResidual(backend, value, a, exponent)) : relative;
    if (!(residual <= (exact ? Number.MAX_VALUE : LARGEST_RESIDUAL))) throw noLogarithm(residual);
    for (let at = 0; at < value.data.length; at += widthOf(value) * (a.rows + 1))
      value.data[at]! += exponent * Math.LN2;
    return { value, residual, method: 'schur', roots, degree, backend: backend.kind };
  });
}

/** V (log|Λ| + iπ[Λ < 0]) V†; the equation that is checked is V Λ V† = a. */
function ofHermitian(backend: Backend, a: AnyMatrix, negative: string): Logarithm<AnyMatrix> {
  const { values, vectors } = eigh(backend, a);
  const n = values.length;
  const complex = Float64Array.from({ length: 2 * n }, (_, k) => (k % 2 === 0 ? values[k / 2]! : 0));
  checkRegular(complex, n * UNIT_ROUNDOFF * largestOf(values), 0);
  if (values[0]! < 0) checkMayBeNegative('logm', negative, values[0]!);
  const re = values.map((value) => log(Math.abs(value)));
  const im = values.map((value) => (value < 0 ? Math.PI : 0));
  const value = withSpectrum(backend, vectors, re, im);
  const back = withSpectrum(backend, vectors, values, new Float64Array(n));
  const difference = matrixLike(
    a,
    n,
    n,
    back.data.map((x, k) => x - a.data[k]!),
  );
  const residual = normFrobenius(difference) / normFrobenius(a);
  return { value, residual, method: 'spectral', roots: 0, degree: 0, backend: backend.kind };
}

/** r_m(X) = Σ_j w_j (1 + x_j X)^−1 X for log(1 + X), triangular X. */
function padeLogarithm(space: MatrixSpace, x: Block<'f64'>, degree: number, parts: TriangularParts): Block<'f64'> {
  const both = space.matrices(2);
  const [sum, term] = [space.at(both, 0), space.at(both, 1)];
  const system = space.matrix();
  const { nodes, weights } = RULES[degree]!;
  for (const [j, node] of nodes.entries()) {
    space.combine([node], x, system);
    space.addToDiagonal(system, 1);
    space.copy(x, term);
    parts.solve(system, term);
    space.combine([1, weights[j]!], both, sum);
  }
  return sum;
}

/**
 * z^{1/2^s} − 1 without the cancellation: (z−1)/Π_{k=1…s}(1 + z^{1/2^k}).
 *
 * @source A. H. Al-Mohy, Numer. Algorithms 59 (2012) 393.
 */
function rootMinusOne(value: Scalar, s: number): Scalar {
  let z = value;
  let result = minus(z, [1, 0]);
  // Roots lie in the right half-plane, where 1 + z loses nothing.
  for (let k = 0; k < s; k++) {
    z = rootOf(z);
    result = quotient(result, plus(z, [1, 0]));
  }
  return result;
}

function noLogarithm(residual: number): DomainError {
  return new DomainError(
    `logm: a must have a logarithm, but the x found has ‖e^x − a‖ = ${residual.toExponential(1)}·‖a‖: eigenvalues lie in a Jordan block close to 0 or to the negative axis. Use schur to see them.`,
  );
}

/** @throws DomainError if the size of an eigenvalue is at most `floor`; the message names it times 2^exponent. */
function checkRegular(values: Float64Array, floor: number, exponent: number): void {
  for (let k = 0; k < values.length; k += 2) {
    const size = modulus(values[k]!, values[k + 1]!);
    if (size > floor) continue;
    const is = floor === 0 ? 'is 0' : `is 0 to rounding (${timesPowerOfTwo(size, exponent).toExponential(1)})`;
    throw singular(`eigenvalue ${k / 2 + 1} of ${values.length / 2} ${is}`);
  }
}

function singular(how: string): DomainError {
  return new DomainError(`logm: a must be regular, but ${how}. Use svd to find its null space.`);
}
