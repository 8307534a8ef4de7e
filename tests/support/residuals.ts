/** Residuals of eigenvectors and Schur forms in units of n·u·‖A‖_F, of a matrix scaled so that its squares stay in range. */
import { type AnyMatrix, ComplexMatrix } from '../../src/linalg/matrix/matrix.ts';
import {
  adjoint,
  asComplex,
  departureFromUnitary,
  difference,
  frobenius,
  product,
  scaled,
  U,
  unitScale,
} from './dense-algebra.ts';

/** ‖Q*Q − I‖ / (n·u). */
export function orthogonality(q: ComplexMatrix): number {
  return departureFromUnitary(q) / (q.rows * U);
}

/** ‖A − Q T Q*‖ / (n·u·‖A‖), 0 for the zero matrix. */
export function schurResidual(a: AnyMatrix, q: ComplexMatrix, t: ComplexMatrix): number {
  const scale = unitScale(a);
  const b = scaled(asComplex(a), scale);
  return relative(difference(product(product(q, scaled(t, scale)), adjoint(q)), b), b);
}

/** ‖A V − V Λ‖ / (n·u·‖A‖) for right vectors, ‖V* A − Λ V*‖ for left ones, V of unit columns. */
export function vectorResidual(a: AnyMatrix, values: Float64Array, v: ComplexMatrix, left = false): number {
  const scale = unitScale(a);
  const b = scaled(asComplex(a), scale);
  const lambda = new ComplexMatrix(v.rows, v.rows);
  for (let k = 0; k < v.rows; k++) {
    for (const part of [0, 1]) lambda.data[2 * k * (v.rows + 1) + part] = values[2 * k + part]! * scale;
  }
  const residual = left
    ? difference(product(adjoint(v), b), product(lambda, adjoint(v)))
    : difference(product(b, v), product(v, lambda));
  return relative(residual, b);
}

function relative(residual: ComplexMatrix, a: ComplexMatrix): number {
  const size = frobenius(residual);
  return size === 0 ? 0 : size / (a.rows * U * frobenius(a));
}

/** Largest distance in a matching of two sets of values, each computed one paired with the nearest expected one left. */
export function spectralDistance(values: Float64Array, expected: readonly (readonly [number, number])[]): number {
  const left = [...expected];
  let largest = values.length === 2 * left.length ? 0 : Number.NaN;
  for (let k = 0; k < values.length; k += 2) {
    const distances = left.map(([re, im]) => Math.hypot(values[k]! - re, values[k + 1]! - im));
    const nearest = distances.indexOf(Math.min(...distances));
    if (!(distances[nearest]! <= largest)) largest = distances[nearest] ?? Number.NaN;
    left.splice(nearest, 1);
  }
  return largest;
}
