import type { Backend, BackendKind } from '../../backend/backend.ts';
import type { Block } from '../../backend/memory.ts';
import { inNameOf } from '../../core/errors.ts';
import { eigh } from '../eigen/eigh.ts';
import { checkFiniteMatrix, checkRoom, checkSquare, matrixLike, widthOf } from '../matrix/arguments.ts';
import type { AnyMatrix, ComplexMatrix, Matrix } from '../matrix/matrix.ts';
import { allTimesPowerOfTwo } from '../matrix/powers-of-two.ts';
import { largest } from '../norms.ts';
import { MatrixSpace } from './matrix-space.ts';
import {
  checkMayBeNegative,
  checkNegative,
  intoBlock,
  matrixOf,
  type PrincipalOptions,
  type SchurFactors,
  schurFactors,
  turn,
  turnBack,
} from './schur-factors.ts';
import { isExactlyHermitian, withSpectrum } from './spectral-function.ts';
import { checkRoot, noRoot, type SquareResidual, squareResidual } from './square-residual.ts';
import { TriangularParts } from './triangular-parts.ts';
import { shapeOf, transposeOf } from './triangular-shape.ts';

/** x with x² = a, and how it was found. */
export interface SquareRoot<M extends AnyMatrix> {
  /** x, n×n: the principal root. */
  readonly value: M;
  /** ‖x² − a‖/‖a‖ as computed, Frobenius norms; 0 for a = 0. */
  readonly residual: number;
  /** `spectral`: a is Hermitian and not diagonal; `schur`: any other. */
  readonly method: 'spectral' | 'schur';
  /** Which implementation ran. */
  readonly backend: BackendKind;
}

/**
 * The principal square root of a square matrix: the x with x² = a whose eigenvalues lie in the right half-plane, or on the upper
 * imaginary axis for negative eigenvalues of a. A real a without negative eigenvalues has a real root, by real arithmetic; one with
 * negative eigenvalues a complex root, or none with `negative: 'refuse'`.
 *
 * A Hermitian a goes by its eigenvalues, which count as zero where they are negative by rounding only, that is above −n·u·‖a‖; if it is
 * semidefinite, its root is exactly Hermitian. Another singular a has a root where its zero eigenvalue is semisimple; with a Jordan block there
 * it has none, or none that is not made of rounding errors, and is refused. Negative eigenvalues of a real a that rounding made a close pair
 * count as negative.
 *
 * @throws ShapeError unless a is square, NonFiniteError, CapacityError, ConvergenceError if the Schur form is not found, DomainError if
 * a negative eigenvalue is refused, or unless the equation holds to what is said here and to half of the digits of a.
 * @accuracy ‖x² − a‖ ≤ 4·n·u·‖x‖² in Frobenius norms, 8·n·u for a Hermitian a; computed for every a and given as `residual`. The error of x
 * is the residual times its condition number.
 * @cost Schur form about 40n³ flops, root n³/3, products 6n³; four times that complex
 * @source Å. Björck, S. Hammarling, Linear Algebra Appl. 52/53 (1983) 127; N. J. Higham, ibid. 88/89 (1987) 405; E. Deadman, N. J.
 * Higham, R. Ralha, LNCS 7782 (2013) 171.
 * @example
 * const { value } = sqrtm(backend, Matrix.fromRows([[1, 4], [0, 9]])); // [[1, 1], [0, 3]]
 */
