import type { Backend } from '../../backend/backend.ts';
import { complexGemmWork, gemmWork } from '../../backend/contract/dense.ts';
import { leadingDimension } from '../../backend/contract/eigen.ts';
import type { Width } from '../../backend/contract/hermitian.ts';
import type { Block, Holding } from '../../backend/memory.ts';
import { CapacityError } from '../../core/errors.ts';
import { norm } from '../matrix/vectors.ts';
import { gaussianNumbers } from './gaussian.ts';

/** Elements of a vector that are combined in one crossing: short crossings, and little memory beside the basis. */
const CHUNK = 2048;
/** Most sweeps of Gram–Schmidt; two are the rule. */
const SWEEPS = 4;
/** Bytes a 32-bit memory holds. */
const MEMORY = 2 ** 32;

/**
 * Orthonormal vectors v_0, v_1, … of n elements in a backend's memory, with room for `capacity`. They lie one after the other
 * as rows of V†, conjugated, so that V†w and w − V h are products with a stored matrix and its conjugate transpose.
 *
 * Blocks belong to no scope of the work in between: an operator may allocate what it likes while it is applied.
 */
export class OrthonormalBasis {
  readonly n: number;
  readonly width: Width;
  readonly capacity: number;
  size = 0;
  readonly #backend: Backend;
  readonly #stride: number;
  readonly #hold: Holding;
  readonly #rows: Block<'f64'>;
  readonly #vector: Block<'f64'>;
  readonly #coefficients: Block<'f64'>;

