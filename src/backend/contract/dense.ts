import type { Block, Precision, RealBlock } from '../memory.ts';

/** What a product does to an operand first; on real numbers the last two are the same. */
export type Operation = 'none' | 'transpose' | 'conjugate-transpose';

/** Number an operation goes by across the WASM boundary. */
export const OPERATION_CODE: Readonly<Record<Operation, number>> = {
  none: 0,
  transpose: 1,
  'conjugate-transpose': 2,
};

/** A complex scalar: real and imaginary part. */
export type ComplexPair = readonly [re: number, im: number];

/** Shape of C = α op(A) op(B) + β C: op(A) is m×k, op(B) k×n, C m×n. */
export interface ProductShape {
  readonly opA: Operation;
  readonly opB: Operation;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** Elements from one stored row to the next, at least the columns that are stored. */
  readonly lda: number;
  readonly ldb: number;
  readonly ldc: number;
}

/** Shape of C = α op(A) op(A)† + β C: op(A) is n×k, C n×n. On real numbers † is the transpose. */
export interface RankUpdateShape {
  readonly op: 'none' | 'conjugate-transpose';
  readonly n: number;
  readonly k: number;
  readonly lda: number;
  readonly ldc: number;
  /** `lower` reads and writes the lower triangle alone; `full` copies it to the upper one afterwards. */
  readonly part: 'lower' | 'full';
}

/** Shape of op(A) X = B (`left`) or X op(A) = B (`right`), A of order n, with `count` right-hand sides: B is n×count or count×n. */
export interface TriangularShape {
  readonly side: 'left' | 'right';
  /** Where A's elements are, before op; the rest of A is not read. */
  readonly triangle: 'lower' | 'upper';
  readonly op: Operation;
  /** The diagonal is taken as ones and not read. */
  readonly unit: boolean;
  readonly n: number;
  readonly count: number;
  readonly lda: number;
  readonly ldb: number;
}

/**
 * Products and triangular solves over row-major matrices; complex ones interleave real and imaginary parts, and their leading
 * dimensions count complex numbers. Blocks hold whole matrices from their first element on.
 *
 * Order of the sums. Real products: every element of C is one left-to-right sum over k that starts from β c, of terms
 * (α a)·b, each rounded; blocking does not show in the bits. Complex products: four such sums from 0 for
 * Σ Re·Re, Σ Im·Im, Σ Re·Im, Σ Im·Re; s = (rr − ii) + i(ri + ir); then c = α s + β c. β = 0 does not read C.
 */
