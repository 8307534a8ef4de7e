import { CONTROL_BYTES, STARTED, STOP, viewsOf, WORK, workOf } from './control.ts';
import { startThread, type Thread } from './start-thread.ts';
import type { ThreadStart } from './worker.ts';

/** What `WORK` holds when the threads are to end: no part to take, and a value that no call writes. */
const ENDED = workOf(0, 0xffff);

/** The workers of a team. They know of it, and it knows nothing of the team, which can thus be forgotten while they live. */
export class Crew {
  readonly control = viewsOf(new SharedArrayBuffer(CONTROL_BYTES));
  readonly #module: WebAssembly.Module;
  readonly #memory: WebAssembly.Memory;
  readonly #workers = new Set<Thread>();
  #size: number;
  #started = false;
  #fault: string | null = null;
  #fewer: string | null = null;

  /** @param size threads that compute, the caller's included. */
  constructor(module: WebAssembly.Module, memory: WebAssembly.Memory, size: number) {
    this.#module = module;
    this.#memory = memory;
    this.#size = size;
  }

  /** Threads that compute, the caller's included. */
  get size(): number {
    return this.#size;
  }

  /** What ended the workers; null while they live. */
  get fault(): string | null {
    return this.#fault;
  }

  /** Why there are fewer than were asked for; null if there are not. */
  get fewer(): string | null {
    return this.#fewer;
  }

  /** Starts the workers; the second time it does nothing. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    const control = this.control.words.buffer as SharedArrayBuffer;
    const start: ThreadStart = { module: this.#module, memory: this.#memory, control };
    try {
      for (let i = 1; i < this.#size; i++) {
        const thread = startThread(start, (reason) => this.#lost(thread, reason));
        this.#workers.add(thread);
      }
    } catch (error) {
      this.#missing((error as Error).message);
    }
  }

  /** Ends the workers. Calling it twice is harmless. */
  end(reason: string): void {
    this.#fault ??= reason;
    const { words } = this.control;
    Atomics.store(words, STOP, 1);
    Atomics.store(words, WORK, ENDED);
    Atomics.notify(words, WORK);
    for (const thread of this.#workers) thread.terminate();
    this.#workers.clear();
  }

  /** A worker that never started leaves its work to the others; one that died is a fault. */
  #lost(thread: Thread, reason: string): void {
    if (!this.#workers.delete(thread) || this.#fault !== null) return;
    if (Atomics.load(this.control.words, STARTED) <= this.#workers.size) this.#missing(reason);
    else this.end(reason);
  }

  #missing(reason: string): void {
    this.#size = 1 + this.#workers.size;
    this.#fewer = `workers could not start: ${reason}`;
  }
}
