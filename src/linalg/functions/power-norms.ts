import type { Block } from '../../backend/memory.ts';
import { exp } from '../../math/exp.ts';
import { log } from '../../math/log.ts';
import type { MatrixSpace } from './matrix-space.ts';
import { normOfProduct } from './norm-estimate.ts';
import type { TriangularParts } from './triangular-parts.ts';

/** Highest power whose norm is asked for. */
const HIGHEST = 5;
/** Up to this order the powers are cheaper than estimates. */
const EXACT_UP_TO = 160;

/** ‖(T − 1)^k‖₁^{1/k}, k ≤ 5, of a triangular T: exact up to order 160, from powers that are formed once; estimated beyond it. */
export class PowerNorms {
  readonly #space: MatrixSpace;
  readonly #parts: TriangularParts;
  /** (T − 1)^{k+1} for every k < #known. */
  readonly #powers: Block<'f64'>;
  #known = 0;

  constructor(space: MatrixSpace, parts: TriangularParts) {
    this.#space = space;
    this.#parts = parts;
    this.#powers = space.matrices(space.n <= EXACT_UP_TO ? HIGHEST : 1);
  }

  /** Takes a new T. */
  take(t: Block<'f64'>): void {
    const first = this.#space.at(this.#powers, 0);
    this.#space.copy(t, first);
    this.#space.addToDiagonal(first, -1);
    this.#known = 1;
  }

  size(k: number): number {
    const norm = this.norm(k);
    return norm === 0 ? 0 : exp(log(norm) / k);
  }

  private norm(k: number): number {
    const space = this.#space;
    const first = space.at(this.#powers, 0);
    if (space.n > EXACT_UP_TO) return normOfProduct(space, new Array(k).fill(first));
    for (; this.#known < k; this.#known++) {
      const [last, next] = [space.at(this.#powers, this.#known - 1), space.at(this.#powers, this.#known)];
      this.#parts.multiply(last, first, next);
    }
    return space.norm1(space.at(this.#powers, k - 1));
  }
}
