import type { BackendKind } from '../backend/backend.ts';
import type { OpenBackendOptions } from '../backend/open.ts';
import { checkInteger } from '../core/checks.ts';
import { BackendError, MechanicsError } from '../core/errors.ts';
import { nodeModule } from '../core/node-modules.ts';
import type { RunAllOptions, TaskPool } from '../core/task-pool.ts';
import type { Answer } from './messages.ts';
import { startWorker, type WorkerPort } from './ports.ts';

export interface OpenPoolOptions extends OpenBackendOptions {
  /** How many workers; default one for each processor. */
  readonly workers?: number;
  /** The module that a worker runs; default the one that comes with the package. Needed where a bundler moves files. */
  readonly url?: URL;
}

/**
 * Starts workers, each with a backend of its own, for the functions that take a pool.
 *
 * @throws DomainError for a bad number; BackendError if a worker cannot start or its backend cannot open.
 * @example
 * const pool = await openPool({ workers: 2 });
 * const statistics = await fock.trajectoryStatisticsOn(pool, laws, start, 50, { trajectories: 1e5, seed: 1n });
 * pool.close();
 */
export async function openPool(options: OpenPoolOptions = {}): Promise<WorkerPool> {
  const { workers = processors(), kind, url = new URL('./worker.js', import.meta.url) } = options;
  checkInteger('openPool', 'workers', workers, 1, 256);
  const lines = Array.from({ length: workers }, () => new Line(startWorker(url)));
  try {
    const kinds = await Promise.all(lines.map((line) => line.ask({ kind })));
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

  /** Calls that come while another runs wait for it. @throws as {@link TaskPool}; BackendError after `close`. */
  runAll(task: string, payloads: readonly unknown[], options: RunAllOptions): Promise<void> {
    const run = this.#queue.then(() => this.#runAll(task, payloads, options));
    this.#queue = run.catch(() => {});
    return run;
  }

  async #runAll(
    task: string,
    payloads: readonly unknown[],
    { signal, shared, onResult }: RunAllOptions,
  ): Promise<void> {
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
    const ends = await Promise.allSettled(
      this.#lines.flatMap((line) => Array.from({ length: AHEAD }, () => work(line))),
    );
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  /** Ends the workers; tasks that run are lost. */
  close(): void {
    for (const line of this.#lines) line.close();
  }
}

/** One worker and the questions it has, which it answers in their order. */
class Line {
  readonly #port: WorkerPort;
  readonly #open: { resolve: (result: unknown) => void; reject: (error: Error) => void }[] = [];
  #fault: string | null = null;

  constructor(port: WorkerPort) {
    this.#port = port;
    port.listen((message) => {
      const answer = message as Answer;
      const asked = this.#open.shift();
      if ('error' in answer) asked?.reject(revived(answer.error));
      else asked?.resolve(answer.result);
    });
    port.onFault((reason) => this.#break(reason));
  }

  async ask(question: object): Promise<unknown> {
    if (this.#fault !== null) throw broken(this.#fault);
    return new Promise((resolve, reject) => {
      this.#port.post(question);
      this.#open.push({ resolve, reject });
    });
  }

  close(): void {
    this.#break('the pool was closed');
    this.#port.terminate();
  }

  #break(reason: string): void {
    this.#fault ??= reason;
    for (const { reject } of this.#open.splice(0)) reject(broken(this.#fault));
  }
}

function broken(reason: string): BackendError {
  return new BackendError(`WorkerPool: every worker must be running, but one is not: ${reason}. Open another pool.`);
}

/** An error of a worker with its code and message; its class does not cross. */
function revived({ name, message, code }: { name: string; message: string; code: string | undefined }): Error {
  const error = code === undefined ? new Error(message) : new MechanicsError(code, message);
  error.name = name;
  return error;
}

function processors(): number {
  const os = nodeModule('node:os');
  return os === null ? navigator.hardwareConcurrency : os.availableParallelism();
}
