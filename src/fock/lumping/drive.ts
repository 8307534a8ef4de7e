/** How a long lumped computation is watched and stopped. */
export interface LumpingProgress {
  /** Called about every 20 ms of work with the share done, in transitions. What it throws ends the work. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Ends the work: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Transitions and channels between two looks at the signal. */
const SLICE = 2 ** 20;

/**
 * Runs work that yields the transitions it has done, handing the thread over between slices. `channels` says how much a
 * transition costs.
 */
export async function drive<T>(
  work: Generator<number, T>,
  total: number,
  channels: number,
  { onProgress, signal }: LumpingProgress,
): Promise<T> {
  let done = 0;
  let told = 0;
  try {
    for (;;) {
      const { done: finished, value } = work.next();
      if (finished) return value;
      done += value;
      if ((done - told) * channels < SLICE) continue;
      told = done;
      onProgress?.(done, total);
      await breathe();
      signal?.throwIfAborted();
    }
  } finally {
    // Work that is left early releases what it holds.
    work.return(undefined as T);
  }
}

/** Lets other work of this thread run. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
