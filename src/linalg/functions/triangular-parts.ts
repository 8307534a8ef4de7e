/**
 * Equations with and products of quasi-triangular matrices, cut in halves: almost all work is products of blocks, and kernels solve what is small.
 *
 * @source E. Deadman, N. J. Higham, R. Ralha, Applied Parallel and Scientific Computing, LNCS 7782 (2013) 171: the recursion.
 */
import type { Block } from '../../backend/memory.ts';
import type { MatrixSpace } from './matrix-space.ts';

/** Orders up to which a kernel works by itself. */
const SMALL = 32;
/** Orders up to which a product is taken as of full matrices. */
const SMALL_PRODUCT = 32;

/** Triangular matrices of a space, solved by halves. */
export class TriangularParts {
  readonly #space: MatrixSpace;
  readonly #floor: number;

  /** `floor`: the largest numerator that counts as zero over a divisor of at most √floor. */
  constructor(space: MatrixSpace, floor: number) {
    this.#space = space;
    this.#floor = floor;
  }

  /** T ← R with R² = T; gives back the number of elements for which there is no root. */
  root(t: Block<'f64'>): number {
    return this.rootOf(t, this.#space.n);
  }

  /** C ← A⁻¹C for upper triangular C of the same block form. */
  solve(a: Block<'f64'>, c: Block<'f64'>): void {
    this.solveUpper(a, c, this.#space.n);
  }

  /** C ← X with A X + X A = C. */
  solveTwoSided(a: Block<'f64'>, c: Block<'f64'>): void {
    this.sylvester(this.#space.n, this.#space.n, a, a, c);
  }

  /** C ← A B, both with the blocks of one matrix; below its blocks C keeps what it holds. */
  multiply(a: Block<'f64'>, b: Block<'f64'>, c: Block<'f64'>): void {
    this.product(this.#space.n, a, b, c);
  }

  private product(n: number, a: Block<'f64'>, b: Block<'f64'>, c: Block<'f64'>): void {
    const space = this.#space;
    if (n <= SMALL_PRODUCT) {
      space.multiplyPart(n, n, n, a, b, c, {});
      return;
    }
    const half = this.middle(a, n);
    const right = this.from(c, 0, half);
    this.product(half, a, b, c);
    this.product(n - half, this.from(a, half, half), this.from(b, half, half), this.from(c, half, half));
    space.multiplyPart(half, n - half, half, a, this.from(b, 0, half), right, {});
    const above = this.from(a, 0, half);
    space.multiplyPart(half, n - half, n - half, above, this.from(b, half, half), right, { beta: 1 });
  }

  private rootOf(t: Block<'f64'>, n: number): number {
    const { backend, width, ld } = this.#space;
    if (n <= SMALL) return backend.kernels.triangularRoot({ width, n, t, ld, floor: this.#floor });
    const half = this.middle(t, n);
    const [above, below] = [this.from(t, 0, half), this.from(t, half, half)];
    const failed = this.rootOf(t, half) + this.rootOf(below, n - half);
    return failed + this.sylvester(half, n - half, t, below, above);
  }

  /** C ← X with A X + X B = C; B null stands for zero. */
  private sylvester(m: number, n: number, a: Block<'f64'>, b: Block<'f64'> | null, c: Block<'f64'>): number {
    const space = this.#space;
    const { backend, width, ld } = space;
    if (m <= SMALL && (b === null || n <= SMALL)) {
      return backend.kernels.solveSylvester({ width, m, n, a, lda: ld, b, ldb: ld, c, ldc: ld, floor: this.#floor });
    }
    if (b === null || m >= n) {
      const half = this.middle(a, m);
      const below = this.from(c, half, 0);
      const failed = this.sylvester(m - half, n, this.from(a, half, half), b, below);
      space.multiplyPart(half, n, m - half, this.from(a, 0, half), below, c, { alpha: -1, beta: 1 });
      return failed + this.sylvester(half, n, a, b, c);
    }
    const half = this.middle(b, n);
    const right = this.from(c, 0, half);
    const failed = this.sylvester(m, half, a, b, c);
    space.multiplyPart(m, n - half, half, c, this.from(b, 0, half), right, { alpha: -1, beta: 1 });
    return failed + this.sylvester(m, n - half, a, this.from(b, half, half), right);
  }

  private solveUpper(a: Block<'f64'>, c: Block<'f64'>, n: number): void {
    if (n <= SMALL) {
      this.sylvester(n, n, a, null, c);
      return;
    }
    const half = this.middle(a, n);
    const [above, below] = [this.from(c, 0, half), this.from(c, half, half)];
    this.solveUpper(this.from(a, half, half), below, n - half);
    const coupling = this.from(a, 0, half);
    this.#space.multiplyPart(half, n - half, n - half, coupling, below, above, { alpha: -1, beta: 1 });
    this.sylvester(half, n - half, a, null, above);
    this.solveUpper(a, c, half);
  }

  /** Where to cut a matrix of order n: near the middle, not through a 2×2 block. */
  private middle(a: Block<'f64'>, n: number): number {
    const { width, ld } = this.#space;
    const half = n >> 1;
    return width === 1 && a.view()[half * ld + half - 1] !== 0 ? half + 1 : half;
  }

  /** The block that begins at element (i, j) of another. */
  private from(a: Block<'f64'>, i: number, j: number): Block<'f64'> {
    const { width, ld } = this.#space;
    const start = (i * ld + j) * width;
    return a.part(start, a.length - start);
  }
}
