import { BackendError, MechanicsError } from '../core/errors.ts';
import type { Answer } from './messages.ts';
import type { WorkerPort } from './ports.ts';

/** Looks at a worker in the time for which it may be silent. */
const LOOKS = 4;

/** One worker and the questions it has, which it answers in their order. */
export class Line {
  readonly #port: WorkerPort;
  readonly #open: { id: number; resolve: (result: unknown) => void; reject: (error: Error) => void }[] = [];
  #asked = 0;
  #fault: string | null = null;
  #silence: number;
  #watch: ReturnType<typeof setInterval> | null = null;
  #looks = 0;

  /** @param silence seconds without a message after which a worker that has a question counts as lost. */
  constructor(port: WorkerPort, silence: number) {
    this.#port = port;
    this.#silence = silence;
    port.listen((message) => this.#hear(message));
    port.onFault((reason) => this.#break(reason));
  }

  /** For how long it may be silent from now on. */
  set silence(seconds: number) {
    this.#silence = seconds;
  }

  async ask(question: object): Promise<unknown> {
    if (this.#fault !== null) throw broken(this.#fault);
    return new Promise((resolve, reject) => {
      const id = this.#asked++;
      this.#port.post({ ...question, id });
      this.#open.push({ id, resolve, reject });
      this.#watch ??= setInterval(() => this.#look(), (1000 * this.#silence) / LOOKS);
    });
  }

  close(): void {
    this.#break('the pool was closed');
  }

  #hear(message: unknown): void {
    this.#looks = 0;
    if (message === 'working') return;
    const asked = this.#open[0];
    if (asked === undefined || !answers(message, asked.id)) {
      this.#break('it sent what answers no question; its script is not the worker of this package');
      return;
    }
    this.#open.shift();
    const answer = message as Exclude<Answer, 'working'>;
    if ('error' in answer) asked.reject(revived(answer.error));
    else asked.resolve(answer.result);
    if (this.#open.length === 0) this.#rest();
  }

  /** Counts looks and not time: a machine that sleeps, or a thread that is busy, holds back looks and messages alike. */
  #look(): void {
    if (++this.#looks > LOOKS) this.#break(`it said nothing for ${this.#silence} seconds`);
  }

  #rest(): void {
    if (this.#watch !== null) clearInterval(this.#watch);
    this.#watch = null;
    this.#looks = 0;
  }

  #break(reason: string): void {
    this.#rest();
    this.#fault ??= reason;
    for (const { reject } of this.#open.splice(0)) reject(broken(this.#fault));
    this.#port.terminate();
  }
}

/** Whether a message, which may be anything, is the answer to a question. */
function answers(message: unknown, id: number): boolean {
  if (typeof message !== 'object' || message === null || (message as { id?: unknown }).id !== id) return false;
  return 'result' in message || 'error' in message;
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
