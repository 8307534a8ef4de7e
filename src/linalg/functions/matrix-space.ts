import type { Backend } from '../../backend/backend.ts';
import { complexGemmWork, gemmWork, type Operation, type ProductShape } from '../../backend/contract/dense.ts';
import type { Width } from '../../backend/contract/hermitian.ts';
import type { Block } from '../../backend/memory.ts';
import { CapacityError } from '../../core/errors.ts';
import { columnSums, largest } from '../norms.ts';

/** Bytes a 32-bit memory holds. */
const MEMORY = 2 ** 32;

/** What happens to the operands of a product: c = alpha·op(a) op(b) + beta·c. */
export interface SpaceProduct {
  readonly opA?: Operation;
  readonly opB?: Operation;
  readonly alpha?: number;
  readonly beta?: number;
}

/** Square matrices of one order over one field that stay in a backend's memory. Use inside `memory.scope`. */
export class MatrixSpace {
  readonly backend: Backend;
  readonly n: number;
  readonly width: Width;
  /** Elements from row to row. */
  readonly ld: number;
  /** Numbers a matrix takes. */
  readonly length: number;
  readonly #work: Block<'f64'>;
  readonly #coefficients: Block<'f64'>;

  /** @throws CapacityError unless `matrices` of them and the work of their products fit. */
  constructor(where: string, backend: Backend, n: number, width: Width, matrices: number, ld = n) {
    this.backend = backend;
    this.n = n;
    this.width = width;
    this.ld = ld;
    this.length = width * n * ld;
    const work = width === 1 ? gemmWork('f64', n, n, n) : complexGemmWork(n, n, n);
    const bytes = 8 * (matrices * this.length + work + 16);
    if (bytes > MEMORY - backend.memory.bytesInUse) {
      throw new CapacityError(
        `${where}: a must fit in 4 GiB together with its work space, but order ${n} needs ${bytes} bytes. Use a smaller matrix.`,
        bytes,
      );
    }
    this.#work = backend.memory.allocate('f64', work);
    this.#coefficients = backend.memory.allocate('f64', 16);
  }

  /** So many zero matrices, one behind the other; {@link at} gives each. */
  matrices(count: number): Block<'f64'> {
    return this.backend.memory.allocate('f64', count * this.length);
  }

  /** A zero matrix. */
  matrix(): Block<'f64'> {
    return this.matrices(1);
  }

  at(matrices: Block<'f64'>, index: number): Block<'f64'> {
    return matrices.part(index * this.length, this.length);
  }

  copy(from: Block<'f64'>, to: Block<'f64'>): void {
    to.view().set(from.view());
  }

  /** c = alpha·op(a) op(b) + beta·c. */
  multiply(a: Block<'f64'>, b: Block<'f64'>, c: Block<'f64'>, options: SpaceProduct = {}): void {
    this.multiplyPart(this.n, this.n, this.n, a, b, c, options);
  }

  /** The same for an m×k times a k×n part of a matrix: blocks begin at the parts' first elements. */
  multiplyPart(
    m: number,
    n: number,
    k: number,
    a: Block<'f64'>,
    b: Block<'f64'>,
    c: Block<'f64'>,
    { opA = 'none', opB = 'none', alpha = 1, beta = 0 }: SpaceProduct,
  ): void {
    const { ld } = this;
    this.product({ opA, opB, m, n, k, lda: ld, ldb: ld, ldc: ld }, alpha, a, b, beta, c);
  }

  /** y = op(a) x for n×columns x and y whose rows are `columns` elements apart. */
  apply(op: Operation, a: Block<'f64'>, x: Block<'f64'>, columns: number, y: Block<'f64'>): void {
    const { n, ld } = this;
    const shape = { opA: op, opB: 'none', m: n, n: columns, k: n, lda: ld, ldb: columns, ldc: columns } as const;
    this.product(shape, 1, a, x, 0, y);
  }

  /** y = Σ_k coefficients[k]·x_k over matrices that lie one behind the other; y may be the first of them. */
  combine(coefficients: readonly number[], x: Block<'f64'>, y: Block<'f64'>): void {
    this.#coefficients.view().set(coefficients);
    this.backend.kernels.weightedSum({
      count: coefficients.length,
      length: this.length,
      coefficients: this.#coefficients,
      x,
      stride: this.length,
      y,
    });
  }

  /** a = factor·a. */
  scale(a: Block<'f64'>, factor: number): void {
    if (factor !== 1) this.combine([factor], a, a);
  }

  /** a = a + value·1. */
  addToDiagonal(a: Block<'f64'>, value: number): void {
    const data = a.view();
    const step = this.width * (this.ld + 1);
    for (let at = 0; at < this.length; at += step) data[at]! += value;
  }

  /** ‖a‖₁. */
  norm1(a: Block<'f64'>): number {
    return largest(columnSums(a.view(), this.n, this.n, this.ld, this.width));
  }

  /** c = α op(a) op(b) + β c over either field, with real factors. */
  private product(
    shape: ProductShape,
    alpha: number,
    a: Block<'f64'>,
    b: Block<'f64'>,
    beta: number,
    c: Block<'f64'>,
  ): void {
    const { kernels } = this.backend;
    const work = this.#work;
    if (this.width === 1) kernels.gemm({ shape, alpha, a, b, beta, c, work });
    else kernels.complexGemm({ shape, alpha: [alpha, 0], a, b, beta: [beta, 0], c, work });
  }
}
