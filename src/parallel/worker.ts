/** A worker of a pool: opens a backend of its own, then runs one task after another. */
import type { Backend } from '../backend/backend.ts';
import { openBackend } from '../backend/open.ts';
import type { Answer, Opening, Request } from './messages.ts';
import { parentPort } from './ports.ts';
import { TASKS, type Task } from './tasks.ts';

let backend: Backend | undefined;
let task: Task | undefined;
const port = parentPort();

port.listen(async (message) => {
  port.post(await answer(message as Opening | Request));
});

async function answer(message: Opening | Request): Promise<Answer> {
  try {
    if (!('payload' in message)) {
      backend = await openBackend(message.kind === undefined ? {} : { kind: message.kind });
      return { result: backend.kind };
    }
    const { begin, payload } = message;
    if (begin !== undefined) task = TASKS[begin.task]!(backend!, begin.shared);
    return { result: task!(payload) };
  } catch (error) {
    const { name, message: text, code } = error as Error & { code?: string };
    return { error: { name, message: text, code } };
  }
}
