/** Starts a thread of a team from its script's text, in Node and in browsers: no file for a bundler to lose. */
import { nodeModule } from '../../../core/node-modules.ts';
import { THREAD_SCRIPT } from '../generated/thread-script.ts';
import type { ThreadStart } from './worker.ts';

export interface Thread {
  terminate(): void;
}

/**
 * @param onLost is told why, if the thread cannot start or ends by itself.
 * @throws what the platform throws where a worker made from text is forbidden.
 */
export function startThread(start: ThreadStart, onLost: (reason: string) => void): Thread {
  const threads = nodeModule('node:worker_threads');
  return threads === null ? inPage(start, onLost) : inNode(threads, start, onLost);
}

function inNode(
  threads: typeof import('node:worker_threads'),
  start: ThreadStart,
  onLost: (reason: string) => void,
): Thread {
  const worker = new threads.Worker(THREAD_SCRIPT, { eval: true, workerData: start });
  // An idle team must not keep a program from ending.
  worker.unref();
  worker.on('error', (error) => onLost(error instanceof Error ? error.message : String(error)));
  worker.on('exit', (code) => onLost(`it ended with code ${code}`));
  return { terminate: () => void worker.terminate() };
}

function inPage(start: ThreadStart, onLost: (reason: string) => void): Thread {
  const url = URL.createObjectURL(new Blob([THREAD_SCRIPT], { type: 'text/javascript' }));
  const worker = new Worker(url);
  worker.addEventListener('error', (event) => {
    // Handled here, so that the page does not report it as well.
    event.preventDefault();
    onLost(event.message || 'its script did not load; a policy must allow worker-src blob:');
  });
  worker.postMessage(start);
  return {
    terminate: () => {
      worker.terminate();
      URL.revokeObjectURL(url);
    },
  };
}
