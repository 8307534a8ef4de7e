import { describe, it } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import { complexSchurWork, leadingDimension, realSchurWork } from '../../src/backend/contract/eigen.ts';
import type { Block } from '../../src/backend/memory.ts';
import type { AnyMatrix, ComplexMatrix, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { gallery, random, randomComplex, twisted } from '../support/gallery.ts';
import { expectSameBits, type PutGuarded } from '../support/guarded-blocks.ts';

const LIMIT = 3000;
/** Orders around the widths of the loops: four lanes, a window of 32 rows, the path for large matrices (above 160). */
const ORDERS = [1, 2, 3, 4, 5, 7, 8, 9, 31, 34, 67, 97, 170];

/** Rows at the distance the kernels want. */
function padded(a: AnyMatrix): Float64Array {
  const width = a.field === 'complex' ? 2 : 1;
  const [n, ld] = [a.rows, leadingDimension(a.rows, width)];
  const result = new Float64Array(width * n * ld);
  for (let i = 0; i < n; i++) result.set(a.data.subarray(width * i * n, width * (i + 1) * n), width * i * ld);
  return result;
}

/** Every block that every stage writes. */
function everything({ kernels }: Backend, put: PutGuarded, a: ComplexMatrix): Block[] {
  const n = a.rows;
  const ld = leadingDimension(n, 2);
  const square = () => put('f64', 2 * n * ld);
  const [h, q, v, rows, right, left] = [
    put('f64', padded(a)),
    square(),
    square(),
    put('f64', 2 * ld * (n + 3)),
    square(),
    square(),
  ] as const;
  const [scale, tau, pivotsRight, pivotsLeft] = [put('f64', n), put('f64', n), put('f64', n), put('f64', n)] as const;
  const [info, status, rot] = [put('f64', 2), put('i32', 1), put('f64', 8)] as const;
  const work = put('f64', Math.max(6 * n + 8, complexSchurWork(n)));
  kernels.balance({ a: h, ld, n, width: 2, scale, info });
  const [lo = 0, hi = 0] = info.view();
  const balanced = put('f64', h.view().slice());
  kernels.complexHessenberg({ a: h, ld, n, lo, hi, q, v, tau, work });
  const hessenberg = put('f64', h.view().slice());
  const valuesOnly = put('f64', h.view().slice());
  kernels.complexSchur({ h: valuesOnly, ld, n, lo, hi, q: null, limit: LIMIT, work, info });
  status.view()[0] = kernels.complexSchur({ h, ld, n, lo, hi, q, limit: LIMIT, work, info });
  kernels.complexEigenvectors({
    t: h,
    q,
    ld,
    n,
    left: false,
    lo,
    hi,
    scale,
    vectors: right,
    pivots: pivotsRight,
    rows,
    square: v,
    work,
  });
  kernels.complexEigenvectors({
    t: h,
    q,
    ld,
    n,
    left: true,
    lo,
    hi,
    scale,
    vectors: left,
    pivots: pivotsLeft,
    rows,
    square: v,
    work,
  });
  kernels.complexMove({ t: h, ld, n, q, from: n - 1, to: 0, rot });
  kernels.complexMove({ t: h, ld, n, q, from: 0, to: n >> 1, rot });
  return [balanced, hessenberg, valuesOnly, h, q, right, left, pivotsRight, pivotsLeft, scale, tau, info, status];
}

/** The same for a real matrix. */
function everythingReal({ kernels }: Backend, put: PutGuarded, a: Matrix): Block[] {
  const n = a.rows;
  const [ld, lc] = [leadingDimension(n, 1), leadingDimension(n, 2)];
  const [h, q, v] = [put('f64', padded(a)), put('f64', n * ld), put('f64', n * ld)] as const;
  const [tc, qc, rot] = [put('f64', 2 * n * lc), put('f64', 2 * n * lc), put('f64', 8)] as const;
  const [scale, tau, info, status] = [put('f64', n), put('f64', n), put('f64', 2), put('i32', 2)] as const;
  const work = put('f64', Math.max(3 * n + 2, realSchurWork(n)));
  kernels.balance({ a: h, ld, n, width: 1, scale, info });
  const [lo = 0, hi = 0] = info.view();
  const balanced = put('f64', h.view().slice());
  kernels.realHessenberg({ a: h, ld, n, lo, hi, q, v, tau, work });
  const hessenberg = put('f64', h.view().slice());
  const valuesOnly = put('f64', h.view().slice());
  status.view()[0] = kernels.realSchur({ h: valuesOnly, ld, n, lo, hi, q: null, limit: LIMIT, work, info });
  status.view()[1] = kernels.realSchur({ h, ld, n, lo, hi, q, limit: LIMIT, work, info });
  kernels.complexFromRealSchur({ t: h, q, ld, n, tc, qc, lc, rot });
  return [balanced, hessenberg, valuesOnly, h, q, tc, qc, scale, tau, info, status];
}

describe('eigenvalue kernels give the same bits from both backends', () => {
  it.each(ORDERS)('random, n = %i', (n) => {
    expectSameBits((backend, put) => everything(backend, put, randomComplex(n, n)));
  });

  // The kernels' range is the caller's business; subnormals and numbers near overflow never reach them.
  const inRange = gallery.filter(({ name }) => !['subnormal', 'near overflow', 'graded 10^±150'].includes(name));
  it.each(inRange.map(({ name, matrix }) => [name, matrix] as const))('%s', (_name, matrix) => {
    expectSameBits((backend, put) => everything(backend, put, twisted(matrix)));
  });

  // 197: more rows than a strip of a deflation window's products.
  it.each([...ORDERS, 197])('random real, n = %i', (n) => {
    expectSameBits((backend, put) => everythingReal(backend, put, random(n, n)));
  });

  it.each(inRange.map(({ name, matrix }) => [name, matrix] as const))('%s, real', (_name, matrix) => {
    expectSameBits((backend, put) => everythingReal(backend, put, matrix));
  });

  it('stopped by the limit', () => {
    expectSameBits(({ kernels }, put) => {
      const n = 9;
      const ld = leadingDimension(n, 2);
      const [h, q, info, status] = [
        put('f64', padded(randomComplex(n, 2))),
        put('f64', 2 * n * ld),
        put('f64', 2),
        put('i32', 1),
      ] as const;
      const work = put('f64', Math.max(6 * n + 8, complexSchurWork(n)));
      kernels.complexHessenberg({
        a: h,
        ld,
        n,
        lo: 0,
        hi: n - 1,
        q,
        v: put('f64', 2 * n * ld),
        tau: put('f64', n),
        work,
      });
      status.view()[0] = kernels.complexSchur({ h, ld, n, lo: 0, hi: n - 1, q, limit: 7, work, info });
      return [h, q, info, status];
    });
  });
});