export function sqrtm(backend: Backend, a: Matrix, options: { readonly negative: 'refuse' }): SquareRoot<Matrix>;
export function sqrtm(backend: Backend, a: ComplexMatrix, options?: PrincipalOptions): SquareRoot<ComplexMatrix>;
export function sqrtm(backend: Backend, a: AnyMatrix, options?: PrincipalOptions): SquareRoot<AnyMatrix>;
export function sqrtm(backend: Backend, a: AnyMatrix, options: PrincipalOptions = {}): SquareRoot<AnyMatrix> {
  checkSquare('sqrtm', a, 'The square root needs a square matrix.');
  checkRoom('sqrtm', a, 4 * widthOf(a) * a.rows * a.rows);
  checkFiniteMatrix('sqrtm', 'a', a);
  const { negative = 'complex' } = options;
  checkNegative('sqrtm', negative);
  const shape = shapeOf(a);
  return inNameOf('sqrtm', () => {
    if (shape === 'full' && isExactlyHermitian(a)) return ofHermitian(backend, a, negative);
    if (shape !== 'lower') return ofGeneral(backend, a, options);
    const result = ofGeneral(backend, transposeOf(a), options);
    return { ...result, value: transposeOf(result.value) };
  });
}

/** In units of n·u·‖x‖², of which 4 are promised. */
const ALMOST = 3;

interface Solved {
  readonly value: AnyMatrix;
  readonly residual: SquareResidual;
}

/** V √Λ V†. */
function ofHermitian(backend: Backend, a: AnyMatrix, negative: string): SquareRoot<AnyMatrix> {
  const { values, vectors } = eigh(backend, a);
  const least = -values.length * 2 ** -53 * largest(values.map(Math.abs));
  if (values[0]! < least) checkMayBeNegative('sqrtm', negative, values[0]!);
  const re = values.map((value) => Math.sqrt(Math.max(value, 0)));
  const im = values.map((value) => (value < least ? Math.sqrt(-value) : 0));
  const value = withSpectrum(backend, vectors, re, im);
  const residual = backend.memory.scope(() => {
    const space = new MatrixSpace('sqrtm', backend, a.rows, widthOf(value), 2);
    const block = space.matrix();
    block.view().set(value.data);
    return squareResidual(space, block, space.matrix(), value, a).relative;
  });
  return { value, residual, method: 'spectral', backend: backend.kind };
}

/** Q √T Q†. */
function ofGeneral(backend: Backend, a: AnyMatrix, options: PrincipalOptions): SquareRoot<AnyMatrix> {
  return backend.memory.scope(() => {
    const factors = schurFactors('sqrtm', backend, a, options, 2);
    const { space, t, exponent, floor } = factors;
    const half = Math.floor(exponent / 2);
    const even = 2 * half;
    if (exponent !== even) space.scale(t, 2);
    if (new TriangularParts(space, floor).root(t) > 0) throw noRoot('sqrtm');
    const root = space.matrix();
    space.copy(t, root);
    const scaled = even === 0 ? a : matrixLike(a, a.rows, a.rows, allTimesPowerOfTwo(a.data, -even));
    const { value, residual } = solved(factors, root, scaled);
    checkRoot('sqrtm', backend, a, residual, floor === 0);
    return {
      value: half === 0 ? value : matrixLike(value, a.rows, a.rows, allTimesPowerOfTwo(value.data, half)),
      residual: residual.relative,
      method: 'schur',
      backend: backend.kind,
    };
  });
}

/** x = Q R Q†; where the rounding errors of the Schur form are the larger part of a − x², a step of Newton's method takes them off. */
function solved(factors: SchurFactors, root: Block<'f64'>, a: AnyMatrix): Solved {
  const { space, t } = factors;
  const x = space.matrix();
  space.copy(root, x);
  turnBack(factors, x);
  const value = matrixOf(factors, x);
  const residual = squareResidual(space, x, t, value, a);
  if (!(residual.relative > ALMOST * residual.rounding)) return { value, residual };
  intoBlock(factors, residual.difference, x);
  turn(factors, x);
  new TriangularParts(space, 0).solveTwoSided(root, x);
  turnBack(factors, x);
  const step = matrixOf(factors, x).data;
  const better = matrixLike(
    value,
    a.rows,
    a.rows,
    value.data.map((element, k) => element + step[k]!),
  );
  intoBlock(factors, better.data, x);
  const after = squareResidual(space, x, t, better, a);
  return after.relative < residual.relative ? { value: better, residual: after } : { value, residual };
}
