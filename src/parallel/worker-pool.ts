import type { BackendKind } from '../backend/backend.ts';
import type { OpenBackendOptions } from '../backend/open.ts';
import { checkInteger } from '../core/checks.ts';
import { BackendError } from '../core/errors.ts';
import { nodeModule } from '../core/node-modules.ts';
import type { RunAllOptions, TaskPool } from '../core/task-pool.ts';
import { Line } from './line.ts';
import { startWorker } from './ports.ts';

/** Options of `openPool`. */
export interface OpenPoolOptions extends OpenBackendOptions {
  /** How many workers; default one for each processor. */
  readonly workers?: number;
  /** The module that a worker runs; default the one that comes with the package. Needed where a bundler moves files. */
  readonly url?: URL;
  /** Seconds within which a worker must have loaded and opened its backend; default 60. */
  readonly startWithin?: number;
  /**
   * Seconds for which a worker at work may be silent before the pool gives it up; default 600. Workers report between the kernel calls
   * of a task, so that this bounds one call and not a task, however long it takes.
   */
  readonly silence?: number;
}

/** A timer's longest time, in whole seconds. */
const LONGEST = Math.floor((2 ** 31 - 1) / 1000);

/**
 * Starts workers, each with a backend of its own, for the functions that take a pool.
 *
 * @throws DomainError for a bad number; BackendError if a worker cannot start, its backend cannot open, or it is silent for too long.
 * @example
 * const pool = await openPool({ workers: 2 });
 * const statistics = await fock.trajectoryStatisticsOn(pool, laws, start, 50, { trajectories: 1e5, seed: 1n });
 * pool.close();
 */
export async function openPool(options: OpenPoolOptions = {}): Promise<WorkerPool> {
  const { workers = processors(), kind, url = new URL('./worker.js', import.meta.url) } = options;
  const { startWithin = 60, silence = 600 } = options;
  checkInteger('openPool', 'workers', workers, 1, 256);
  checkInteger('openPool', 'startWithin', startWithin, 1, LONGEST);
  checkInteger('openPool', 'silence', silence, 1, LONGEST);
  const lines: Line[] = [];
  try {
    for (let i = 0; i < workers; i++) lines.push(new Line(started(url), startWithin));
    const kinds = await Promise.all(lines.map((line) => line.ask({ kind })));
    for (const line of lines) line.silence = silence;
    return new WorkerPool(lines, kinds[0] as BackendKind);
  } catch (error) {
    for (const line of lines) line.close();
    throw error;
  }
}

/** Questions that a worker has at once, so that it never waits for the next. */
const AHEAD = 2;

/** Workers that are kept warm between tasks. */
export class WorkerPool implements TaskPool {
  /** Kind of the workers' backends. */
  readonly kind: BackendKind;
  readonly #lines: readonly Line[];
  #queue: Promise<unknown> = Promise.resolve();

  constructor(lines: readonly Line[], kind: BackendKind) {
    this.#lines = lines;
    this.kind = kind;
  }

  get workers(): number {
    return this.#lines.length;
  }

  /**
   * Calls that come while another runs wait for it, and for what its workers still had to do when it failed.
   *
   * @throws as {@link TaskPool}; BackendError after `close`, and when a worker dies or is silent for too long.
   */
  async runAll(task: string, payloads: readonly unknown[], options: RunAllOptions): Promise<void> {
    const before = this.#queue;
    let end = (): void => {};
    this.#queue = new Promise<void>((resolve) => {
      end = resolve;
    });
    await before;
    const works = this.#start(task, payloads, options);
    void Promise.allSettled(works).then(end);
    await Promise.all(works);
  }

  #start(task: string, payloads: readonly unknown[], { signal, shared, onResult }: RunAllOptions): Promise<void>[] {
    let next = 0;
    let failed = false;
    const begun = new Set<Line>();
    const work = async (line: Line): Promise<void> => {
      try {
        while (!failed && next < payloads.length) {
          signal?.throwIfAborted();
          const index = next++;
          const begin = begun.has(line) ? {} : { begin: { task, shared } };
          begun.add(line);
          const result = await line.ask({ ...begin, payload: payloads[index] });
          if (!failed) onResult(index, result);
        }
      } catch (error) {
        failed = true;
        throw error;
      }
    };
    return this.#lines.flatMap((line) => Array.from({ length: AHEAD }, () => work(line)));
  }

  /** Ends the workers; tasks that run are lost. Calling it twice is harmless. */
  close(): void {
    for (const line of this.#lines) line.close();
  }
}

/** @throws BackendError naming the script that cannot be started. */
function started(url: URL): ReturnType<typeof startWorker> {
  try {
    return startWorker(url);
  } catch (cause) {
    throw new BackendError(
      `openPool: url must be the script of a worker, but it cannot be started (${(cause as Error).message}).`,
      { cause },
    );
  }
}

function processors(): number {
  const os = nodeModule('node:os');
  return os === null ? navigator.hardwareConcurrency : os.availableParallelism();
}
