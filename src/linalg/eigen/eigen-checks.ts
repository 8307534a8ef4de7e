import { checkInteger } from '../../core/checks.ts';
import { ConvergenceError, DomainError } from '../../core/errors.ts';
import type { AnyMatrix } from '../matrix/matrix.ts';

/** QR sweeps allowed per eigenvalue; about three are the rule. */
const SWEEPS_PER_VALUE = 30;

/** The limit that was asked for, or 30 sweeps per eigenvalue and at least 300. */
export function sweepLimit(where: string, n: number, asked: number | undefined): number {
  if (asked !== undefined) checkInteger(where, 'maxSweeps', asked, 0, 2 ** 31 - 1);
  return asked ?? SWEEPS_PER_VALUE * Math.max(10, n);
}

export function unconverged(where: string, n: number, converged: number, sweeps: number): ConvergenceError {
  return new ConvergenceError(
    `${where}: QR iteration must find ${n} eigenvalues, but after ${sweeps} sweeps only ${converged} had converged. Raise maxSweeps.`,
    { iterations: sweeps, converged },
  );
}

/** @throws DomainError if a number that was scaled back is beyond f64. */
export function checkRepresentable(where: string, numbers: Float64Array): void {
  if (numbers.every((x) => Number.isFinite(x))) return;
  throw new DomainError(`${where}: the Schur form must be below 1.8e308 in size, but it overflows. Scale a down.`);
}

/** @throws DomainError unless t is complex and all its elements below the diagonal are zero. */
export function checkTriangular(where: string, { field, data, columns: n }: AnyMatrix): void {
  if (field !== 'complex') throw new DomainError(`${where}: t must be complex, but it is ${field}. Take t from schur.`);
  for (let i = 1; i < n; i++) {
    for (let k = 2 * i * n; k < 2 * (i * n + i); k++) {
      if (data[k] !== 0) {
        throw new DomainError(
          `${where}: t must be upper triangular, but an element of row ${i} below the diagonal is ${data[k]}. Take t from schur.`,
        );
      }
    }
  }
}
