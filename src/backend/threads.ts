import { checkInteger } from '../core/checks.ts';
import { nodeModule } from '../core/node-modules.ts';

/** Threads that a backend computes with. */
export interface Threads {
  /** How many, the caller's own included. */
  readonly count: number;
  /** Why so many. */
  readonly why: string;
}

/** Most threads that a backend may have. */
const MOST = 64;

/**
 * How many threads a backend may have here.
 *
 * @param asked a number, or undefined for all processors.
 * @throws DomainError unless it is an integer from 1 to 64.
 */
export function threadsHere(asked: number | undefined): Threads {
  if (asked !== undefined) checkInteger('openBackend', 'threads', asked, 1, MOST);
  if (asked === 1) return { count: 1, why: 'asked for' };
  const obstacle = obstacleHere();
  if (obstacle !== null) return { count: 1, why: obstacle };
  if (asked !== undefined) return { count: asked, why: 'asked for' };
  const count = Math.min(processors(), MOST);
  return { count, why: count === 1 ? 'one processor' : 'one for each processor' };
}

/** What keeps a second thread from sharing memory with this one; null if nothing does. */
function obstacleHere(): string | null {
  if (typeof SharedArrayBuffer === 'undefined') return 'memory cannot be shared: the page is not cross-origin isolated';
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
    return null;
  } catch {
    return "a page's own thread may not wait for others: compute in a worker";
  }
}

/** Processors that this process may use. */
function processors(): number {
  const os = nodeModule('node:os');
  return os === null ? navigator.hardwareConcurrency : os.availableParallelism();
}
