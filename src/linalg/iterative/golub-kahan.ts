import type { Backend } from '../../backend/backend.ts';
import { matrixOver } from '../matrix/arguments.ts';
import { norm } from '../matrix/vectors.ts';
import { svd } from '../svd/svd.ts';
import { BREAKDOWN } from './krylov.ts';
import type { CheckedOptions } from './options.ts';
import { OrthonormalBasis } from './orthonormal-basis.ts';
import type { Products } from './products.ts';
import { type Approximations, type Key, type RestartedProcess, ranking } from './restarts.ts';

/** Vectors in a basis that can grow by blocks. */
const LEAST_FOR_BLOCKS = 16;

/**
 * Golub–Kahan–Lanczos decompositions A V = U B, A†U = V B† + W L E† of an operator with at least as many rows as columns, U, V and W
 * orthonormal, B upper triangular, E the last columns of the unit matrix; thick restarts with singular vectors of B. A dense matrix is
 * multiplied by two vectors at a time, which takes one pass over it, and finds two copies of a value at once.
 *
 * @source J. Baglama, L. Reichel, SIAM J. Sci. Comput. 27 (2005) 19, augmentation by Ritz vectors; both bases are orthogonalised in full;
 * blocks: G. H. Golub, F. T. Luk, M. L. Overton, ACM Trans. Math. Softw. 7 (1981) 149.
 */
export class GolubKahanProcess implements RestartedProcess {
  readonly block: number;
  readonly exhausted: boolean;
  readonly right: OrthonormalBasis;
  readonly left: OrthonormalBasis;
  scale = 0;
  readonly #backend: Backend;
  readonly #products: Products;
  readonly #ends: readonly Key[];
  readonly #seed: bigint;
  readonly #subspace: number;
  /** subspace×subspace, row-major. */
  readonly #b: Float64Array;
  /** L: block×block, row-major; the last {@link #last} columns of U have one each. */
  readonly #l: Float64Array;
  #last = 0;
  #streams = 0;
  /** Singular vectors of B in the order in which they are wanted. */
  #small: { readonly x: Float64Array; readonly values: Float64Array; readonly y: Float64Array } | null = null;

  constructor(
    where: string,
    backend: Backend,
    products: Products,
    { subspace, seed }: Pick<CheckedOptions, 'subspace' | 'seed'>,
    ends: readonly Key[],
  ) {
    const { rows, columns, field, width } = products.operator;
    this.block = products.isResident && subspace >= LEAST_FOR_BLOCKS ? 2 : 1;
    this.exhausted = subspace === columns;
    this.#backend = backend;
    this.#products = products;
    this.#ends = ends;
    this.#seed = seed;
    this.#subspace = subspace;
    this.#b = new Float64Array(subspace * subspace * width);
    this.#l = new Float64Array(this.block * this.block * width);
    const capacity = Math.min(columns, subspace + this.block);
    this.right = new OrthonormalBasis(where, backend, field, columns, capacity, this.block);
    try {
      this.left = new OrthonormalBasis(where, backend, field, rows, subspace, this.block);
    } catch (error) {
      this.right.release();
      throw error;
    }
  }

  /** Vectors of U, each with its vector of V. */
  get size(): number {
    return this.left.size;
  }

  release(): void {
    this.right.release();
    this.left.release();
  }

