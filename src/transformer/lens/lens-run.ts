/** How far the work on a lens is. */
export interface LensWork {
  /** `read`: passes over texts; `check`: a look at the texts held back; `train`: steps of Adam; `fit`: least squares. */
  readonly phase: 'read' | 'check' | 'train' | 'fit';
  /** Parts that are done, a fraction among them. */
  readonly done: number;
  /** All parts of the phase, or of this look. */
  readonly total: number;
}

/** Work that says how far it is between two parts of it, and gives its result at the end. */
export type LensRun<R> = Generator<LensWork, R, void>;

/** Options of all that takes long. */
export interface LensRunOptions {
  /** Called between two parts of the work. */
  readonly onWork?: (work: LensWork) => void;
  /** Once it is aborted, the work ends in order with what it has found by then. */
  readonly signal?: AbortSignal;
}

/** Longest time without a turn of the event loop, in milliseconds. */
const TURN_MS = 50;

/** Does all of the work at once. */
export function runThrough<R>(run: LensRun<R>, { onWork }: LensRunOptions): R {
  try {
    for (;;) {
      const next = run.next();
      if (next.done) return next.value;
      onWork?.(next.value);
    }
  } finally {
    run.return(undefined as never);
  }
}

/** Does the work and lets events through on the way, so that a signal can reach it. */
export async function runInTurns<R>(run: LensRun<R>, { onWork }: LensRunOptions): Promise<R> {
  let last = performance.now();
  try {
    for (;;) {
      const next = run.next();
      if (next.done) return next.value;
      onWork?.(next.value);
      if (performance.now() - last < TURN_MS) continue;
      await new Promise((resolve) => setTimeout(resolve, 0));
      last = performance.now();
    }
  } finally {
    run.return(undefined as never);
  }
}
