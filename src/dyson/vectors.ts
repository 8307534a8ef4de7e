import { Matrix } from '../linalg/index.ts';

/** T·D numbers as a backend holds them. */
export type Reals = Float32Array | Float64Array;

/** ⟨a, b⟩, summed from left to right. */
export function dot(a: Reals, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** y += x */
export function addTo(y: Float64Array, x: Reals): void {
  for (let i = 0; i < y.length; i++) y[i]! += x[i]!;
}

/** x + y, in f64. */
export function sumOf(x: Reals, y: Reals): Float64Array {
  const sum = Float64Array.from(x);
  addTo(sum, y);
  return sum;
}

/** Vectors of one length as the rows of a matrix. */
export function rowsToMatrix(vectors: readonly Reals[]): Matrix {
  const width = vectors[0]!.length;
  const matrix = new Matrix(vectors.length, width);
  for (const [i, vector] of vectors.entries()) matrix.data.set(vector, i * width);
  return matrix;
}

/** Euclidean norm of each of `count` equal parts. */
export function partNorms(vector: Reals, count: number): Float64Array {
  const width = vector.length / count;
  return Float64Array.from({ length: count }, (_, t) => {
    const part = vector.subarray(t * width, (t + 1) * width);
    return Math.sqrt(dot(part, part));
  });
}