  /** @throws CapacityError with the bytes it needs, before anything is allocated. */
  constructor(where: string, backend: Backend, field: 'real' | 'complex', n: number, capacity: number) {
    this.n = n;
    this.width = field === 'real' ? 1 : 2;
    this.capacity = capacity;
    this.#backend = backend;
    this.#stride = leadingDimension(n, this.width);
    const row = this.#stride * this.width;
    const bytes = 8 * ((capacity + 1) * row + capacity * this.width);
    const { memory } = backend;
    if (bytes > MEMORY - memory.bytesInUse)
      throw new CapacityError(
        `${where}: the basis must fit in 4 GiB, but ${capacity} vectors of ${n} elements need ${bytes} bytes. Lower subspace.`,
        bytes,
      );
    [this.#hold, this.#rows, this.#vector, this.#coefficients] = memory.scope((keep) => {
      const hold = keep(memory.hold());
      const numbers = (length: number) => hold.allocate('f64', length);
      return [hold, numbers(capacity * row), numbers(row), numbers(capacity * this.width)];
    });
  }

  /** Gives its memory back; any later use throws. Calling it twice is harmless. */
  release(): void {
    this.#hold.release();
  }

  /**
   * w ← w − V h for the first `count` vectors, and h = V†w; classical Gram–Schmidt, twice and again while the length shrinks
   * by more than a half.
   *
   * @returns ‖w‖ afterwards, 0 if rounding errors are all that is left.
   * @source L. Giraud, J. Langou, M. Rozložník, J. van den Eshof, Numer. Math. 101 (2005) 87.
   */
  orthogonalise(w: Float64Array, count: number, h: Float64Array): number {
    const { width, n } = this;
    const { gemv, complexGemv } = this.#backend.kernels;
    const vector = this.#vector.part(0, n * width);
    vector.view().set(w);
    h.fill(0, 0, count * width);
    const [m, a, lda, coefficients] = [count, this.#rows, this.#stride, this.#coefficients];
    let before = norm(w);
    for (let sweep = 0; sweep < SWEEPS; sweep++) {
      if (width === 1) {
        gemv({ op: 'none', m, n, alpha: 1, a, lda, x: vector, beta: 0, y: coefficients });
        gemv({ op: 'transpose', m, n, alpha: -1, a, lda, x: coefficients, beta: 1, y: vector });
      } else {
        complexGemv({ op: 'none', m, n, alpha: [1, 0], a, lda, x: vector, beta: [0, 0], y: coefficients });
        complexGemv({
          op: 'conjugate-transpose',
          m,
          n,
          alpha: [-1, 0],
          a,
          lda,
          x: coefficients,
          beta: [1, 0],
          y: vector,
        });
      }
      const c = coefficients.view();
      for (let i = 0; i < count * width; i++) h[i] = h[i]! + c[i]!;
      w.set(vector.view());
      const after = norm(w);
      if (after === 0 || (sweep > 0 && after > before / 2)) return after;
      before = after;
    }
    w.fill(0);
    return 0;
  }

  /** Makes w/length the last vector. */
  append(w: Float64Array, length: number): void {
    const { width, n } = this;
    const unit = new Float64Array(n * width);
    for (let i = 0; i < unit.length; i++) unit[i] = width === 2 && i % 2 === 1 ? -w[i]! / length : w[i]! / length;
    this.#rows
      .part(this.size * this.#stride * width, n * width)
      .view()
      .set(unit);
    this.size++;
  }

  /** Appends a Gaussian vector without its part along the others, so uniform on the sphere that is left; there must be fewer than n. Returns the streams it used. */
  appendRandom(seed: bigint, stream: number): number {
    const h = new Float64Array(this.capacity * this.width);
    for (let tried = 0; ; tried++) {
      const w = gaussianNumbers(this.n * this.width, seed, stream + tried);
      const whole = norm(w);
      const left = this.orthogonalise(w, this.size, h);
      if (left <= 1e-8 * whole) continue;
      this.append(w, left);
      return tried + 1;
    }
  }

  /** v_k. */
  read(k: number, target: Float64Array): void {
    const { width, n } = this;
    target.set(this.#rows.part(k * this.#stride * width, n * width).view());
    if (width === 2) for (let i = 1; i < target.length; i += 2) target[i] = -target[i]!;
  }

  /**
   * Replaces the first `count` vectors by the p columns of V Z, Z being count×p row-major with orthonormal columns; vector `count`
   * follows them if `carry`. The rest is dropped.
   */
  transform(z: Float64Array, count: number, p: number, carry: boolean): void {
    this.#combine(z, count, p, 'rows', (first, length, block) => {
      const [to, from] = [this.#rows.view(), block.view()];
      const { width } = this;
      for (let k = 0; k < p; k++) {
        const row = k * length * width;
        to.set(from.subarray(row, row + length * width), (k * this.#stride + first) * width);
      }
    });
    const row = this.#stride * this.width;
    if (carry) this.#rows.view().copyWithin(p * row, count * row, (count + 1) * row);
    this.size = p + (carry ? 1 : 0);
  }

  /** V Z as a row-major n×p array, from the first `count` vectors. */
  combination(z: Float64Array, count: number, p: number): Float64Array {
    const result = new Float64Array(this.n * p * this.width);
    this.#combine(z, count, p, 'columns', (first, length, block) => {
      result.set(block.view().subarray(0, length * p * this.width), first * p * this.width);
    });
    return result;
  }

  /** Z†V† (`rows`, p×length) or V Z (`columns`, length×p) for one part of the elements after the other. */
  #combine(
    z: Float64Array,
    count: number,
    p: number,
    as: 'rows' | 'columns',
    take: (first: number, length: number, block: Block<'f64'>) => void,
  ): void {
    const { width, n } = this;
    const { memory, kernels } = this.#backend;
    const most = Math.min(CHUNK, n);
    const [rows, columns] = as === 'rows' ? [p, most] : [most, p];
    memory.scope(() => {
      const factors = memory.allocate('f64', z.length);
      factors.view().set(z);
      const block = memory.allocate('f64', p * most * width);
      const workLength = width === 1 ? gemmWork('f64', rows, columns, count) : complexGemmWork(rows, columns, count);
      const work = memory.allocate('f64', workLength);
      for (let first = 0; first < n; first += CHUNK) {
        const length = Math.min(CHUNK, n - first);
        const part = this.#rows.part(first * width, this.#rows.length - first * width);
        const [opA, opB, k] = ['conjugate-transpose', 'none', count] as const;
        const [shape, a, b] =
          as === 'rows'
            ? ([{ opA, opB, m: p, n: length, k, lda: p, ldb: this.#stride, ldc: length }, factors, part] as const)
            : ([{ opA, opB, m: length, n: p, k, lda: this.#stride, ldb: p, ldc: p }, part, factors] as const);
        if (width === 1) kernels.gemm({ shape, alpha: 1, a, b, beta: 0, c: block, work });
        else kernels.complexGemm({ shape, alpha: [1, 0], a, b, beta: [0, 0], c: block, work });
        take(first, length, block);
      }
    });
  }
}