export interface DenseKernels {
  /** C = α op(A) op(B) + β C. f32 rounds every product and sum to f32. `work` holds {@link gemmWork} elements. */
  gemm(call: {
    readonly shape: ProductShape;
    readonly alpha: number;
    readonly a: RealBlock;
    readonly b: RealBlock;
    readonly beta: number;
    readonly c: RealBlock;
    readonly work: RealBlock;
  }): void;
  /** The same over complex numbers. `work` holds {@link complexGemmWork} elements. */
  complexGemm(call: {
    readonly shape: ProductShape;
    readonly alpha: ComplexPair;
    readonly a: Block<'f64'>;
    readonly b: Block<'f64'>;
    readonly beta: ComplexPair;
    readonly c: Block<'f64'>;
    readonly work: Block<'f64'>;
  }): void;
  /**
   * y = α op(A) x + β y for A stored m×n: α times one left-to-right sum from 0, plus β y. With α = 1 and β = 0 the bits are
   * those of a product with one column.
   */
  gemv(call: {
    readonly op: Operation;
    readonly m: number;
    readonly n: number;
    readonly alpha: number;
    readonly a: Block<'f64'>;
    readonly lda: number;
    readonly x: Block<'f64'>;
    readonly beta: number;
    readonly y: Block<'f64'>;
  }): void;
  /** The same over complex numbers, with the sums of {@link DenseKernels.complexGemm}. */
  complexGemv(call: {
    readonly op: Operation;
    readonly m: number;
    readonly n: number;
    readonly alpha: ComplexPair;
    readonly a: Block<'f64'>;
    readonly lda: number;
    readonly x: Block<'f64'>;
    readonly beta: ComplexPair;
    readonly y: Block<'f64'>;
  }): void;
  /** C = α op(A) op(A)ᵀ + β C; the lower triangle has the product's bits. `work` holds gemmWork(precision, n, n, k) elements. */
  rankUpdate(call: {
    readonly shape: RankUpdateShape;
    readonly alpha: number;
    readonly a: RealBlock;
    readonly beta: number;
    readonly c: RealBlock;
    readonly work: RealBlock;
  }): void;
  /** C = α op(A) op(A)† + β C, its diagonal set real. `work` holds complexGemmWork(n, n, k) elements. */
  complexRankUpdate(call: {
    readonly shape: RankUpdateShape;
    readonly alpha: number;
    readonly a: Block<'f64'>;
    readonly beta: number;
    readonly c: Block<'f64'>;
    readonly work: Block<'f64'>;
  }): void;
  /**
   * B becomes X. Substitution from the end of the triangle that is known first; each term is subtracted in that order, and the
   * result multiplied by the rounded reciprocal of the diagonal. `work` holds {@link triangularWork} elements.
   */
  solveTriangular(call: {
    readonly shape: TriangularShape;
    readonly a: Block<'f64'>;
    readonly b: Block<'f64'>;
    readonly work: Block<'f64'>;
  }): void;
  /** The same over complex numbers. `work` holds {@link complexTriangularWork} elements. */
  complexSolveTriangular(call: {
    readonly shape: TriangularShape;
    readonly a: Block<'f64'>;
    readonly b: Block<'f64'>;
    readonly work: Block<'f64'>;
  }): void;
  /** C_s = A_s B_s, s < count: A_s m×k, B_s k×n, C_s m×n, one behind the other; the bits of {@link DenseKernels.gemm}. */
  batchMultiply(call: {
    readonly count: number;
    readonly m: number;
    readonly n: number;
    readonly k: number;
    readonly a: Block<'f64'>;
    readonly b: Block<'f64'>;
    readonly c: Block<'f64'>;
  }): void;
  /** The same over interleaved complex numbers; the bits of {@link DenseKernels.complexGemm} where they are finite. */
  complexBatchMultiply(call: {
    readonly count: number;
    readonly m: number;
    readonly n: number;
    readonly k: number;
    readonly a: Block<'f64'>;
    readonly b: Block<'f64'>;
    readonly c: Block<'f64'>;
  }): void;
}

/** Columns in a panel of packed B and rows in a sliver of packed A, with the limits of a packed block. */
const PANEL_COLUMNS = { f64: 6, f32: 12 } as const;
const SLIVER_ROWS = 3;
const BLOCK = { k: 256, m: 192, n: 1536 } as const;
/** Columns of a strip of a complex product. */
const COMPLEX_STRIP = 256;

const roundUp = (value: number, unit: number) => Math.ceil(value / unit) * unit;

/** Elements of work space a real product of op(A) m×k with op(B) k×n needs. */
export function gemmWork(precision: Precision, m: number, n: number, k: number): number {
  const width = PANEL_COLUMNS[precision];
  const depth = Math.min(BLOCK.k, k);
  const packed = roundUp(Math.min(BLOCK.n, n), width) + roundUp(Math.min(BLOCK.m, m), SLIVER_ROWS);
  return packed * depth + SLIVER_ROWS * width;
}

/** The same for a complex product, in f64 elements. */
export function complexGemmWork(m: number, n: number, k: number): number {
  const columns = 2 * Math.min(COMPLEX_STRIP, n);
  // The twin keeps four sums for each element of one row instead.
  return Math.max(4 * n, 2 * m * k + columns * k + 2 * m * columns + gemmWork('f64', m, columns, k));
}

/** Panels of right-hand sides that are solved together. */
const SOLVE_GROUP = 8;

/** Elements of work space a real triangular solve of order n needs: the packed triangle and a group of right-hand sides. */
export function triangularWork(n: number): number {
  const blocks = Math.ceil(n / SLIVER_ROWS);
  const group = SOLVE_GROUP * PANEL_COLUMNS.f64 * SLIVER_ROWS * blocks;
  return (SLIVER_ROWS ** 2 * blocks * (blocks + 1)) / 2 + group;
}

/** The same for a complex solve, in f64 elements. */
export function complexTriangularWork(n: number): number {
  const blocks = Math.ceil(n / SLIVER_ROWS);
  const group = SOLVE_GROUP * PANEL_COLUMNS.f64 * SLIVER_ROWS * blocks;
  return SLIVER_ROWS ** 2 * blocks * (blocks + 1) + SLIVER_ROWS * PANEL_COLUMNS.f64 + group;
}
