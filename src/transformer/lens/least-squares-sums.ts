import type { Backend } from '../../backend/backend.ts';
import { gemmWork } from '../../backend/contract/dense.ts';
import type { Allocator, Block, RealBlock } from '../../backend/memory.ts';

/** Rows that are added in one product. */
export const SUM_ROWS = 256;

/** Blocks in which rows are centred; sums of one width and backend may share them. */
export interface SumsWork {
  readonly x: Block<'f64'>;
  readonly y: Block<'f64'>;
  readonly product: Block<'f64'>;
}

/** Blocks for {@link LeastSquaresSums} of width D. */
export function sumsWork(memory: Allocator, D: number): SumsWork {
  const rows = () => memory.allocate('f64', (SUM_ROWS + 1) * D);
  return { x: rows(), y: rows(), product: memory.allocate('f64', gemmWork('f64', D, D, SUM_ROWS + 1)) };
}

/**
 * What a least squares fit of y on x, both of D numbers, needs to know of n rows: means, X = Σ (x − x̄)(x − x̄)ᵀ, P = Σ (x − x̄)(y − ȳ)ᵀ and Σ ‖y − ȳ‖², in f64. Sums of
 * separate rows merge into those of all of them.
 *
 * A part of m rows, centred by its own means, is added as itself and one row more, √(n m/(n + m)) times the difference of the means, so that nothing cancels where the means are large.
 *
 * @accuracy relative to the sums of absolute values, (n + 2)·2⁻⁵³; the same bits from both backends.
 * @source T. F. Chan, G. H. Golub, R. J. LeVeque, Algorithms for computing the sample variance, The American Statistician 37 (1983), eq. 2.1.
 */
export class LeastSquaresSums {
  readonly #backend: Backend;
  readonly #D: number;
  /** x̄. */
  readonly meanX: Float64Array;
  /** ȳ. */
  readonly meanY: Float64Array;
  /** X, D×D; its lower triangle alone is meant. */
  readonly xx: Block<'f64'>;
  /** P, D×D: rows by x, columns by y. */
  readonly xy: Block<'f64'>;
  #count = 0;
  #yy = 0;

  constructor(backend: Backend, D: number, memory: Allocator = backend.memory) {
    this.#backend = backend;
    this.#D = D;
    this.meanX = new Float64Array(D);
    this.meanY = new Float64Array(D);
    this.xx = memory.allocate('f64', D * D);
    this.xy = memory.allocate('f64', D * D);
  }

  /** n. */
  get count(): number {
    return this.#count;
  }

  /** Σ ‖y − ȳ‖². */
  get yy(): number {
    return this.#yy;
  }

  /** Adds rows x and y, at most {@link SUM_ROWS} at a time. */
  add(x: RealBlock, y: RealBlock, rows: number, work: SumsWork): void {
    if (rows === 0) return;
    const D = this.#D;
    const [xs, ys] = [work.x.view(), work.y.view()];
    xs.set(x.view().subarray(0, rows * D));
    ys.set(y.view().subarray(0, rows * D));
    const joint = Math.sqrt((this.#count * rows) / (this.#count + rows));
    centre(xs, rows, D, this.meanX, this.#count, joint);
    centre(ys, rows, D, this.meanY, this.#count, joint);
    for (let i = 0; i < (rows + 1) * D; i++) this.#yy += ys[i]! * ys[i]!;
    this.#count += rows;
    this.#addProducts(work, rows + 1);
  }

  /** Adds the sums of other rows. */
  merge(other: LeastSquaresSums, work: SumsWork): void {
    if (other.count === 0) return;
    const D = this.#D;
    const all = this.#count + other.count;
    const joint = Math.sqrt((this.#count * other.count) / all);
    for (const [to, from] of [
      [this.xx, other.xx],
      [this.xy, other.xy],
    ] as const)
      this.#backend.kernels.add({ x: from, y: to, n: D * D });
    const [xs, ys] = [work.x.view(), work.y.view()];
    for (const [row, mean, more] of [
      [xs, this.meanX, other.meanX],
      [ys, this.meanY, other.meanY],
    ] as const) {
      for (let i = 0; i < D; i++) {
        const difference = more[i]! - mean[i]!;
        row[i] = joint * difference;
        mean[i]! += (other.count / all) * difference;
      }
    }
    this.#yy += other.yy;
    for (let i = 0; i < D; i++) this.#yy += ys[i]! * ys[i]!;
    this.#count = all;
    this.#addProducts(work, 1);
  }

  /** X += xᵀx and P += xᵀy over rows of the work space. */
  #addProducts({ x, y, product }: SumsWork, rows: number): void {
    const D = this.#D;
    const { kernels } = this.#backend;
    kernels.rankUpdate({
      shape: { op: 'conjugate-transpose', n: D, k: rows, lda: D, ldc: D, part: 'lower' },
      alpha: 1,
      a: x,
      beta: 1,
      c: this.xx,
      work: product,
    });
    kernels.gemm({
      shape: { opA: 'transpose', opB: 'none', m: D, n: D, k: rows, lda: D, ldb: D, ldc: D },
      alpha: 1,
      a: x,
      b: y,
      beta: 1,
      c: this.xy,
      work: product,
    });
  }
}

/** Subtracts their mean from some rows, appends a row for its difference from the mean so far, and updates that. */
function centre(rows: Float64Array, count: number, D: number, mean: Float64Array, before: number, joint: number): void {
  const own = new Float64Array(D);
  for (let r = 0; r < count; r++) for (let i = 0; i < D; i++) own[i]! += rows[r * D + i]!;
  for (let i = 0; i < D; i++) own[i]! /= count;
  for (let r = 0; r < count; r++) for (let i = 0; i < D; i++) rows[r * D + i]! -= own[i]!;
  for (let i = 0; i < D; i++) {
    const difference = own[i]! - mean[i]!;
    rows[count * D + i] = joint * difference;
    mean[i]! += (count / (before + count)) * difference;
  }
}
