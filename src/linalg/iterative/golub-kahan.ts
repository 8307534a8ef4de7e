import type { Backend } from '../../backend/backend.ts';
import { matrixOver } from '../matrix/arguments.ts';
import { norm } from '../matrix/vectors.ts';
import { svd } from '../svd/svd.ts';
import { BREAKDOWN } from './krylov.ts';
import type { CheckedOptions } from './options.ts';
import { OrthonormalBasis } from './orthonormal-basis.ts';
import type { Products } from './products.ts';
import { type Approximations, type Key, type RestartedProcess, ranking } from './restarts.ts';

/**
 * Golub–Kahan–Lanczos decompositions A V = U B, A†U = V B† + β v e† of an operator with at least as many rows as columns, U and V
 * orthonormal, B upper triangular; thick restarts with singular vectors of B.
 *
 * @source J. Baglama, L. Reichel, SIAM J. Sci. Comput. 27 (2005) 19, augmentation by Ritz vectors; both bases are orthogonalised in full.
 */
export class GolubKahanProcess implements RestartedProcess {
  readonly size: number;
  readonly exhausted: boolean;
  readonly right: OrthonormalBasis;
  readonly left: OrthonormalBasis;
  scale = 0;
  readonly #backend: Backend;
  readonly #products: Products;
  readonly #ends: readonly Key[];
  readonly #seed: bigint;
  /** size×size, row-major. */
  readonly #b: Float64Array;
  #length = 0;
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
    this.size = subspace;
    this.exhausted = subspace === columns;
    this.#backend = backend;
    this.#products = products;
    this.#ends = ends;
    this.#seed = seed;
    this.#b = new Float64Array(subspace * subspace * width);
    this.right = new OrthonormalBasis(where, backend, field, columns, Math.min(columns, subspace + 1));
    try {
      this.left = new OrthonormalBasis(where, backend, field, rows, subspace);
    } catch (error) {
      this.right.release();
      throw error;
    }
  }

  release(): void {
    this.right.release();
    this.left.release();
  }

  expand(): void {
    const { left, right, size } = this;
    if (size === 0) return;
    const { width } = right;
    const [v, z] = [new Float64Array(right.n * width), new Float64Array(right.n * width)];
    const [u, w] = [new Float64Array(left.n * width), new Float64Array(left.n * width)];
    const column = new Float64Array(right.capacity * width);
    if (right.size === 0) this.#appendRandom(right);
    for (let j = right.size - 1; j < size; j++) {
      right.read(j, v);
      this.#products.apply(v, w);
      this.scale = Math.max(this.scale, norm(w));
      const across = left.orthogonalise(w, j, column);
      for (let i = 0; i < j * width; i++)
        this.#b[(Math.floor(i / width) * size + j) * width + (i % width)] = column[i]!;
      if (across <= BREAKDOWN * this.scale) this.#appendRandom(left);
      else {
        left.append(w, across);
        this.#b[(j * size + j) * width] = across;
      }
      left.read(j, u);
      this.#products.applyAdjoint(u, z);
      this.scale = Math.max(this.scale, norm(z));
      const along = right.orthogonalise(z, j + 1, column);
      const broken = along <= BREAKDOWN * this.scale;
      this.#length = broken || right.size === right.capacity ? 0 : along;
      if (right.size === right.capacity) continue;
      if (broken) this.#appendRandom(right);
      else right.append(z, along);
    }
  }

  approximate(): Approximations {
    const { size } = this;
    const { width } = this.right;
    const small = matrixOver(this.#products.operator.field, size, size, this.#b.slice());
    const { u, values, v } = svd(this.#backend, small);
    const pairs = new Float64Array(2 * size);
    for (let k = 0; k < size; k++) pairs[2 * k] = values[k]!;
    const order = ranking(pairs, this.#ends);
    this.scale = Math.max(this.scale, values[0] ?? 0);
    const x = permuted(u.data, size, width, order);
    this.#small = { x, y: permuted(v.data, size, width, order), values: Float64Array.from(order, (k) => values[k]!) };
    const last = x.subarray((size - 1) * size * width);
    return {
      values: Float64Array.from({ length: 2 * size }, (_, i) => (i % 2 === 0 ? this.#small!.values[i >> 1]! : 0)),
      residuals: Float64Array.from(order, (_, k) => this.#length * norm(last.subarray(k * width, (k + 1) * width))),
    };
  }

  coupling(p: number): number {
    const { width } = this.right;
    const last = (this.size - 1) * this.size * width;
    return this.#length * norm(this.#small!.x.subarray(last, last + p * width));
  }

  restart(p: number): void {
    this.#keep(p, true);
  }

  probe(p: number): void {
    this.#keep(p, false);
    this.#appendRandom(this.right);
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

  #keep(p: number, carry: boolean): void {
    const { size } = this;
    const { width } = this.right;
    const { x, y, values } = this.#small!;
    this.right.transform(firstColumns(y, size, width, p), size, p, carry);
    this.left.transform(firstColumns(x, size, width, p), size, p, false);
    this.#b.fill(0);
    for (let k = 0; k < p; k++) this.#b[(k * size + k) * width] = values[k]!;
  }

  #appendRandom(basis: OrthonormalBasis): void {
    this.#streams += basis.appendRandom(this.#seed, this.#streams);
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
