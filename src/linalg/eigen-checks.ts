import { checkInteger } from '../core/checks.ts';
import { ConvergenceError, DomainError, ShapeError } from '../core/errors.ts';
import type { AnyMatrix, ComplexMatrix } from './matrix.ts';

/** QR sweeps allowed per eigenvalue; about three are the rule. */
const SWEEPS_PER_VALUE = 30;

/** @throws ShapeError unless a is square. */
export function checkSquare(where: string, a: AnyMatrix): void {
  if (a.rows === a.columns) return;
  throw new ShapeError(
    `${where}: a must be square, but it is ${a.rows}×${a.columns}. Use svd for rectangular matrices.`,
  );
}

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

/** @throws DomainError unless all elements below the diagonal are zero. */
export function checkTriangular(where: string, { data, columns: n }: ComplexMatrix): void {
  for (let i = 1; i < n; i++) {
    for (let k = 2 * i * n; k < 2 * (i * n + i); k++) {
      if (data[k] !== 0) {
        throw new DomainError(
          `${where}: t must be upper triangular, but t.data[${k}] is ${data[k]}. Take t from schur.`,
        );
      }
    }
  }
}
