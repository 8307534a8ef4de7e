import type { Width } from '../../backend/contract/hermitian.ts';
import { MAX_BYTES } from '../../backend/memory.ts';
import { CapacityError, DomainError, NonFiniteError, ShapeError } from '../../core/errors.ts';
import { type AnyMatrix, ComplexMatrix, Matrix } from './matrix.ts';
import { exponentOf, largestOf, timesPowerOfTwo } from './powers-of-two.ts';

/** ‖a − a†‖_F/‖a‖_F up to which a matrix counts as Hermitian. */
export const HERMITIAN_TOLERANCE = 1e-10;

/** Numbers per element. */
export function widthOf(a: AnyMatrix): Width {
  return a.field === 'real' ? 1 : 2;
}

/** A matrix over the field of `like` with these numbers. */
export function matrixLike<M extends AnyMatrix>(like: M, rows: number, columns: number, data: Float64Array): M {
  return matrixOver(like.field, rows, columns, data) as M;
}

/** A matrix over a field with these numbers. */
export function matrixOver(field: AnyMatrix['field'], rows: number, columns: number, data: Float64Array): AnyMatrix {
  return field === 'real' ? new Matrix(rows, columns, data) : new ComplexMatrix(rows, columns, data);
}

/** @throws ShapeError unless a is square. */
export function checkSquare(
  where: string,
  { rows, columns }: Pick<AnyMatrix, 'rows' | 'columns'>,
  advice = 'Use svd for rectangular matrices.',
): void {
  if (rows === columns) return;
  throw new ShapeError(`${where}: a must be square, but it is ${rows}×${columns}. ${advice}`);
}

/** @throws NonFiniteError naming the first element that is NaN or infinite. */
export function checkFiniteMatrix(where: string, name: string, a: AnyMatrix): void {
  const { data } = a;
  if (allFinite(data)) return;
  for (let at = 0; at < data.length; at++) {
    if (Number.isFinite(data[at])) continue;
    const width = widthOf(a);
    const element = Math.floor(at / width);
    const place = `${name}[${Math.floor(element / a.columns)}, ${element % a.columns}]`;
    const part = width === 1 ? place : `the ${at % 2 === 0 ? 'real' : 'imaginary'} part of ${place}`;
    throw new NonFiniteError(`${where}: ${name} must be finite, but ${part} is ${String(data[at])}.`);
  }
}

/** 0·x is NaN exactly where x is not finite: one pass without a branch, in four sums that need not wait for one another. */
function allFinite(data: Float64Array): boolean {
  const whole = data.length - (data.length % 4);
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let at = 0; at < whole; at += 4) {
    s0 += 0 * data[at]!;
    s1 += 0 * data[at + 1]!;
    s2 += 0 * data[at + 2]!;
    s3 += 0 * data[at + 3]!;
  }
  for (let at = whole; at < data.length; at++) s0 += 0 * data[at]!;
  return s0 + s1 + s2 + s3 === 0;
}

/** @throws CapacityError if a call needs more than a backend's memory can ever hold. */
export function checkRoom(where: string, a: AnyMatrix, elements: number): void {
  const bytes = 8 * elements;
  if (bytes <= MAX_BYTES) return;
  throw new CapacityError(
    `${where}: a must need at most ${MAX_BYTES} bytes of memory, but ${a.rows}×${a.columns} needs ${bytes}. Use a smaller matrix.`,
    bytes,
  );
}

/** @throws DomainError unless ‖a − a†‖_F ≤ 1e-10·‖a‖_F. a must be square and finite. */
export function checkHermitian(where: string, a: AnyMatrix, advice: string): void {
  const asymmetry = asymmetryOf(a);
  if (asymmetry <= HERMITIAN_TOLERANCE) return;
  throw new DomainError(
    `${where}: a must be Hermitian to 1e-10, but ‖a−a†‖/‖a‖ = ${asymmetry.toExponential(1)}. ${advice}`,
  );
}

/** ‖a − a†‖_F/‖a‖_F, 0 for the zero matrix; free of overflow. */
function asymmetryOf(a: AnyMatrix): number {
  const { rows: n, data } = a;
  const width = widthOf(a);
  const largest = largestOf(data);
  if (largest === 0) return 0;
  const unit = timesPowerOfTwo(1, -Math.max(Math.min(exponentOf(largest), 1000), -1000));
  let difference = 0;
  let size = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      // A pair of elements off the diagonal counts twice in both norms.
      const weight = i === j ? 0.5 : 1;
      for (let part = 0; part < width; part++) {
        const x = data[(i * n + j) * width + part]! * unit;
        const y = data[(j * n + i) * width + part]! * unit;
        const change = part === 0 ? x - y : x + y;
        difference += weight * (change * change);
        size += weight * 0.5 * (x * x + y * y);
      }
    }
  }
  return Math.sqrt(difference / size);
}
