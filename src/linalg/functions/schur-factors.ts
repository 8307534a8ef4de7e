import type { Backend } from '../../backend/backend.ts';
import type { Block } from '../../backend/memory.ts';
import { checkChoice } from '../../core/checks.ts';
import { DomainError } from '../../core/errors.ts';
import { sweepLimit, unconverged } from '../eigen/eigen-checks.ts';
import { EigenWorkspace } from '../eigen/eigen-workspace.ts';
import { complexForm, schurForm } from '../eigen/schur-form.ts';
import { checkFiniteMatrix, checkSquare, matrixOver } from '../matrix/arguments.ts';
import type { AnyMatrix } from '../matrix/matrix.ts';
import { timesPowerOfTwo } from '../matrix/powers-of-two.ts';
import { columnSums, largest } from '../norms.ts';
import { MatrixSpace } from './matrix-space.ts';
import { settleComplex, settleReal } from './settled-eigenvalues.ts';
import { shapeOf } from './triangular-shape.ts';

const UNIT_ROUNDOFF = 2 ** -53;

/** What a function of a matrix does where a negative real eigenvalue takes it off the real numbers. */
export interface PrincipalOptions {
  /**
   * `complex` (default): the principal value is complex, of argument +π at a negative eigenvalue. `refuse`: a DomainError, so that
   * a real matrix gives a real one.
   */
  readonly negative?: 'complex' | 'refuse';
}

/** @throws DomainError unless it is one of the two. */
export function checkNegative(where: string, negative: string): void {
  checkChoice(where, 'negative', negative, ['complex', 'refuse']);
}

/** @throws DomainError if a negative eigenvalue is to be refused. */
export function checkMayBeNegative(where: string, negative: string, value: number): void {
  if (negative === 'complex') return;
  throw new DomainError(
    `${where}: a must have no negative real eigenvalue, but one is ${value}. Allow a complex result with negative: 'complex'.`,
  );
}

/** a = 2^exponent · Q T Q†, in a backend's memory. */
export interface SchurFactors {
  /** Matrices of T's field and layout. */
  readonly space: MatrixSpace;
  readonly q: Block<'f64'>;
  /** Triangular, or quasi-triangular over the real numbers: then without negative eigenvalues. */
  readonly t: Block<'f64'>;
  readonly exponent: number;
  /** Eigenvalues of T, interleaved, in order. */
  readonly values: Float64Array;
  /** How far rounding may have moved an element of T: 0 for a triangular a, which is its own Schur form, else n·u·‖T‖₁. */
  readonly floor: number;
}

/**
 * Schur form of a in the current memory scope, with room for `extra` matrices more in its space: real for a real matrix without
 * negative eigenvalues, complex otherwise. Eigenvalues that only rounding took off zero or off the negative axis are put back.
 */
export function schurFactors(
  where: string,
  backend: Backend,
  a: AnyMatrix,
  { negative = 'complex' }: PrincipalOptions,
  extra: number,
): SchurFactors {
  checkNegative(where, negative);
  checkSquare(where, a);
  checkFiniteMatrix(where, 'a', a);
  const n = a.rows;
  const width = a.field === 'real' ? 1 : 2;
  const limit = sweepLimit(where, n, undefined);
  const eigen = new EigenWorkspace(where, backend, n, { complex: 3, real: width === 1 ? 3 : 0 });
  const loaded = eigen.load(where, a);
  const form = schurForm(eigen, loaded, width, { balance: false, basis: true, limit });
  if (form.failed > 0) throw unconverged(where, n, n - form.failed, form.sweeps);
  const norm = largest(columnSums(form.t.view(), n, n, eigen.ld(width), width));
  const floor = shapeOf(a) === 'full' ? n * UNIT_ROUNDOFF * norm : 0;
  if (width === 1) settleReal(form.t, form.q!, n, eigen.ld(1), floor);
  else settleComplex(form.t, n, eigen.ld(2), floor);
  const values = width === 1 ? eigen.blockDiagonal(form.t, 0) : eigen.diagonal(form.t, 0);
  const bad = values.findIndex((re, k) => k % 2 === 0 && re < 0 && values[k + 1] === 0);
  if (bad >= 0) checkMayBeNegative(where, negative, timesPowerOfTwo(values[bad]!, loaded.exponent));
  const complex = width === 2 || bad >= 0;
  const { t, q } = complex && width === 1 ? complexForm(eigen, form, form.q!) : { t: form.t, q: form.q! };
  const space = new MatrixSpace(where, backend, n, complex ? 2 : 1, extra, eigen.ld(complex ? 2 : 1));
  const parts = { t: t.part(0, space.length), q: q.part(0, space.length) };
  return { space, ...parts, exponent: loaded.exponent, values: complex ? eigen.diagonal(t, 0) : values, floor };
}

/** Q f Q†, in f's place, of the field of the factors; T is overwritten. */
export function turnBack({ space, q, t }: SchurFactors, f: Block<'f64'>): void {
  space.multiply(q, f, t);
  space.multiply(t, q, f, { opB: 'conjugate-transpose' });
}

/** Q† f Q, in f's place; T is overwritten. */
export function turn({ space, q, t }: SchurFactors, f: Block<'f64'>): void {
  space.multiply(q, f, t, { opA: 'conjugate-transpose' });
  space.multiply(t, q, f);
}

/** Copies the numbers of a matrix into a block of the factors' space. */
export function intoBlock({ space }: SchurFactors, data: Float64Array, block: Block<'f64'>): void {
  const { n, width, ld } = space;
  const to = block.view();
  for (let i = 0; i < n; i++) to.set(data.subarray(i * n * width, (i + 1) * n * width), i * ld * width);
}

/** A block of the factors' space as a matrix. */
export function matrixOf({ space }: SchurFactors, block: Block<'f64'>): AnyMatrix {
  const { n, width, ld } = space;
  const from = block.view();
  const data = new Float64Array(width * n * n);
  for (let i = 0; i < n; i++) data.set(from.subarray(i * ld * width, (i * ld + n) * width), i * n * width);
  return matrixOver(width === 1 ? 'real' : 'complex', n, n, data);
}
