/** A worker of a pool: opens a backend of its own, then runs one task after another. */
import type { Backend } from '../backend/backend.ts';
import { openBackend } from '../backend/open.ts';
import type { Answer, Opening, Request } from './messages.ts';
import { parentPort } from './ports.ts';
import { TASKS } from './tasks.ts';

let backend: Backend | undefined;
const port = parentPort();

port.listen(async (message) => {
  port.post(await answer(message as Opening | Request));
});

async function answer(message: Opening | Request): Promise<Answer> {
  try {
    if (!('task' in message)) {
      backend = await openBackend(message.kind === undefined ? {} : { kind: message.kind });
      return { result: backend.kind };
    }
    return { result: TASKS[message.task]!(backend!, message.payload) };
  } catch (error) {
    const { name, message: text, code } = error as Error & { code?: string };
    return { error: { name, message: text, code } };
  }
}
