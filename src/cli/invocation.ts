import type { Progress } from './progress.ts';

/** Exit codes: done; the work failed; the command line was wrong; the user stopped it. */
export const EXIT = { done: 0, failure: 1, usage: 2, interrupted: 130 } as const;

/** The command line as a whole is wrong, though each option is right. */
export class UsageError extends Error {}

/** The user stopped the work, and it ended in order. */
export class Interrupted extends Error {}

/** What a command needs from its surroundings. */
export interface Invocation {
  /** Arguments after `tmech`, as results carry them: without absolute paths. */
  readonly args: readonly string[];
  /** Standard output; what could act on a terminal is spelled out on the way. */
  readonly print: (text: string) => void;
  /** false: the command prints its result but writes no file. */
  readonly writes: boolean;
  /** Progress on stderr; stopped when the command ends, however it ends. */
  readonly progress: Progress;
  /** Runs another command line, which writes no file: its exit code, and what it printed. */
  readonly repeat: (args: readonly string[]) => Promise<{ readonly code: number; readonly output: string }>;
}

/** Work that a signal to stop asks to end in order; a second one ends the program. */
export async function untilStopped<R>(work: (stopped: AbortSignal) => Promise<R>): Promise<R> {
  const controller = new AbortController();
  const stop = () => controller.abort();
  process.once('SIGINT', stop);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', stop);
  }
}
