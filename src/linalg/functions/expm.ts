import type { Backend, BackendKind } from '../../backend/backend.ts';
import { exponentialWork } from '../../backend/contract/matrix-functions.ts';
import type { Block } from '../../backend/memory.ts';
import { DomainError, inNameOf } from '../../core/errors.ts';
import { exp } from '../../math/exp.ts';
import { eigh } from '../eigen/eigh.ts';
import { checkFiniteMatrix, checkRoom, checkSquare, matrixLike, widthOf } from '../matrix/arguments.ts';
import type { AnyMatrix } from '../matrix/matrix.ts';
import { exponentOf } from '../matrix/powers-of-two.ts';
import { firstNonFinite } from '../matrix/vectors.ts';
import { norm1 } from '../norms.ts';
import { exponentialOf, type Scalar, scaled } from './complex-scalars.ts';
import { exponentialDifference } from './divided-differences.ts';
import { MatrixSpace } from './matrix-space.ts';
import { isExactlyHermitian, squareOfSpectrum } from './spectral-function.ts';
import { shapeOf, transposeOf } from './triangular-shape.ts';

/** e^a and how it was found. */
export interface Exponential<M extends AnyMatrix> {
  /** e^a, n×n. */
  readonly value: M;
  /** `spectral`: a is diagonal or Hermitian; `pade`: scaling and squaring. */
  readonly method: 'spectral' | 'pade';
  /** Degree of the Padé approximant; 0 where none was needed. */
  readonly degree: 0 | 3 | 5 | 7 | 9 | 13;
  /** Times the approximant of a/2^s was squared, s; 0 for `spectral`. */
  readonly squarings: number;
  /** Which implementation ran. */
  readonly backend: BackendKind;
}

/** Matrices in memory at most. */
const MATRICES = 9;
/** ‖a‖ above which a is divided by a power of two before its powers are formed. */
const LARGE_EXPONENT = 64;
/** Largest |Im| of a diagonal element of which sines are taken. */
const LARGEST_ANGLE = 1e6;

/**
 * The exponential e^a = Σ_k a^k/k! of a square matrix: scaling and squaring with a Padé approximant whose degree and scaling follow from
 * norms of powers of a. The diagonal and the one beside it of a triangular a come from closed forms; a Hermitian a goes by its
 * eigenvalues, and its exponential is exactly Hermitian.
 *
 * @throws ShapeError unless a is square, NonFiniteError naming the first element that is not finite, CapacityError, DomainError if
 * the exponential overflows.
 * @accuracy backward error of the approximant below u in exact arithmetic; in practice the error is about κ_exp(a)·n·u with the
 * condition number κ_exp(a) ≥ ‖a‖ (docs/linalg-functions.md). The same bits from both backends.
 * @cost (16 + 2·squarings)·n³ flops for degree 13, four times that complex
 * @source A. H. Al-Mohy, N. J. Higham, SIAM J. Matrix Anal. Appl. 31 (2009) 970.
 * @example
 * const { value } = expm(backend, Matrix.fromRows([[0, -t], [t, 0]])); // rotation by t
 */
export function expm<M extends AnyMatrix>(backend: Backend, a: M): Exponential<M> {
  checkSquare('expm', a, 'The exponential needs a square matrix.');
  checkRoom('expm', a, MATRICES * widthOf(a) * a.rows * a.rows);
  checkFiniteMatrix('expm', 'a', a);
  const shape = shapeOf(a);
  const small = hasSmallAngles(a);
  if (shape === 'diagonal' && small) {
    return {
      value: finite(exponentialOfDiagonal(a)),
      method: 'spectral',
      degree: 0,
      squarings: 0,
      backend: backend.kind,
    };
  }
  if (isExactlyHermitian(a)) {
    const { values, vectors } = inNameOf('expm', () => eigh(backend, a));
    const roots = values.map((lambda) => exp(0.5 * lambda));
    if (!Number.isFinite(roots.at(-1)! ** 2)) throw overflow('an eigenvalue');
    return {
      value: finite(squareOfSpectrum(backend, vectors, roots)),
      method: 'spectral',
      degree: 0,
      squarings: 0,
      backend: backend.kind,
    };
  }
  if (shape === 'lower' && small) {
    const result = bySquaring(backend, transposeOf(a), true);
    return { ...result, value: transposeOf(result.value) };
  }
  return bySquaring(backend, a, shape === 'upper' && small);
}

