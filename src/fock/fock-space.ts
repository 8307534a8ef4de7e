import { checkInteger } from '../core/checks.ts';
import { MechanicsError } from '../core/errors.ts';

/** A state would leave the cut-off Fock space: a token would have to be appended to a text of M tokens. */
export class CutoffError extends MechanicsError {
  constructor(message: string) {
    super('CUTOFF', message);
  }
}

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

  /** dim F^(M) = Σ_{n=0…M} N^n, exactly. */
  get dimension(): bigint {
    if (this.N === 1) return BigInt(this.M + 1);
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
}
