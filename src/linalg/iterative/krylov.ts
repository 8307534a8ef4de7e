import type { Backend } from '../../backend/backend.ts';
import type { Width } from '../../backend/contract/hermitian.ts';
import { norm } from '../matrix/vectors.ts';
import type { CheckedOptions } from './options.ts';
import { OrthonormalBasis } from './orthonormal-basis.ts';
import type { Products } from './products.ts';
import { type Approximations, largestModulus, type RestartedProcess } from './restarts.ts';

/** A new direction shorter than this, relative to the longest product, is rounding error: the subspace is invariant. */
export const BREAKDOWN = 64 * 2 ** -53;

/** What is read off a projected operator. */
export interface Projection extends Approximations {
  /** Orthonormal columns (size×p) that span the best p, and the projected operator on them (p×p). */
  invariant(p: number): { readonly z: Float64Array; readonly h: Float64Array };
}

/** Takes the projected operator H = V†AV (size×size) and ‖r‖ of A V = V H + r e† apart. */
export type Project = (h: Float64Array, size: number, length: number) => Projection;

/**
 * Krylov decompositions A V = V H + β v e† with an orthonormal basis (V, v), grown by products and orthogonalisation against all of
 * V, and cut down to invariant subspaces of H. Thick-restart Lanczos if H is Hermitian, Krylov–Schur if not.
 *
 * @source K. Wu, H. Simon, SIAM J. Matrix Anal. Appl. 22 (2000) 602; G. W. Stewart, SIAM J. Matrix Anal. Appl. 23 (2001) 601.
 */
export class KrylovProcess<P extends Projection> implements RestartedProcess {
  readonly size: number;
  readonly block = 1;
  readonly basis: OrthonormalBasis;
  readonly exhausted: boolean;
  scale = 0;
  readonly #products: Products;
  readonly #project: (h: Float64Array, size: number, length: number) => P;
  readonly #hermitian: boolean;
  readonly #seed: bigint;
  readonly #width: Width;
  /** size×size, row-major. */
  readonly #h: Float64Array;
  #length = 0;
  #streams = 0;
  #projection: P | null = null;

  constructor(
    where: string,
    backend: Backend,
    products: Products,
    { subspace, seed }: CheckedOptions,
    hermitian: boolean,
    project: (h: Float64Array, size: number, length: number) => P,
  ) {
    const { rows: n, field, width } = products.operator;
    this.size = subspace;
    this.exhausted = subspace === n;
    this.#products = products;
    this.#hermitian = hermitian;
    this.#project = project;
    this.#seed = seed;
    this.#width = width;
    this.#h = new Float64Array(subspace * subspace * width);
    this.basis = new OrthonormalBasis(where, backend, field, n, Math.min(n, subspace + 1));
  }

  get projection(): P {
    return this.#projection!;
  }

  expand(): void {
    const { basis, size } = this;
    if (size === 0) return;
    const width = this.#width;
    const column = new Float64Array(basis.capacity * width);
    if (basis.size === 0) this.#appendRandom();
    for (let j = basis.size - 1; j < size; j++) {
      this.#products.expand(basis, j, 1, basis, false);
      if (this.#hermitian) this.#readRow(j, column);
      const { before, after, appended } = basis.orthogonalise(0, column, BREAKDOWN, this.scale, this.#hermitian);
      this.#products.checkLength(before);
      this.scale = Math.max(this.scale, before);
      for (let i = 0; i <= j; i++) this.#put(i, j, column, i);
      const broken = after <= BREAKDOWN * this.scale;
      this.#length = broken || (this.exhausted && j + 1 === size) ? 0 : after;
      if (j + 1 < size) this.#h[((j + 1) * size + j) * width] = this.#length;
      if (!appended && basis.size < basis.capacity) this.#appendRandom();
    }
  }

  approximate(): P {
    this.#projection = this.#project(this.#h, this.size, this.#length);
    this.scale = Math.max(this.scale, largestModulus(this.#projection.values));
    return this.#projection;
  }

  coupling(p: number): number {
    return norm(this.#couplingOf(this.projection.invariant(p).z, p));
  }

  restart(p: number): void {
    const { z, h } = this.projection.invariant(p);
    const row = this.#couplingOf(z, p);
    this.#replace(z, h, p, 1);
    for (let i = 0; i < p; i++) this.#put(p, i, row, i);
  }

  probe(p: number): void {
    const { z, h } = this.projection.invariant(p);
    this.#replace(z, h, p, 0);
    this.#appendRandom();
  }

  /** β e†Z: the row below the projected operator on V Z. */
  #couplingOf(z: Float64Array, p: number): Float64Array {
    return z.subarray((this.size - 1) * p * this.#width).map((value) => this.#length * value);
  }

  #replace(z: Float64Array, h: Float64Array, p: number, carry: number): void {
    this.basis.transform(z, this.size, p, carry);
    this.#h.fill(0);
    const row = p * this.#width;
    for (let i = 0; i < p; i++) this.#h.set(h.subarray(i * row, (i + 1) * row), i * this.size * this.#width);
  }

  /** The conjugate of row j of H before its diagonal: column j, for a Hermitian operator. */
  #readRow(j: number, column: Float64Array): void {
    const width = this.#width;
    const row = j * this.size * width;
    column.fill(0);
    for (let i = 0; i < j * width; i++) column[i] = (i % width === 1 ? -1 : 1) * this.#h[row + i]!;
  }

  #put(i: number, j: number, from: Float64Array, at: number): void {
    const to = (i * this.size + j) * this.#width;
    for (let part = 0; part < this.#width; part++) this.#h[to + part] = from[at * this.#width + part]!;
  }

  #appendRandom(): void {
    this.#streams += this.basis.appendRandom(this.#seed, this.#streams);
  }
}
