import type { Backend } from '../../backend/backend.ts';
import { complexGemmWork, gemmWork } from '../../backend/contract/dense.ts';
import { leadingDimension } from '../../backend/contract/eigen.ts';
import type { Width } from '../../backend/contract/hermitian.ts';
import type { Block, Holding } from '../../backend/memory.ts';
import { CapacityError } from '../../core/errors.ts';
import { gaussianNumbers } from './gaussian.ts';

/** Elements of a vector that are combined in one crossing: short crossings, and little memory beside the basis. */
const CHUNK = 512;
/** Bytes a 32-bit memory holds. */
const MEMORY = 2 ** 32;

/** How a new vector is made orthogonal to a basis. */
export interface Orthogonalisation {
  /** Its length before. */
  readonly before: number;
  /** Its length afterwards, 0 if rounding errors are all that is left. */
  readonly after: number;
  /** Whether it became the last vector of the basis. */
  readonly appended: boolean;
}

/**
 * Orthonormal vectors v_0, v_1, … of n elements in a backend's memory, with room for `capacity`, and beside them candidates w_0, w_1, …
 * They lie one after the other as rows of V†, conjugated, so that V†w and w − V h are products with a stored matrix and its conjugate
 * transpose; candidates as they are.
 *
 * Blocks belong to no scope of the work in between: an operator may allocate what it likes while it is applied.
 */
export class OrthonormalBasis {
  readonly n: number;
  readonly width: Width;
  readonly capacity: number;
  /** Elements from row to row, of candidates too. */
  readonly stride: number;
  size = 0;
  readonly #backend: Backend;
  readonly #hold: Holding;
  readonly #rows: Block<'f64'>;
  readonly #candidates: Block<'f64'>;
  readonly #coefficients: Block<'f64'>;
  readonly #corrections: Block<'f64'>;
  readonly #info: Block<'f64'>;

  /** @throws CapacityError unless the vectors fit. */
  constructor(where: string, backend: Backend, field: 'real' | 'complex', n: number, capacity: number, candidates = 1) {
    this.n = n;
    this.width = field === 'real' ? 1 : 2;
    this.capacity = capacity;
    this.#backend = backend;
    this.stride = leadingDimension(n, this.width);
    const row = this.stride * this.width;
    const bytes = 8 * ((capacity + candidates) * row + 2 * capacity * this.width + 2);
    const { memory } = backend;
    if (bytes > MEMORY - memory.bytesInUse)
      throw new CapacityError(
        `${where}: the basis must fit in 4 GiB, but ${capacity} vectors of ${n} elements need ${bytes} bytes. Lower subspace.`,
        bytes,
      );
    [this.#hold, this.#rows, this.#candidates, this.#coefficients, this.#corrections, this.#info] = memory.scope(
      (keep) => {
        const hold = keep(memory.hold());
        const numbers = (length: number) => hold.allocate('f64', length);
        const few = capacity * this.width;
        return [hold, numbers(capacity * row), numbers(candidates * row), numbers(few), numbers(few), numbers(2)];
      },
    );
  }

  /** Gives its memory back; any later use throws. Calling it twice is harmless. */
  release(): void {
    this.#hold.release();
  }

  /** The vectors from v_k on, as they lie. */
  rowsFrom(k: number): Block<'f64'> {
    const start = k * this.stride * this.width;
    return this.#rows.part(start, this.#rows.length - start);
  }

  /** w_k. */
  candidate(k: number): Block<'f64'> {
    return this.#candidates.part(k * this.stride * this.width, this.n * this.width);
  }

  /** All candidates, as they lie. */
  get candidates(): Block<'f64'> {
    return this.#candidates;
  }

  /**
   * w_k ← w_k − V h and h = V†w_k, by classical Gram–Schmidt, again while the length shrinks to less than 1/√2. If more is left than
   * `relative` times the larger of `scale` and the length before, and there is room, it becomes the last vector.
   *
   * @param known whether h holds the components along all vectors but the last to rounding, as for a Hermitian operator.
   */
  orthogonalise(k: number, h: Float64Array, relative: number, scale: number, known = false): Orthogonalisation {
    const { width, n, size: count } = this;
    const room = count < this.capacity;
    const [info, coefficients] = [this.#info, this.#coefficients];
    if (known) coefficients.view().set(h.subarray(0, count * width));
    this.#backend.kernels.orthogonalise({
      width,
      n,
      count,
      basis: this.#rows,
      stride: this.stride,
      w: this.candidate(k),
      h: coefficients,
      c: this.#corrections,
      known: known && count > 0 ? 1 : 0,
      relative: room ? relative : Infinity,
      scale,
      info,
    });
    const [before, after] = info.view() as unknown as [number, number];
    h.set(coefficients.view().subarray(0, count * width));
    const appended = room && after > relative * Math.max(scale, before);
    if (appended) this.size++;
    return { before, after, appended };
  }

  /** Appends a Gaussian vector without its part along the others, so uniform on the sphere that is left; there must be fewer than n. Returns the streams it used. */
  appendRandom(seed: bigint, stream: number): number {
    const h = new Float64Array(this.capacity * this.width);
    for (let tried = 0; ; tried++) {
      this.candidate(0)
        .view()
        .set(gaussianNumbers(this.n * this.width, seed, stream + tried));
      if (this.orthogonalise(0, h, 1e-8, 0).appended) return tried + 1;
    }
  }

  /** v_k. */
  read(k: number, target: Float64Array): void {
    const { width, n } = this;
    target.set(this.#rows.part(k * this.stride * width, n * width).view());
    if (width === 2) for (let i = 1; i < target.length; i += 2) target[i] = -target[i]!;
  }

  /**
   * Replaces the first `count` vectors by the p columns of V Z, Z being count×p row-major with orthonormal columns; `carry` vectors
   * from `count` on follow them. The rest is dropped.
   */
  transform(z: Float64Array, count: number, p: number, carry: number): void {
    this.#combine(z, count, p, 'rows', (first, length, block) => {
      const [to, from] = [this.#rows.view(), block.view()];
      const { width } = this;
      for (let k = 0; k < p; k++) {
        const row = k * length * width;
        to.set(from.subarray(row, row + length * width), (k * this.stride + first) * width);
      }
    });
    const row = this.stride * this.width;
    this.#rows.view().copyWithin(p * row, count * row, (count + carry) * row);
    this.size = p + carry;
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
            ? ([{ opA, opB, m: p, n: length, k, lda: p, ldb: this.stride, ldc: length }, factors, part] as const)
            : ([{ opA, opB, m: length, n: p, k, lda: this.stride, ldb: p, ldc: p }, part, factors] as const);
        if (width === 1) kernels.gemm({ shape, alpha: 1, a, b, beta: 0, c: block, work });
        else kernels.complexGemm({ shape, alpha: [1, 0], a, b, beta: [0, 0], c: block, work });
        take(first, length, block);
      }
    });
  }
}
