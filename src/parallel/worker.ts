/** A worker of a pool: opens a backend of its own, then runs one task after another. */
import type { Backend } from '../backend/backend.ts';
import { openBackend } from '../backend/open.ts';
import { checkChoice } from '../core/checks.ts';
import type { Answer, Opening, Request } from './messages.ts';
import { parentPort } from './ports.ts';
import { TASKS, type Task } from './tasks.ts';

let backend: Backend | undefined;
let task: Task | undefined;
const port = parentPort();

port.listen(async (message) => {
  const question = message as Opening | Request;
  const reply = await answer(question);
  try {
    port.post(reply);
  } catch (error) {
    port.post(failure(question.id, error));
  }
});

async function answer(question: Opening | Request): Promise<Answer> {
  try {
    const { id } = question;
    if (!('payload' in question)) {
      backend = await openBackend(question.kind === undefined ? {} : { kind: question.kind });
      return { id, result: backend.kind };
    }
    const { begin, payload } = question;
    if (begin !== undefined) {
      checkChoice('runAll', 'task', begin.task, Object.keys(TASKS));
      task = TASKS[begin.task]!(backend!, begin.shared);
    }
    return { id, result: task!(payload, working) };
  } catch (error) {
    return failure(question.id, error);
  }
}

function failure(id: number, error: unknown): Answer {
  if (!(error instanceof Error)) return { id, error: { name: 'Error', message: String(error), code: undefined } };
  const { name, message, code } = error as Error & { code?: string };
  return { id, error: { name, message, code } };
}

/** Milliseconds between two reports. */
const REPORT = 200;
let reported = 0;

/** Says that a task goes on. */
function working(): void {
  const now = performance.now();
  if (now - reported < REPORT) return;
  reported = now;
  port.post('working' satisfies Answer);
}
