import type { Backend } from '../../backend/backend.ts';
import { matrixLike, widthOf } from '../arguments.ts';
import type { AnyMatrix } from '../matrix.ts';
import { gram, multiply } from '../products.ts';

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

/** V diag(d) V†. */
export function withSpectrum<M extends AnyMatrix>(backend: Backend, v: M, d: Float64Array): M {
  const product = multiply(backend, timesDiagonal(v, d) as never, v as never, { opB: 'conjugate-transpose' });
  return product as AnyMatrix as M;
}

/** V diag(d). */
function timesDiagonal<M extends AnyMatrix>(v: M, d: Float64Array): M {
  const width = widthOf(v);
  const data = v.data.map((value, at) => value * d[Math.floor(at / width) % v.columns]!);
  return matrixLike(v, v.rows, v.columns, data);
}
