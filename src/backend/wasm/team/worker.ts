/** A thread of a team: its own instance of the core over the shared memory. The build makes one self-contained script of it, kept as text. */
import { type Exported, functionNames, runParts, STARTED, STOP, viewsOf, WORK, waitWhile } from './control.ts';

/** What a thread is given. */
export interface ThreadStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly control: SharedArrayBuffer;
}

function run({ module, memory, control }: ThreadStart): void {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const functions = functionNames(module).map((name) => exports[name] as Exported);
  const views = viewsOf(control);
  const { words } = views;
  Atomics.add(words, STARTED, 1);
  for (;;) {
    runParts(views, functions);
    const work = Atomics.load(words, WORK);
    // Looked at after WORK, which changes after it: no thread sleeps through its end.
    if (Atomics.load(words, STOP) === 1) return;
    if ((work & 0xffff) >= work >>> 16) waitWhile(words, WORK, work, Number.POSITIVE_INFINITY);
  }
}

const threads =
  typeof process === 'object' && typeof process.getBuiltinModule === 'function'
    ? process.getBuiltinModule('node:worker_threads')
    : undefined;
if (threads?.workerData) run(threads.workerData as ThreadStart);
else
  globalThis.addEventListener('message', (event) => {
    run((event as MessageEvent<ThreadStart>).data);
    globalThis.close();
  });
