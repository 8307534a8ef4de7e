/** Options of a pool's `runAll`. */
export interface RunAllOptions {
  /** Ends the work when it is aborted, with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** What all payloads have in common, as plain data: every worker gets it once. */
  readonly shared?: unknown;
  /** Called with the number of a payload and its result, in the order in which they are done. */
  readonly onResult: (index: number, result: unknown) => void;
}

/** Workers that run named tasks on payloads of plain data; `openPool` gives one. */
export interface TaskPool {
  /** How many tasks run at the same time. */
  readonly workers: number;
  /** Runs a task on every payload. The first error ends it and is thrown; so is the reason of an aborted signal. */
  runAll(task: string, payloads: readonly unknown[], options: RunAllOptions): Promise<void>;
}
