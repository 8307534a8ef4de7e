import { BackendError } from '../../../core/errors.ts';
import type { CoreExports } from '../generated/abi.ts';
import { DONE, type Exported, FAULT, functionNames, runParts, SLOT, WORK, waitWhile, workOf } from './control.ts';
import { Crew } from './crew.ts';

/** Seconds for which no part of a call may end before the team gives up. */
const SILENCE = 600;

/** Ends the workers of teams that nobody can use any more. */
const forgotten = new FinalizationRegistry<Crew>((crew) => crew.end('its backend was forgotten'));

/**
 * Threads that run the parts of one call together with the thread that makes it. The workers start with the first call that has parts, and
 * whoever is free takes the next part: a worker that is still starting, or sleeps, holds up nothing.
 */
export class Team {
  /** The core's functions, which write down what they are called with, as parts of the next {@link run}. */
  readonly recorder: CoreExports;
  readonly #crew: Crew;
  readonly #functions: readonly Exported[];
  #parts = 0;

  /**
   * @param core the caller's instance of the module over the memory.
   * @param size threads that compute, the caller's included.
   */
  constructor(module: WebAssembly.Module, memory: WebAssembly.Memory, core: CoreExports, size: number) {
    this.#crew = new Crew(module, memory, size);
    forgotten.register(this, this.#crew);
    const names = functionNames(module);
    this.#functions = names.map((name) => core[name] as Exported);
    this.recorder = Object.fromEntries(
      names.map((name, index) => [name, (...list: (number | bigint)[]) => this.#write(index, list)]),
    ) as unknown as CoreExports;
  }

  /** Threads that compute, the caller's included. */
  get size(): number {
    return this.#crew.size;
  }

  /** Why there are fewer than were asked for; null if there are not. */
  get fewer(): string | null {
    return this.#crew.fewer;
  }

  /** Forgets what was recorded and never run, because an error came between. */
  begin(): void {
    this.#parts = 0;
  }

  /** Runs what was recorded. @throws BackendError when a thread fails, died or says nothing for ten minutes. */
  run(): void {
    const crew = this.#crew;
    const count = this.#parts;
    if (crew.fault !== null) throw broken(crew.fault);
    crew.start();
    const { words } = crew.control;
    words[DONE] = 0;
    words[FAULT] = 0;
    Atomics.store(words, WORK, workOf(count, 0));
    Atomics.notify(words, WORK);
    runParts(crew.control, this.#functions);
    for (let done = Atomics.load(words, DONE); done !== count; done = Atomics.load(words, DONE)) {
      if (waitWhile(words, DONE, done, 1000 * SILENCE)) continue;
      crew.end(`it said nothing for ${SILENCE} seconds`);
      throw broken(crew.fault!);
    }
    if (words[FAULT] !== 0) throw new BackendError('kernels: a call must end, but a part of it trapped in the core.');
  }

  /** Ends the workers. Calling it twice is harmless. */
  close(): void {
    this.#crew.end('the backend was closed');
  }

  #write(index: number, list: readonly (number | bigint)[]): number {
    const { numbers, integers } = this.#crew.control;
    const slot = this.#parts++ * SLOT;
    let wide = 0;
    for (let i = 0; i < list.length; i++) {
      const value = list[i]!;
      if (typeof value === 'bigint') {
        integers[slot + 2 + i] = value;
        wide += 2 ** i;
      } else numbers[slot + 2 + i] = value;
    }
    numbers[slot] = index;
    numbers[slot + 1] = 64 * wide + list.length;
    return 0;
  }
}

function broken(reason: string): BackendError {
  return new BackendError(
    `kernels: every thread of the backend must be running, but one is not: ${reason}. Open another backend.`,
  );
}