function bySquaring<M extends AnyMatrix>(backend: Backend, a: M, triangular: boolean): Exponential<M> {
  const n = a.rows;
  const width = widthOf(a);
  const { kernels } = backend;
  return backend.memory.scope(() => {
    const length = width * n * n;
    const workLength = exponentialWork(n, width);
    // One block for all: many small ones cost more than a small exponential.
    const numbers = backend.memory.allocate('f64', MATRICES * length + 2 * n + 22 + workLength);
    const matrices = (first: number, count: number) => numbers.part(first * length, count * length);
    const rest = (first: number, count: number) => numbers.part(MATRICES * length + first, count);
    // e^a = (e^{a/2^k})^{2^k}: keeps the powers of a huge matrix finite.
    const before = sizeExponent(a);
    const block = matrices(0, 1);
    block.view().set(a.data);
    const info = rest(0, 2);
    let x = matrices(1, 1);
    const space = triangular || before > 0 ? new MatrixSpace('expm', backend, n, width, 0) : null;
    if (before > 0) for (const half of halves(before)) space!.scale(block, half);
    const failed = kernels.exponential({
      width,
      n,
      before,
      square: triangular ? 0 : 1,
      a: block,
      x,
      powers: matrices(2, 4),
      parts: matrices(6, 3),
      vectors: rest(2, 2 * n + 20),
      pivots: backend.memory.allocate('i32', n),
      info,
      work: rest(2 * n + 22, workLength),
    });
    const [degree, squarings] = info.view() as unknown as [Exponential<M>['degree'], number];
    if (triangular) {
      const correct = corrector(space!, a);
      let y = matrices(6, 1);
      correct(x, squarings);
      for (let k = squarings - 1; k >= 0; k--) {
        space!.multiply(x, x, y);
        [x, y] = [y, x];
        correct(x, k);
      }
    }
    const value = matrixLike(a, n, n, x.view().slice());
    if (failed !== 0) value.data.fill(Number.NaN);
    return { value: finite(value), method: 'pade', degree, squarings, backend: backend.kind };
  });
}

/** The k for which the 1-norm of 2^−k a stays below 2^64; 0 for all but huge matrices. */
function sizeExponent(a: AnyMatrix): number {
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) sum += Math.abs(a.data[i]!);
  if (sum < 2 ** LARGE_EXPONENT) return 0;
  const norm = norm1(a);
  return norm < 2 ** LARGE_EXPONENT ? 0 : exponentOf(Math.min(norm, Number.MAX_VALUE)) - LARGE_EXPONENT + 1;
}

/** 2^−k as two factors, neither of which underflows. */
function halves(k: number): [number, number] {
  const half = k >> 1;
  return [2 ** -half, 2 ** (half - k)];
}

/** Writes the exact diagonal of e^{a/2^k}, and the elements above it, into a block. */
function corrector(space: MatrixSpace, a: AnyMatrix): (x: Block<'f64'>, k: number) => void {
  const { n, width } = space;
  const diagonal = diagonalOf(a);
  return (x, k) => {
    const data = x.view();
    const down = 2 ** -Math.min(k, 1074);
    for (let i = 0; i < n; i++) {
      const at = (i * n + i) * width;
      const here = scaled(diagonal[i]!, down);
      write(data, at, width, exponentialOf(here));
      if (i + 1 === n) break;
      const beside = readScalar(a.data, at + width, width);
      const slope = exponentialDifference(here, scaled(diagonal[i + 1]!, down));
      const [re, im] = [beside[0] * down, beside[1] * down];
      write(data, at + width, width, [re * slope[0] - im * slope[1], re * slope[1] + im * slope[0]]);
    }
  };
}

function exponentialOfDiagonal<M extends AnyMatrix>(a: M): M {
  const width = widthOf(a);
  const data = new Float64Array(a.data.length);
  for (const [i, z] of diagonalOf(a).entries()) write(data, (i * a.rows + i) * width, width, exponentialOf(z));
  return matrixLike(a, a.rows, a.rows, data);
}

function hasSmallAngles(a: AnyMatrix): boolean {
  if (a.field === 'real') return true;
  for (let at = 1; at < a.data.length; at += 2 * (a.rows + 1)) if (Math.abs(a.data[at]!) > LARGEST_ANGLE) return false;
  return true;
}

function diagonalOf(a: AnyMatrix): Scalar[] {
  const width = widthOf(a);
  return Array.from({ length: a.rows }, (_, i) => readScalar(a.data, (i * a.rows + i) * width, width));
}

function readScalar(data: Float64Array, at: number, width: number): Scalar {
  return [data[at]!, width === 1 ? 0 : data[at + 1]!];
}

function write(data: Float64Array, at: number, width: number, [re, im]: Scalar): void {
  data[at] = re;
  if (width === 2) data[at + 1] = im;
}

/** @throws DomainError unless every element is finite. */
function finite<M extends AnyMatrix>(value: M): M {
  const at = firstNonFinite(value.data);
  if (at < 0) return value;
  const element = Math.floor(at / widthOf(value));
  throw overflow(`element [${Math.floor(element / value.columns)}, ${element % value.columns}]`);
}

function overflow(what: string): DomainError {
  return new DomainError(
    `expm: e^a must stay below 1.8e308, but ${what} overflows. Subtract a multiple of the identity from a.`,
  );
}
