import type { Backend } from '../../backend/backend.ts';
import type { TaskPool } from '../../core/task-pool.ts';
import { ComplexMatrix } from '../matrix/matrix.ts';
import { Resolvent, type ResolventOf, type ResolventOptions } from './resolvent.ts';
import { GridPlan, gridPoints, type ResolventGrid, type ResolventGridOptions } from './resolvent-grid.ts';

/** What all shares of a grid need, as plain data. */
export interface SharedGrid {
  /** Order and numbers of the triangular factor. */
  readonly n: number;
  readonly t: Float64Array;
  /** Real parts of the grid's columns, imaginary parts of its rows. */
  readonly re: Float64Array;
  readonly im: Float64Array;
  readonly options: ResolventOptions & { readonly tolerance: number };
}

/** Points of a grid, counted row by row. */
export interface GridShare {
  readonly first: number;
  readonly count: number;
}

interface GridValues {
  readonly values: Float64Array;
  readonly steps: Int32Array;
}

/** A share is this part of what one worker has left, so that the last ones end together; but no fewer points than the kernel has under way at once. */
const PART = 1 / 2;
const LEAST_POINTS = 4;

/**
 * The same bits as {@link resolventGrid} on a pool of workers, sooner: the Schur form is computed here, the points by the workers.
 *
 * @throws what resolventGrid throws, what the pool throws, and the signal's reason when it is aborted.
 * @accuracy, @source as resolventGrid.
 * @cost as resolventGrid, the points divided by the number of workers; T is copied to each worker.
 * @example
 * const pool = await openPool({ workers: 2 });
 * const grid = await linalg.resolventGridOn(pool, backend, a, { nRe: 200, nIm: 200 });
 */
export async function resolventGridOn(
  pool: TaskPool,
  backend: Backend,
  a: ResolventOf,
  { signal, ...options }: ResolventGridOptions & { readonly signal?: AbortSignal } = {},
): Promise<ResolventGrid> {
  signal?.throwIfAborted();
  const plan = new GridPlan('resolventGridOn', backend, a, options);
  const { t, tolerance } = plan.resolvent;
  const { maxSteps, onFailure } = options;
  const given = {
    tolerance,
    ...(maxSteps === undefined ? {} : { maxSteps }),
    ...(onFailure === undefined ? {} : { onFailure }),
  };
  const shares = sharesOf(plan.total, pool.workers);
  const shared: SharedGrid = { n: t.rows, t: t.data, re: plan.re, im: plan.im, options: given };
  let done = 0;
  await pool.runAll('resolventPoints', shares, {
    signal,
    shared,
    onResult: (index, result) => {
      const { values, steps } = result as GridValues;
      plan.add(shares[index]!.first, values, steps);
      done += values.length;
      options.onProgress?.(done, plan.total);
    },
  });
  return plan.result();
}

/** Shares that get smaller. */
function sharesOf(total: number, workers: number): GridShare[] {
  const shares: GridShare[] = [];
  for (let first = 0; first < total; ) {
    const left = total - first;
    const count = Math.min(left, Math.max(LEAST_POINTS, Math.ceil((left / workers) * PART)));
    shares.push({ first, count });
    first += count;
  }
  return shares;
}

/** What a worker does: σ_min and steps at the points of a share. `working` is called after each call of the kernel. */
export function resolventPoints(
  backend: Backend,
  { n, t, re, im, options }: SharedGrid,
): (share: GridShare, working: () => void) => GridValues {
  const resolvent = new Resolvent('resolventGridOn', backend, { t: new ComplexMatrix(n, n, t) }, options);
  return ({ first, count }, working) => {
    const points = gridPoints(re, im, first, count);
    const [values, steps] = [new Float64Array(count), new Int32Array(count)];
    for (let from = 0; from < count; from += resolvent.pointsPerCall) {
      const to = Math.min(count, from + resolvent.pointsPerCall);
      resolvent.evaluate(points.subarray(2 * from, 2 * to), values.subarray(from, to), steps.subarray(from, to));
      working();
    }
    return { values, steps };
  };
}
