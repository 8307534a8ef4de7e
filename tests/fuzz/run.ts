import { Worker } from 'node:worker_threads';

/** Seconds after which a case counts as one that never ends. */
const PATIENCE = 60;

/** Cases of one target, from 0. */
export interface Share {
  readonly target: string;
  readonly count: number;
}

/** What a thread is to do. */
export interface WorkerTask {
  readonly seed: number;
  readonly shares: readonly Share[];
  /** The case that runs, and how many have begun. */
  readonly place: Int32Array;
}

export interface Outcome {
  readonly target: string;
  readonly cases: number;
  readonly refused: number;
  /** Milliseconds of all cases, and of the slowest. */
  readonly milliseconds: number;
  readonly slowest: number;
  /** Bytes of arrays in one case. */
  readonly mostBytes: number;
  readonly failures: readonly { readonly number: number; readonly fault: string }[];
}

export interface FuzzOptions {
  /** Cases of all targets together. */
  readonly cases: number;
  readonly seed: number;
  /** Names and weights of the targets. */
  readonly targets: readonly { readonly name: string; readonly weight?: number }[];
  /** Threads at a time. */
  readonly threads?: number;
  readonly onOutcome?: (outcome: Outcome) => void;
}

/** Runs the cases of all targets, by their weights. */
export async function runFuzz({ cases, seed, targets, threads = 2, onOutcome }: FuzzOptions): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const keep = (outcome: Outcome): void => {
    outcomes.push(outcome);
    onOutcome?.(outcome);
  };
  const shares = sharesOf(cases, targets);
  const parts = Array.from({ length: threads }, (_, k) => shares.filter((_share, i) => i % threads === k));
  await Promise.all(parts.map((part) => runShares(seed, part, keep)));
  return outcomes.sort((a, b) => (a.target < b.target ? -1 : 1));
}

/** Cases by weight, `cases` in all. */
function sharesOf(cases: number, targets: FuzzOptions['targets']): Share[] {
  const total = targets.reduce((sum, { weight = 1 }) => sum + weight, 0);
  let [weights, given] = [0, 0];
  return targets.map(({ name, weight = 1 }) => {
    weights += weight;
    const count = Math.round((cases * weights) / total) - given;
    given += count;
    return { target: name, count };
  });
}

/** Runs shares in a thread, and what is left of them in another where one stops it. */
async function runShares(seed: number, shares: readonly Share[], keep: (outcome: Outcome) => void): Promise<void> {
  let left = shares;
  while (left.length > 0) {
    const place = new Int32Array(new SharedArrayBuffer(8));
    let done = 0;
    const fault = await inThread({ seed, shares: left, place }, (outcome) => {
      done++;
      keep(outcome);
    });
    if (fault !== null) {
      const number = Atomics.load(place, 0);
      const failures = [{ number, fault }];
      keep({
        target: left[done++]!.target,
        cases: number + 1,
        refused: 0,
        milliseconds: 0,
        slowest: 0,
        mostBytes: 0,
        failures,
      });
    }
    left = left.slice(done);
  }
}

/** Runs a thread to its end; what stopped it before, null if nothing did. */
function inThread(task: WorkerTask, onOutcome: (outcome: Outcome) => void): Promise<string | null> {
  const worker = new Worker(new URL('./thread.mjs', import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: 1024 },
  });
  let left = task.shares.length;
  return new Promise((resolve) => {
    const end = (fault: string | null): void => {
      clearInterval(watch);
      void worker.terminate().then(() => resolve(fault));
    };
    let [begun, since] = [0, performance.now()];
    const watch = setInterval(() => {
      const now = Atomics.load(task.place, 1);
      if (now !== begun || now === 0) [begun, since] = [now, performance.now()];
      else if (performance.now() - since > 1000 * PATIENCE) end(`did not end in ${PATIENCE} s`);
    }, 500);
    worker.on('error', (error) => end(`ended the thread: ${error.stack ?? error.message}`));
    worker.on('message', (outcome: Outcome) => {
      onOutcome(outcome);
      begun = 0;
      if (--left === 0) end(null);
    });
  });
}

/** The lines that say what came of it. */
export function summaryOf(outcomes: readonly Outcome[]): string {
  const lines = outcomes.map(({ target, cases, refused, milliseconds, slowest, mostBytes }) =>
    [
      target.padEnd(20),
      `${cases.toLocaleString('en')} cases`.padStart(15),
      `${Math.round((100 * refused) / Math.max(1, cases))} % refused`.padStart(14),
      `${(milliseconds / Math.max(1, cases)).toFixed(2)} ms a case`.padStart(16),
      `slowest ${slowest.toFixed(0)} ms`.padStart(17),
      `${(mostBytes / 2 ** 20).toFixed(1)} MiB`.padStart(10),
    ].join(' '),
  );
  const cases = outcomes.reduce((sum, outcome) => sum + outcome.cases, 0);
  const failures = outcomes.reduce((sum, outcome) => sum + outcome.failures.length, 0);
  return [...lines, `${cases.toLocaleString('en')} cases, ${failures} faults`].join('\n');
}

/** The faults, with the command that makes each again. */
export function faultsOf(outcomes: readonly Outcome[], seed: number): string[] {
  return outcomes.flatMap(({ target, failures }) =>
    failures.map(({ number, fault }) => `npx tsx tests/fuzz/replay.ts ${target} ${number} ${seed}\n${fault}`),
  );
}