  expand(): void {
    const { left, right } = this;
    if (this.#subspace === 0) return;
    if (right.size === 0) this.#start();
    const column = new Float64Array(right.capacity * right.width);
    for (;;) {
      const first = left.size;
      const count = right.size - first;
      if (count === 0 || first + count > this.#subspace) return;
      this.#growLeft(first, count, column);
      this.#growRight(first, count, column);
    }
  }

  approximate(): Approximations {
    const { size } = this;
    const { width } = this.right;
    const b = new Float64Array(size * size * width);
    for (let i = 0; i < size; i++) {
      const row = i * this.#subspace * width;
      b.set(this.#b.subarray(row, row + size * width), i * size * width);
    }
    const { u, values, v } = svd(this.#backend, matrixOver(this.#products.operator.field, size, size, b));
    const pairs = new Float64Array(2 * size);
    for (let k = 0; k < size; k++) pairs[2 * k] = values[k]!;
    const order = ranking(pairs, this.#ends);
    this.scale = Math.max(this.scale, values[0] ?? 0);
    const x = permuted(u.data, size, width, order);
    this.#small = { x, y: permuted(v.data, size, width, order), values: Float64Array.from(order, (k) => values[k]!) };
    return {
      values: Float64Array.from({ length: 2 * size }, (_, i) => (i % 2 === 0 ? this.#small!.values[i >> 1]! : 0)),
      residuals: Float64Array.from({ length: size }, (_, k) => this.#remainder(k)),
    };
  }

  coupling(p: number): number {
    return norm(Float64Array.from({ length: p }, (_, k) => this.#remainder(k)));
  }

  restart(p: number): void {
    this.#keep(p, this.right.size - this.size);
  }

  probe(p: number): void {
    this.#keep(p, 0);
    this.#start();
  }

  /** The best p triplets: columns of row-major arrays. */
  triplets(p: number): { readonly u: Float64Array; readonly v: Float64Array } {
    const { size } = this;
    const { width } = this.right;
    return {
      u: this.left.combination(firstColumns(this.#small!.x, size, width, p), size, p),
      v: this.right.combination(firstColumns(this.#small!.y, size, width, p), size, p),
    };
  }

  /** Vectors of U from `count` vectors of V, and columns of B. */
  #growLeft(first: number, count: number, column: Float64Array): void {
    const { left } = this;
    const { width } = left;
    this.#products.expand(this.right, first, count, left, false);
    for (let k = 0; k < count; k++) {
      const j = first + k;
      const { before, after, appended } = left.orthogonalise(k, column, BREAKDOWN, this.scale);
      this.#products.checkLength(before);
      this.scale = Math.max(this.scale, before);
      for (let i = 0; i < j; i++) {
        for (let part = 0; part < width; part++)
          this.#b[(i * this.#subspace + j) * width + part] = column[i * width + part]!;
      }
      if (appended) this.#b[(j * this.#subspace + j) * width] = after;
      else this.#streams += left.appendRandom(this.#seed, this.#streams);
    }
  }

  /** Vectors of V from as many of U, and L. */
  #growRight(first: number, count: number, column: Float64Array): void {
    const { right } = this;
    const { width } = right;
    this.#products.expand(this.left, first, count, right, true);
    this.#l.fill(0);
    this.#last = count;
    for (let k = 0; k < count; k++) {
      const place = right.size - first - count;
      const { before, after, appended } = right.orthogonalise(k, column, BREAKDOWN, this.scale);
      this.#products.checkLength(before);
      this.scale = Math.max(this.scale, before);
      for (let i = 0; i < place; i++) {
        for (let part = 0; part < width; part++)
          this.#l[(i * this.block + k) * width + part] = column[(first + count + i) * width + part]!;
      }
      if (appended) this.#l[(place * this.block + k) * width] = after;
      else if (right.size < right.capacity) this.#streams += right.appendRandom(this.#seed, this.#streams);
    }
  }

  /** ‖L E†x‖ for the k-th left singular vector x of B: what A†u is off. */
  #remainder(k: number): number {
    const { size, block } = this;
    const { width } = this.right;
    const x = this.#small!.x;
    const off = new Float64Array(block * width);
    for (let i = 0; i < block; i++) {
      for (let j = 0; j < this.#last; j++) {
        const [at, to] = [((size - this.#last + j) * size + k) * width, (i * block + j) * width];
        const [re, im] = [this.#l[to]!, width === 1 ? 0 : this.#l[to + 1]!];
        const [xRe, xIm] = [x[at]!, width === 1 ? 0 : x[at + 1]!];
        off[i * width] = off[i * width]! + (re * xRe - im * xIm);
        if (width === 2) off[i * width + 1] = off[i * width + 1]! + (re * xIm + im * xRe);
      }
    }
    return norm(off);
  }

  #keep(p: number, carry: number): void {
    const { size } = this;
    const { width } = this.right;
    const { x, y, values } = this.#small!;
    this.right.transform(firstColumns(y, size, width, p), size, p, carry);
    this.left.transform(firstColumns(x, size, width, p), size, p, 0);
    this.#b.fill(0);
    for (let k = 0; k < p; k++) this.#b[(k * this.#subspace + k) * width] = values[k]!;
  }

  /** Random vectors of V, as many as a block has, or as there is room for. */
  #start(): void {
    const { right } = this;
    const end = Math.min(right.capacity, right.size + this.block);
    while (right.size < end) this.#streams += right.appendRandom(this.#seed, this.#streams);
  }
}

/** The columns of a row-major size×size array in this order. */
function permuted(data: Float64Array, size: number, width: number, order: readonly number[]): Float64Array {
  const columns = new Float64Array(data.length);
  for (let i = 0; i < size; i++) {
    for (const [to, from] of order.entries()) {
      for (let part = 0; part < width; part++)
        columns[(i * size + to) * width + part] = data[(i * size + from) * width + part]!;
    }
  }
  return columns;
}

function firstColumns(data: Float64Array, size: number, width: number, p: number): Float64Array {
  const columns = new Float64Array(size * p * width);
  for (let i = 0; i < size; i++) columns.set(data.subarray(i * size * width, (i * size + p) * width), i * p * width);
  return columns;
}
