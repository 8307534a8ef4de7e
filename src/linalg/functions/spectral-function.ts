import type { Backend } from '../../backend/backend.ts';
import { matrixLike, widthOf } from '../matrix/arguments.ts';
import { type AnyMatrix, ComplexMatrix } from '../matrix/matrix.ts';
import { gram } from '../products.ts';

/** Whether a is square and equals its adjoint exactly. */
export function isExactlyHermitian(a: AnyMatrix): boolean {
  const { rows: n, data } = a;
  const width = widthOf(a);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const [p, q] = [(i * n + j) * width, (j * n + i) * width];
      if (data[p] !== data[q] || (width === 2 && data[p + 1] !== -data[q + 1]!)) return false;
    }
  }
  return true;
}

/** V diag(r)² V†: exactly Hermitian, semidefinite up to rounding. */
export function squareOfSpectrum<M extends AnyMatrix>(backend: Backend, v: M, r: Float64Array): M {
  return gram(backend, timesDiagonal(v, r) as never, 'rows') as AnyMatrix as M;
}

/**
 * V diag(d + i·e) V† for real d and e, exactly D + i·E with Hermitian D and E. Real for a real V unless some e_k is not zero.
 */
export function withSpectrum(backend: Backend, v: AnyMatrix, d: Float64Array, e: Float64Array): AnyMatrix {
  const re = difference(backend, v, d);
  if (e.every((value) => value === 0)) return re;
  const im = difference(backend, v, e);
  const sum = re.field === 'real' ? ComplexMatrix.fromReal(re) : re;
  for (let at = 0; at < sum.data.length; at += 2) {
    const [x, y] = im.field === 'real' ? [im.data[at / 2]!, 0] : [im.data[at]!, im.data[at + 1]!];
    sum.data[at] = sum.data[at]! - y;
    sum.data[at + 1] = sum.data[at + 1]! + x;
  }
  return sum;
}

/** V diag(d) V†, of the positive and the negative d apart. */
function difference(backend: Backend, v: AnyMatrix, d: Float64Array): AnyMatrix {
  const root = (sign: 1 | -1): Float64Array => d.map((value) => Math.sqrt(Math.max(sign * value, 0)));
  const plus = squareOfSpectrum(backend, v, root(1));
  if (d.every((value) => value >= 0)) return plus;
  const minus = squareOfSpectrum(backend, v, root(-1));
  for (let at = 0; at < plus.data.length; at++) plus.data[at] = plus.data[at]! - minus.data[at]!;
  return plus;
}

/** V diag(d). */
function timesDiagonal<M extends AnyMatrix>(v: M, d: Float64Array): M {
  const width = widthOf(v);
  const data = v.data.map((value, at) => value * d[Math.floor(at / width) % v.columns]!);
  return matrixLike(v, v.rows, v.columns, data);
}
