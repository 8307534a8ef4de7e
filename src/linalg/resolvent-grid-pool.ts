import type { Backend } from '../backend/backend.ts';
import type { TaskPool } from '../core/task-pool.ts';
import { ComplexMatrix } from './matrix.ts';
import { Resolvent, type ResolventOf, type ResolventOptions } from './resolvent.ts';
import { GridPlan, type ResolventGrid, type ResolventGridOptions } from './resolvent-grid.ts';

/** A share of a grid as plain data. */
export interface GridTask {
  /** Order and numbers of the triangular factor. */
  readonly n: number;
  readonly t: Float64Array;
  readonly points: Float64Array;
  readonly options: ResolventOptions & { readonly tolerance: number };
}

interface GridValues {
  readonly values: Float64Array;
  readonly steps: Int32Array;
}

/** Tasks for each worker: as many as let the last ones end together. */
const TASKS_PER_WORKER = 4;

/**
 * The same bits as {@link resolventGrid} on a pool of workers, sooner: the Schur form is computed here, the points by the workers.
 *
 * @throws what resolventGrid throws, what the pool throws, and the signal's reason when it is aborted.
 * @accuracy, @source as resolventGrid.
 * @cost as resolventGrid, the points divided by the number of workers; T is copied to each worker four times.
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
  const size = Math.max(1, Math.ceil(plan.total / (TASKS_PER_WORKER * pool.workers)));
  const tasks: GridTask[] = [];
  for (let first = 0; first < plan.total; first += size) {
    const points = plan.points(first, Math.min(size, plan.total - first));
    tasks.push({ n: t.rows, t: t.data, points, options: given });
  }
  let done = 0;
  await pool.runAll('resolventPoints', tasks, {
    signal,
    onResult: (index, result) => {
      const { values, steps } = result as GridValues;
      plan.add(index * size, values, steps);
      done += values.length;
      options.onProgress?.(done, plan.total);
    },
  });
  return plan.result();
}

/** What a worker does: σ_min and steps at the points of a task. */
export function resolventPoints(backend: Backend, { n, t, points, options }: GridTask): GridValues {
  const resolvent = new Resolvent('resolventGridOn', backend, { t: new ComplexMatrix(n, n, t) }, options);
  const count = points.length / 2;
  const [values, steps] = [new Float64Array(count), new Int32Array(count)];
  for (let first = 0; first < count; first += resolvent.pointsPerCall) {
    const last = Math.min(count, first + resolvent.pointsPerCall);
    resolvent.evaluate(points.subarray(2 * first, 2 * last), values.subarray(first, last), steps.subarray(first, last));
  }
  return { values, steps };
}
