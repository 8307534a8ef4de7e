import { complexGemmWork, gemmWork, type ProductShape, type RankUpdateShape } from '../../contract/dense.ts';
import type { Block } from '../../memory.ts';
import type { Cuts } from './cut.ts';
import { behind, STRIP } from './rows.ts';

/** Rows of a rank update's lower triangle: the product left of their square on the diagonal, if there is any, and the update of the square. */
interface Band {
  /** First row. */
  readonly first: number;
  readonly product: ProductShape | null;
  readonly square: RankUpdateShape;
}

/** At most `parts` bands of about equal work. */
function bandsOf({ op, n, k, lda, ldc }: RankUpdateShape, parts: number): Band[] {
  const ends = Array.from({ length: parts + 1 }, (_, i) =>
    i === parts ? n : STRIP * Math.round((n * Math.sqrt(i / parts)) / STRIP),
  );
  return ends.slice(1).flatMap((end, i): Band[] => {
    const first = ends[i]!;
    if (end <= first) return [];
    const opB = op === 'none' ? 'conjugate-transpose' : 'none';
    const product = { opA: op, opB, m: end - first, n: first, k, lda, ldb: lda, ldc } as const;
    const square = { op, n: end - first, k, lda, ldc, part: 'lower' } as const;
    return [{ first, product: first === 0 ? null : product, square }];
  });
}

/** What lies behind row `first` of op(A), and of C from that row on and from its diagonal on. An element has `width` numbers. */
function operandsOf<A extends Block, C extends Block>(
  shape: RankUpdateShape,
  first: number,
  a: A,
  c: C,
  width: number,
): { rows: A; left: C; diagonal: C } {
  return {
    rows: behind(a, width * (shape.op === 'none' ? first * shape.lda : first)),
    left: behind(c, width * first * shape.ldc),
    diagonal: behind(c, width * first * (shape.ldc + 1)),
  };
}

const units = ({ shape }: { readonly shape: RankUpdateShape }): number => Math.ceil(shape.n / STRIP);

/** Updates C = α op(A) op(A)† + β C. A full real one is mirrored by an update that adds nothing; the complex one would turn −0 into 0, and is not cut. */
export const RANK_UPDATE_CUTS: Cuts = {
  rankUpdate: {
    work: ({ shape: { n, k }, c }) => n * n * k * (c.kind === 'f64' ? 0.5 : 0.25),
    units,
    record(call, parts, { recorded, alone, space }) {
      const { shape, alpha, a, beta, c, work } = call;
      for (const { first, product, square } of bandsOf(shape, parts)) {
        const { rows, left, diagonal } = operandsOf(shape, first, a, c, 1);
        if (product !== null) {
          const own = space.like(work, gemmWork(c.kind, product.m, product.n, product.k));
          recorded.gemm({ shape: product, alpha, a: rows, b: a, beta, c: left, work: own });
        }
        const own = space.like(work, gemmWork(c.kind, square.n, square.n, square.k));
        recorded.rankUpdate({ shape: square, alpha, a: rows, beta, c: diagonal, work: own });
      }
      if (shape.part === 'lower') return undefined;
      return () => alone.rankUpdate({ ...call, shape: { ...shape, k: 0 }, beta: 1 });
    },
  },
  complexRankUpdate: {
    work: ({ shape: { n, k, part } }) => (part === 'lower' ? 2 * n * n * k : 0),
    units,
    record(call, parts, { recorded, space }) {
      const { shape, alpha, a, beta, c, work } = call;
      for (const { first, product, square } of bandsOf(shape, parts)) {
        const { rows, left, diagonal } = operandsOf(shape, first, a, c, 2);
        if (product !== null) {
          const own = space.like(work, complexGemmWork(product.m, product.n, product.k));
          recorded.complexGemm({
            shape: product,
            alpha: [alpha, 0],
            a: rows,
            b: a,
            beta: [beta, 0],
            c: left,
            work: own,
          });
        }
        const own = space.like(work, complexGemmWork(square.n, square.n, square.k));
        recorded.complexRankUpdate({ shape: square, alpha, a: rows, beta, c: diagonal, work: own });
      }
      return undefined;
    },
  },
};
