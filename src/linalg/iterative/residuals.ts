import { addMultiple, columnOf, norm } from '../matrix/vectors.ts';
import type { Products } from './products.ts';

/** ‖A x_k − λ_k x_k‖ for vectors in the columns of a row-major array over the operator's field, λ real. */
export function residualsOf(products: Products, values: Float64Array, vectors: Float64Array): Float64Array {
  const { rows: n, width } = products.operator;
  const [x, w] = [new Float64Array(n * width), new Float64Array(n * width)];
  return values.map((value, k) => {
    columnOf(vectors, values.length, k, width, x);
    products.apply(x, w);
    addMultiple(w, [-value, 0], x, width);
    return norm(w);
  });
}

/** The same for complex values (interleaved) and vectors; a real operator is applied to both parts. */
export function complexResidualsOf(products: Products, values: Float64Array, vectors: Float64Array): Float64Array {
  const { rows: n, width } = products.operator;
  const count = values.length / 2;
  const [x, w] = [new Float64Array(2 * n), new Float64Array(2 * n)];
  return Float64Array.from({ length: count }, (_, k) => {
    columnOf(vectors, count, k, 2, x);
    if (width === 2) products.apply(x, w);
    else for (const part of [0, 1] as const) applyToPart(products, x, w, part);
    addMultiple(w, [-values[2 * k]!, -values[2 * k + 1]!], x, 2);
    return norm(w);
  });
}

/** The real (0) or imaginary (1) part of w = A x for a real A. */
function applyToPart(products: Products, x: Float64Array, w: Float64Array, part: 0 | 1): void {
  const n = x.length / 2;
  const [from, to] = [new Float64Array(n), new Float64Array(n)];
  for (let i = 0; i < n; i++) from[i] = x[2 * i + part]!;
  if (from.some((value) => value !== 0)) products.apply(from, to);
  for (let i = 0; i < n; i++) w[2 * i + part] = to[i]!;
}
