/** The two kinds of workers, Node's and the browser's, under one face. */
import { nodeModule } from '../core/node-modules.ts';

/** One end of a channel. */
export interface Port {
  post(message: unknown): void;
  /** Every message of the other end goes to `handle`. */
  listen(handle: (message: unknown) => void): void;
}

/** A worker, seen from where it was started. */
export interface WorkerPort extends Port {
  /** What the worker throws, a script that cannot be loaded, a message that cannot be read, and its end go to `handle`. */
  onFault(handle: (reason: string) => void): void;
  terminate(): void;
}

/** What a worker sees of whoever started it. */
export function parentPort(): Port {
  const port = nodeModule('node:worker_threads')?.parentPort;
  if (port)
    return { post: (message) => port.postMessage(message), listen: (handle) => void port.on('message', handle) };
  const scope = globalThis as unknown as WorkerScope;
  return {
    post: (message) => scope.postMessage(message),
    listen: (handle) => scope.addEventListener('message', (event) => handle(event.data)),
  };
}

/** Starts a worker on a module. */
export function startWorker(url: URL): WorkerPort {
  const threads = nodeModule('node:worker_threads');
  if (threads === null) {
    const worker = new Worker(url, { type: 'module' });
    return {
      post: (message) => worker.postMessage(message),
      listen: (handle) => worker.addEventListener('message', (event) => handle(event.data)),
      onFault: (handle) => {
        worker.addEventListener('error', (event) => {
          // Handled here, so that the page does not report it as well.
          event.preventDefault();
          handle(event.message || 'its script did not load');
        });
        worker.addEventListener('messageerror', () => handle(UNREADABLE));
      },
      terminate: () => worker.terminate(),
    };
  }
  const worker = new threads.Worker(url);
  // An idle pool must not keep a program from ending.
  worker.unref();
  return {
    post: (message) => worker.postMessage(message),
    listen: (handle) => void worker.on('message', handle),
    onFault: (handle) => {
      worker.on('error', (error) => handle(error instanceof Error ? error.message : String(error)));
      worker.on('messageerror', () => handle(UNREADABLE));
      worker.on('exit', (code) => handle(`it ended with code ${code}`));
    },
    terminate: () => void worker.terminate(),
  };
}

const UNREADABLE = 'a message of it could not be read';

/** What of a dedicated worker's global scope is used here. */
interface WorkerScope {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}
