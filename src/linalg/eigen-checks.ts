import { checkInteger } from '../core/checks.ts';
import { ConvergenceError, ShapeError } from '../core/errors.ts';
import type { AnyMatrix } from './matrix.ts';

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
