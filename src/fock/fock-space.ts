import { checkInteger } from '../core/checks.ts';
import { CapacityError, MechanicsError } from '../core/errors.ts';
import type { History } from './next-token-law.ts';

/** A state would leave the cut-off Fock space: a token would have to be appended to a text of M tokens. */
export class CutoffError extends MechanicsError {
  constructor(message: string) {
    super('CUTOFF', message);
  }
}

/** Of a dimension that is written out. */
const MOST_BITS = 1 << 20;

/**
 * The Fock space cut at M tokens over the token space h = C^N:  F^(M)(h) = ⊕_{n=0…M} h^{⊗n}, sector 0 being the vacuum.
 *
 * @source Chen, §III (the finite Fock space).
 */
export class FockSpace {
  /** Dimension of the token space. */
  readonly N: number;
  /** Cut-off: the largest number of tokens. */
  readonly M: number;

  /** @throws DomainError unless N ≥ 1 and M ≥ 0 are integers. */
  constructor(N: number, M: number) {
    checkInteger('FockSpace', 'N', N, 1);
    checkInteger('FockSpace', 'M', M, 0);
    this.N = N;
    this.M = M;
  }

  /** dim F^(M) = Σ_{n=0…M} N^n, exactly. @throws CapacityError for a number of more than 2²⁰ bits. */
  get dimension(): bigint {
    if (this.N === 1) return BigInt(this.M + 1);
    const bits = (this.M + 1) * Math.log2(this.N);
    if (bits > MOST_BITS) {
      throw new CapacityError(
        `FockSpace.dimension: the dimension must have at most ${MOST_BITS} bits, but that of M = ${this.M} over ${this.N} tokens has about ${bits.toPrecision(3)}. Set a smaller cut-off.`,
        Math.ceil(bits / 8),
      );
    }
    const N = BigInt(this.N);
    return (N ** BigInt(this.M + 1) - 1n) / (N - 1n);
  }

  /** dim h^{⊗n} = N^n, exactly. @throws DomainError unless 0 ≤ n ≤ M. */
  sectorDimension(n: number): bigint {
    checkInteger('FockSpace.sectorDimension', 'n', n, 0, this.M);
    return BigInt(this.N) ** BigInt(n);
  }

  /**
   * Checks that `steps` operations can act on texts of up to `n` tokens: M ≥ n + steps.
   *
   * @throws CutoffError saying which cut-off would do.
   */
  checkSteps(where: string, n: number, steps: number): void {
    if (n + steps <= this.M) return;
    throw new CutoffError(
      `${where}: the cut-off M must be at least n + L = ${n} + ${steps}, but it is ${this.M}. Set the cut-off to ${n + steps} or take fewer steps.`,
    );
  }

  /**
   * Number of a string in the basis of its sector h^{⊗n}, from 0: Σ_i x_i N^{n−i}, the first token most significant.
   *
   * @throws DomainError for a token outside 0 … N−1; CutoffError for a string of more than M tokens; CapacityError for a number
   * beyond 2⁵³.
   */
  indexInSector(string: History): number {
    if (string.length > this.M)
      throw new CutoffError(
        `FockSpace.indexInSector: the string must have at most M = ${this.M} tokens, but it has ${string.length}.`,
      );
    let index = 0;
    for (const token of string) {
      checkInteger('FockSpace.indexInSector', 'every token of the string', token, 0, this.N - 1);
      index = index * this.N + token;
    }
    return exactNumber('FockSpace.indexInSector', index);
  }

  /** Number of a string in the basis of the whole space, the sectors one after another from the vacuum up. Errors as {@link indexInSector}. */
  indexOf(string: History): number {
    const offset = Number(new FockSpace(this.N, string.length).dimension) - this.N ** string.length;
    return exactNumber('FockSpace.indexOf', offset + this.indexInSector(string));
  }

  /** The string with a number in the basis of the whole space. @throws DomainError outside it; CapacityError beyond 2⁵³. */
  stringAt(index: number): Int32Array {
    const last = exactNumber('FockSpace.stringAt', Number(this.dimension)) - 1;
    checkInteger('FockSpace.stringAt', 'index', index, 0, last);
    let n = 0;
    let rest = index;
    for (; rest >= this.N ** n; n++) rest -= this.N ** n;
    return this.stringInSector(n, rest);
  }

  /** The string with a number in the basis of sector n: the inverse of {@link indexInSector}. @throws DomainError outside it. */
  stringInSector(n: number, index: number): Int32Array {
    checkInteger('FockSpace.stringInSector', 'n', n, 0, this.M);
    checkInteger('FockSpace.stringInSector', 'index', index, 0, Math.min(this.N ** n - 1, Number.MAX_SAFE_INTEGER));
    const string = new Int32Array(n);
    let rest = index;
    for (let i = n - 1; i >= 0; i--) {
      string[i] = rest % this.N;
      rest = Math.floor(rest / this.N);
    }
    return string;
  }
}

/** @throws CapacityError unless the number of a string is exact in f64. */
function exactNumber(where: string, index: number): number {
  if (index <= Number.MAX_SAFE_INTEGER) return index;
  throw new CapacityError(`${where}: numbers of strings must stay below 2^53, but this space has more. Use strings.`);
}
