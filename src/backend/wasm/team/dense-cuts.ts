import { complexGemmWork, gemmWork, type ProductShape } from '../../contract/dense.ts';
import type { Block, RealBlock } from '../../memory.ts';
import { byRange, type CallOf, type Cut, type Cuts } from './cut.ts';
import { behind, rowsOf, STRIP } from './rows.ts';

/** Whether a product is cut by rows of C, or by its columns. */
function byRows({ m, n }: ProductShape): boolean {
  return m >= n;
}

interface Operands<B extends Block> {
  readonly shape: ProductShape;
  readonly a: B;
  readonly b: B;
  readonly c: B;
}

/**
 * The operands of strips `from` to before `to` of C, rows or columns; an element has `width` numbers.
 */
function stripOf<B extends Block>(
  { shape, a, b, c }: Operands<B>,
  from: number,
  to: number,
  width: number,
): Operands<B> {
  const { opA, opB, lda, ldb, ldc } = shape;
  const rows = byRows(shape);
  const [first, end] = [from * STRIP, Math.min(to * STRIP, rows ? shape.m : shape.n)];
  return rows
    ? {
        shape: { ...shape, m: end - first },
        a: behind(a, width * (opA === 'none' ? first * lda : first)),
        b,
        c: behind(c, width * first * ldc),
      }
    : {
        shape: { ...shape, n: end - first },
        a,
        b: behind(b, width * (opB === 'none' ? first : first * ldb)),
        c: behind(c, width * first),
      };
}

const strips = ({ shape }: { readonly shape: ProductShape }): number =>
  Math.ceil((byRows(shape) ? shape.m : shape.n) / STRIP);

/** Products of matrices. */
export const DENSE_CUTS: Cuts = {
  gemm: byRange('gemm', {
    work: ({ shape: { m, n, k }, c }) => m * n * k * (c.kind === 'f64' ? 1 : 0.5),
    units: strips,
    part: (call, from, to, space) => {
      const strip = stripOf<RealBlock>(call, from, to, 1);
      const { m, n, k } = strip.shape;
      return { ...call, ...strip, work: space.like(call.work, gemmWork(call.c.kind, m, n, k)) };
    },
  }),
  complexGemm: byRange('complexGemm', {
    work: ({ shape: { m, n, k } }) => 4 * m * n * k,
    units: strips,
    part: (call, from, to, space) => {
      const strip = stripOf(call, from, to, 2);
      const { m, n, k } = strip.shape;
      return { ...call, ...strip, work: space.like(call.work, complexGemmWork(m, n, k)) };
    },
  }),
  batchMultiply: batch('batchMultiply', 1),
  complexBatchMultiply: batch('complexBatchMultiply', 2),
};

function batch(name: 'batchMultiply' | 'complexBatchMultiply', width: number): Cut<CallOf<'batchMultiply'>> {
  return byRange(name, {
    work: ({ count, m, n, k }) => width * width * count * m * n * k,
    units: ({ count }) => count,
    part: (call, from, to) => {
      const { m, n, k, a, b, c } = call;
      return {
        ...call,
        a: rowsOf(a, from, to, width * m * k),
        b: rowsOf(b, from, to, width * k * n),
        c: rowsOf(c, from, to, width * m * n),
        count: to - from,
      };
    },
  });
}
