/** Plain dense complex arithmetic for residuals. All norms are Frobenius norms, formed without overflow. */
import { type AnyMatrix, ComplexMatrix } from '../../src/linalg/matrix.ts';

export const UNIT_ROUNDOFF = 2 ** -53;

export const asComplex = (a: AnyMatrix): ComplexMatrix => (a.field === 'complex' ? a : ComplexMatrix.fromReal(a));

/** Divides by the power of two next to the largest element, so that squares stay in range; zero stays zero. */
export function normalised(a: ComplexMatrix): { readonly matrix: ComplexMatrix; readonly exponent: number } {
  const largest = a.data.reduce((big, x) => Math.max(big, Math.abs(x)), 0);
  const exponent = largest === 0 ? 0 : Math.floor(Math.log2(largest));
  return { matrix: scaled(a, -exponent), exponent };
}

/** a·2^exponent. */
export function scaled(a: ComplexMatrix, exponent: number): ComplexMatrix {
  return new ComplexMatrix(a.rows, a.columns, timesPower(a.data, exponent));
}

export function timesPower(data: Float64Array, exponent: number): Float64Array {
  const half = Math.trunc(exponent / 2);
  return data.map((x) => x * 2 ** half * 2 ** (exponent - half));
}

export function frobenius(data: Float64Array): number {
  return Math.sqrt(data.reduce((sum, x) => sum + x * x, 0));
}

/** x y, or x y* and so on. */
export function product(x: ComplexMatrix, y: ComplexMatrix, adjoint: { x?: boolean; y?: boolean } = {}): ComplexMatrix {
  const n = x.rows;
  const [sx, sy] = [adjoint.x ? -1 : 1, adjoint.y ? -1 : 1];
  const z = new ComplexMatrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let [re, im] = [0, 0];
      for (let k = 0; k < n; k++) {
        const p = 2 * (adjoint.x ? k * n + i : i * n + k);
        const q = 2 * (adjoint.y ? j * n + k : k * n + j);
        const [a, b, c, d] = [x.data[p]!, sx * x.data[p + 1]!, y.data[q]!, sy * y.data[q + 1]!];
        re += a * c - b * d;
        im += a * d + b * c;
      }
      z.data[2 * (i * n + j)] = re;
      z.data[2 * (i * n + j) + 1] = im;
    }
  }
  return z;
}

export function difference(x: ComplexMatrix, y: ComplexMatrix): number {
  return frobenius(x.data.map((value, k) => value - y.data[k]!));
}

/** ‖Q*Q − I‖ / (n·u). */
export function orthogonality(q: ComplexMatrix): number {
  const identity = new ComplexMatrix(q.rows, q.rows);
  for (let i = 0; i < q.rows; i++) identity.data[2 * (i * q.rows + i)] = 1;
  return difference(product(q, q, { x: true }), identity) / (q.rows * UNIT_ROUNDOFF);
}

/** ‖A − Q T Q*‖ / (n·u·‖A‖), 0 for the zero matrix. */
export function schurResidual(a: AnyMatrix, q: ComplexMatrix, t: ComplexMatrix): number {
  const { matrix, exponent } = normalised(asComplex(a));
  const residual = difference(product(product(q, scaled(t, -exponent)), q, { y: true }), matrix);
  return relative(residual, matrix);
}

/** ‖A V − V Λ‖ / (n·u·‖A‖) for right vectors, ‖V* A − Λ V*‖ for left ones, V of unit columns. */
export function vectorResidual(a: AnyMatrix, values: Float64Array, v: ComplexMatrix, left = false): number {
  const { matrix, exponent } = normalised(asComplex(a));
  const lambda = new ComplexMatrix(v.rows, v.rows);
  const small = timesPower(values, -exponent);
  for (let k = 0; k < v.rows; k++) lambda.data.set(small.subarray(2 * k, 2 * k + 2), 2 * (k * v.rows + k));
  const [x, y] = left
    ? [product(v, matrix, { x: true }), product(lambda, v, { y: true })]
    : [product(matrix, v), product(v, lambda)];
  return relative(difference(x, y), matrix);
}

function relative(residual: number, a: ComplexMatrix): number {
  if (residual === 0) return 0;
  return residual / (a.rows * UNIT_ROUNDOFF * frobenius(a.data));
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
