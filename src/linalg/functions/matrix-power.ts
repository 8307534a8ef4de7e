import type { Backend, BackendKind } from '../../backend/backend.ts';
import type { Block } from '../../backend/memory.ts';
import { DomainError, NonFiniteError } from '../../core/errors.ts';
import { inverse } from '../factorisations/lu.ts';
import { checkFiniteMatrix, checkSquare, matrixLike, widthOf } from '../matrix/arguments.ts';
import { type AnyMatrix, ComplexMatrix, type Matrix } from '../matrix/matrix.ts';
import { multiply } from '../products.ts';
import { expm } from './expm.ts';
import { logm } from './logm.ts';
import { MatrixSpace } from './matrix-space.ts';
import { checkNegative, type PrincipalOptions } from './schur-factors.ts';
import { sqrtm } from './sqrtm.ts';

/** a^p and how it was found. */
export interface MatrixPower<M extends AnyMatrix> {
  readonly value: M;
  /** `products` for an integer p, `root` for an odd multiple of 1/2, `logarithm` for any other. */
  readonly method: 'products' | 'root' | 'logarithm';
  readonly backend: BackendKind;
}

/** Exponents of more than this have no parity in f64. */
const LARGEST_POWER = Number.MAX_SAFE_INTEGER;

/**
 * The power a^p of a square matrix for a real p: an integer p by repeated squaring, of a⁻¹ where p < 0; p = k + f with |f| ≤ 1/2 as
 * a^k times the principal power a^f, which is √a or its inverse for |f| = 1/2, else e^{f log a}. a⁰ = 1 for every a.
 *
 * @throws ShapeError unless a is square; NonFiniteError; DomainError if p is beyond 2⁵³, a is singular and p not a natural number, a
 * power overflows, or a negative eigenvalue is refused; otherwise what {@link logm}, {@link sqrtm} and `inverse` throw.
 * @accuracy integers: ‖error‖ ≤ c·|p|·n·u·‖|a|^p‖ in the worst case, with the inverse's error for p < 0. Others: that of
 * {@link logm} and {@link expm} in turn, which can lose digits where log a is ill-conditioned though a^p is not.
 * @cost 2·log₂|p| products, then as {@link logm} and {@link expm}
 * @source N. J. Higham, Functions of Matrices (2008), §4.1 and §7.4 (a^p = e^{p log a}).
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
  const whole = Math.round(p);
  const rest = p - whole;
  const integral = whole === 0 && rest !== 0 ? null : finite(integerPower(backend, a, whole));
  if (rest === 0) return { value: integral!, method: 'products', backend: backend.kind };
  const fraction = finite(fractionalPower(backend, a, rest, options));
  const value = integral === null ? fraction : product(backend, integral, fraction);
  return { value: finite(value), method: Math.abs(rest) === 0.5 ? 'root' : 'logarithm', backend: backend.kind };
}

/** a^f for 0 < |f| ≤ 1/2. */
function fractionalPower(backend: Backend, a: AnyMatrix, f: number, options: PrincipalOptions): AnyMatrix {
  if (Math.abs(f) === 0.5) {
    const { value } = sqrtm(backend, a, options);
    return f > 0 ? value : inverse(backend, value);
  }
  const { value } = logm(backend, a, options);
  const exponent = matrixLike(
    value,
    a.rows,
    a.rows,
    value.data.map((x) => f * x),
  );
  return expm(backend, exponent).value;
}

/** a^k by the binary digits of |k|, from the lowest. */
function integerPower(backend: Backend, a: AnyMatrix, k: number): AnyMatrix {
  const base = k < 0 ? finite(inverse(backend, a)) : a;
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

function product(backend: Backend, a: AnyMatrix, b: AnyMatrix): AnyMatrix {
  if (a.field === 'real' && b.field === 'real') return multiply(backend, a, b);
  const [x, y] = [a, b].map((m) => (m.field === 'real' ? ComplexMatrix.fromReal(m) : m));
  return multiply(backend, x as ComplexMatrix, y as ComplexMatrix);
}

/** @throws NonFiniteError; DomainError beyond 2⁵³. */
function checkExponent(p: number): void {
  if (!Number.isFinite(p)) throw new NonFiniteError(`matrixPower: p must be finite, but it is ${p}.`);
  if (Math.abs(p) <= LARGEST_POWER) return;
  throw new DomainError(`matrixPower: p must be at most 2⁵³ − 1 in size, but it is ${p}. Use expm(p·log a).`);
}

/** @throws DomainError unless every element is finite. */
function finite(value: AnyMatrix): AnyMatrix {
  if (value.data.every((x) => Number.isFinite(x))) return value;
  throw new DomainError('matrixPower: a^p must stay below 1.8e308, but an element overflows. Scale a down.');
}
