import type { Backend, BackendKind } from '../../backend/backend.ts';
import type { Block } from '../../backend/memory.ts';
import { DomainError, inNameOf, NonFiniteError } from '../../core/errors.ts';
import { inverse } from '../factorisations/lu.ts';
import { checkFiniteMatrix, checkSquare, matrixLike, widthOf } from '../matrix/arguments.ts';
import type { AnyMatrix, ComplexMatrix, Matrix } from '../matrix/matrix.ts';
import { expm } from './expm.ts';
import { logm } from './logm.ts';
import { MatrixSpace } from './matrix-space.ts';
import { checkNegative, type PrincipalOptions } from './schur-factors.ts';
import { checkInRange, fullRankFactors, type Power, productOf, singularPower } from './singular-power.ts';
import { sqrtm } from './sqrtm.ts';

/** a^p and how it was found. */
export interface MatrixPower<M extends AnyMatrix> {
  /** a^p, n×n. */
  readonly value: M;
  /** Relative residual of the root or logarithm that was taken, as {@link sqrtm} and {@link logm} give it; 0 without one. */
  readonly residual: number;
  /** `products` for an integer p, `root` for an odd multiple of 1/2, `logarithm` for any other. */
  readonly method: 'products' | 'root' | 'logarithm';
  /** Which implementation ran. */
  readonly backend: BackendKind;
}

/** Exponents of more than this have no parity in f64. */
const LARGEST_POWER = Number.MAX_SAFE_INTEGER;

/**
 * The power a^p of a square matrix for a real p: an integer p by repeated squaring, of a⁻¹ where p < 0; p = k + f, k its integer part, as
 * a^k times the principal power a^f, which is √a or its inverse for |f| = 1/2, else e^{f log a}. a⁰ = 1 for every a.
 *
 * A singular a = B C of full rank, C B of the order of the rank, has a^p = B (C B)^{p−1} C: for p > 0 where its zero eigenvalue is semisimple,
 * else for p above the order of its largest Jordan block at 0, less 1. Singular values up to n·u·‖a‖₂ count as 0, unless a is triangular
 * without a zero on its diagonal.
 *
 * @throws ShapeError unless a is square; NonFiniteError; DomainError if p is beyond 2⁵³, a^p does not exist, a power overflows, or a negative
 * eigenvalue is refused; otherwise what {@link logm}, {@link sqrtm} and `inverse` throw, in this function's name.
 * @accuracy integers: ‖error‖ ≤ c·|p|·n·u·‖|a|^p‖ in the worst case, with the inverse's error for p < 0. Others: that of
 * {@link logm} and {@link expm} in turn, which can lose digits where log a is ill-conditioned though a^p is not; `residual` tells.
 * @cost 2·log₂|p| products, then as {@link logm} and {@link expm}; singular values, unless p is an integer or 1/2
 * @source N. J. Higham, Functions of Matrices (2008), §4.1 and §7.4 (a^p = e^{p log a}), (1.34) (f(BC)).
 * @example
 * const { value } = matrixPower(backend, Matrix.fromRows([[1, 1], [1, 0]]), 10); // Fibonacci numbers
 */
export function matrixPower(
  backend: Backend,
  a: ComplexMatrix,
  p: number,
  options?: PrincipalOptions,
): MatrixPower<ComplexMatrix>;
export function matrixPower(
  backend: Backend,
  a: Matrix,
  p: number,
  options: { readonly negative: 'refuse' },
): MatrixPower<Matrix>;
export function matrixPower(
  backend: Backend,
  a: AnyMatrix,
  p: number,
  options?: PrincipalOptions,
): MatrixPower<AnyMatrix>;
export function matrixPower(
  backend: Backend,
  a: AnyMatrix,
  p: number,
  options: PrincipalOptions = {},
): MatrixPower<AnyMatrix> {
  checkSquare('matrixPower', a, 'Powers need a square matrix.');
  checkFiniteMatrix('matrixPower', 'a', a);
  checkExponent(p);
  checkNegative('matrixPower', options.negative ?? 'complex');
  return inNameOf('matrixPower', () => {
    const factors = Number.isInteger(p) || p === 0.5 ? null : fullRankFactors(backend, a);
    const regular = (core: AnyMatrix, q: number) => regularPower(backend, core, q, options);
    const power = factors === null ? regular(a, p) : singularPower(backend, factors, p, regular);
    checkInRange(power.value);
    return { ...power, backend: backend.kind };
  });
}

/** a^p for an integer p, p = 1/2, or a regular a. */
function regularPower(backend: Backend, a: AnyMatrix, p: number, options: PrincipalOptions): Power {
  const whole = Math.trunc(p);
  const integral = whole === 0 && p !== 0 ? null : integerPower(backend, a, whole);
  if (p === whole) return { value: integral!, residual: 0, method: 'products' };
  const fraction = fractionalPower(backend, a, p - whole, options);
  if (integral === null) return fraction;
  return { ...fraction, value: productOf(backend, integral, fraction.value) };
}

/** a^f for 0 < |f| < 1. */
function fractionalPower(backend: Backend, a: AnyMatrix, f: number, options: PrincipalOptions): Power {
  if (Math.abs(f) === 0.5) {
    const { value, residual } = sqrtm(backend, a, options);
    return { value: f > 0 ? value : inverse(backend, value), residual, method: 'root' };
  }
  const { value, residual } = logm(backend, a, options);
  const exponent = matrixLike(
    value,
    a.rows,
    a.rows,
    value.data.map((x) => f * x),
  );
  return { value: expm(backend, exponent).value, residual, method: 'logarithm' };
}

/** a^k by the binary digits of |k|, from the lowest. */
function integerPower(backend: Backend, a: AnyMatrix, k: number): AnyMatrix {
  const base = k < 0 ? inverse(backend, a) : a;
  checkInRange(base);
  const n = a.rows;
  return backend.memory.scope(() => {
    const space = new MatrixSpace('matrixPower', backend, n, widthOf(a), 4);
    let [square, result, spare] = [space.matrix(), space.matrix(), space.matrix()] as [
      Block<'f64'>,
      Block<'f64'>,
      Block<'f64'>,
    ];
    square.view().set(base.data);
    space.addToDiagonal(result, 1);
    let empty = true;
    for (let left = Math.abs(k); left > 0; ) {
      const odd = left % 2 === 1;
      left = (left - (odd ? 1 : 0)) / 2;
      if (odd) {
        if (empty) space.copy(square, result);
        else {
          space.multiply(result, square, spare);
          [result, spare] = [spare, result];
        }
        empty = false;
      }
      if (left === 0) break;
      space.multiply(square, square, spare);
      [square, spare] = [spare, square];
    }
    return matrixLike(a, n, n, result.view().slice());
  });
}

/** @throws NonFiniteError; DomainError beyond 2⁵³. */
function checkExponent(p: number): void {
  if (!Number.isFinite(p)) throw new NonFiniteError(`matrixPower: p must be finite, but it is ${p}.`);
  if (Math.abs(p) <= LARGEST_POWER) return;
  throw new DomainError(`matrixPower: p must be at most 2⁵³ − 1 in size, but it is ${p}. Use expm(p·log a).`);
}
