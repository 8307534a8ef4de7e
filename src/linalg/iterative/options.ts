import type { BackendKind } from '../../backend/backend.ts';
import { checkChoice, checkInteger } from '../../core/checks.ts';
import { ConvergenceError, DomainError, ShapeError } from '../../core/errors.ts';
import { checkWord64 } from '../../core/philox.ts';
import type { LinearOperator } from '../operator/linear-operator.ts';

/** What all iterations for a few values take. */
export interface IterationOptions {
  /** Values that are wanted; default 6, or all if there are fewer. */
  readonly count?: number;
  /** Largest residual over ‖A‖ of a value that counts as converged, from 1e-14; default 1e-10. */
  readonly tolerance?: number;
  /**
   * Vectors in the basis, from count + 4 up to the order; default 2·count + 20, at least 40, of real dense matrices at least 60 (`svds`) or a
   * tenth of the order up to 100 (`eigs`). More vectors save products.
   */
  readonly subspace?: number;
  /** Most restarts; default 300. */
  readonly maxRestarts?: number;
  /** Whether to look for copies that one start vector cannot see once all has converged; default true. */
  readonly probe?: boolean;
  /** Seed of the start vectors; default 0n. */
  readonly seed?: bigint;
  /** What to do if the restarts do not suffice: throw (default), or report what has been found. */
  readonly onFailure?: 'throw' | 'report';
}

/** How an iteration went. */
export interface IterationReport {
  /** Which of the values have converged: whose residual is at most tolerance·norm. */
  readonly converged: readonly boolean[];
  /** A lower bound of ‖A‖₂, near it if the largest values are among the wanted. */
  readonly norm: number;
  /** Products with the operator and its adjoint, those for the residuals included. */
  readonly products: number;
  /** Restarts done. */
  readonly restarts: number;
  /** Which implementation ran. */
  readonly backend: BackendKind;
}

export interface CheckedOptions {
  readonly count: number;
  readonly tolerance: number;
  readonly subspace: number;
  readonly maxRestarts: number;
  readonly probe: boolean;
  readonly seed: bigint;
  readonly report: boolean;
}

/**
 * `preferred`: the least default of `subspace`, where that is more than 40.
 *
 * @throws DomainError naming the option that is out of range for values of a problem of order n.
 */
export function checkOptions(where: string, n: number, options: IterationOptions, preferred = 0): CheckedOptions {
  const { count = Math.min(6, n), tolerance = 1e-10, maxRestarts = 300, probe = true, seed = 0n } = options;
  const { onFailure = 'throw' } = options;
  checkInteger(where, 'count', count, n === 0 ? 0 : 1, n);
  if (!(tolerance >= 1e-14 && tolerance <= 1))
    throw new DomainError(`${where}: tolerance must be from 1e-14 to 1, but it is ${String(tolerance)}.`);
  checkInteger(where, 'maxRestarts', maxRestarts, 0);
  checkWord64(where, 'seed', seed);
  const least = Math.min(n, count + 4);
  if (options.subspace !== undefined) checkInteger(where, 'subspace', options.subspace, least, n);
  const subspace = options.subspace ?? Math.min(n, Math.max(40, preferred, 2 * count + 20));
  checkChoice(where, 'onFailure', onFailure, ['throw', 'report']);
  return { count, tolerance, subspace, maxRestarts, probe, seed, report: onFailure === 'report' };
}

/** @throws ShapeError unless the operator is square. */
export function checkSquareOperator(where: string, { rows, columns }: LinearOperator): void {
  if (rows === columns) return;
  throw new ShapeError(
    `${where}: operator must be square, but it is ${rows}×${columns}. Use svds for rectangular ones.`,
  );
}

/**
 * How an iteration went, from the residuals of its values.
 *
 * @throws ConvergenceError unless all values have converged or a partial result was asked for.
 */
export function settled(
  where: string,
  { report, tolerance }: CheckedOptions,
  residuals: Float64Array,
  went: Omit<IterationReport, 'converged'>,
): IterationReport {
  const converged = Array.from(residuals, (residual) => residual <= tolerance * went.norm);
  const found = converged.filter((flag) => flag).length;
  if (report || found === converged.length) return { converged, ...went };
  throw new ConvergenceError(
    `${where}: ${converged.length} values must converge to ${tolerance}, but after ${went.restarts} restarts and ${went.products} products only ${found} had. Raise subspace, maxRestarts or tolerance.`,
    { iterations: went.products, converged: found },
  );
}
