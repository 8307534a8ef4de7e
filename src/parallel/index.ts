/** Workers for the functions that take a pool. */
export type { RunAllOptions, TaskPool } from '../core/task-pool.ts';
export { type OpenPoolOptions, openPool, type WorkerPool } from './worker-pool.ts';
