import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { BackendError, DomainError } from '../../src/core/errors.ts';
import { openPool } from '../../src/parallel/index.ts';
import { testPool } from '../support/pool.ts';

const folder = mkdtempSync(join(tmpdir(), 'tmech-workers-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;

/** A worker script: `port` is its end of the channel, `answer` what it does with its nth message. */
function script(text: string): URL {
  const file = join(folder, `${files++}.mjs`);
  writeFileSync(file, `import { parentPort as port } from 'node:worker_threads';\n${text}\n`);
  return pathToFileURL(file);
}

/** Opens as it should, then does something else with every task. */
const afterOpening = (text: string): URL =>
  script(
    `let opened = false;
port.on('message', (message) => {
  const { id } = message;
  if (!opened) { opened = true; port.postMessage({ id, result: 'ts' }); return; }
  ${text}
});`,
  );

const short = { workers: 2, startWithin: 1, silence: 1 };
const nothing = { onResult: () => {} };

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(BackendError);
  return (error as Error).message;
}

describe('a worker that does not open', () => {
  it.each([
    ['hears nothing', 'setInterval(() => {}, 1000);', 'it said nothing for 1 seconds'],
    ['never answers', "port.on('message', () => {});", 'it said nothing for 1 seconds'],
    ['never gets so far', 'for (;;);', 'it said nothing for 1 seconds'],
    ['waits for what never comes', 'await new Promise(() => setInterval(() => {}, 1000));', 'it said nothing'],
    ['throws', "throw new Error('on purpose');", 'on purpose'],
    ['throws what is no error', 'throw 7;', '7'],
    ['ends', 'process.exit(3);', 'it ended with code 3'],
    ['ends at its first message', "port.on('message', () => process.exit(0));", 'it ended with code 0'],
    ['cannot be parsed', 'const = 1;', 'Unexpected token'],
    ['speaks otherwise', "port.postMessage('hello');", 'it sent what answers no question'],
    ['sends null', "port.on('message', () => port.postMessage(null));", 'it sent what answers no question'],
  ])(
    'is named within bounded time: %s',
    async (_name, text, reason) => {
      const message = await refusal(
        openPool({
          ...short,
          startWithin: 20,
          url: script(text),
          ...(reason.includes('nothing') ? { startWithin: 1 } : {}),
        }),
      );
      expect(message).toMatch(/^WorkerPool: every worker must be running, but one is not: .*\. Open another pool\.$/s);
      expect(message).toContain(reason);
    },
    60_000,
  );

  it('is named where it is no file, or no file at all', async () => {
    expect(
      await refusal(openPool({ ...short, startWithin: 20, url: new URL('missing.mjs', pathToFileURL(`${folder}/`)) })),
    ).toContain('missing.mjs');
    expect(await refusal(openPool({ ...short, url: new URL('http://localhost/worker.js') }))).toContain(
      'openPool: url must be the script of a worker',
    );
    for (const bad of [{ startWithin: 0 }, { silence: Number.NaN }, { silence: Infinity }, { silence: 3e9 }])
      await expect(openPool({ ...short, ...bad })).rejects.toThrow(DomainError);
  });
});

describe('a worker that is lost at work', () => {
  it.each([
    ['silent', '', 'it said nothing for 1 seconds'],
    ['in an endless loop', 'for (;;);', 'it said nothing for 1 seconds'],
    ['dead', 'process.exit(5);', 'it ended with code 5'],
    ['throwing', "throw new Error('on purpose');", 'on purpose'],
    ['rejecting', "Promise.reject(new Error('on purpose'));", 'on purpose'],
    [
      'answering twice',
      'port.postMessage({ id, result: 1 }); port.postMessage({ id, result: 2 });',
      'it sent what answers no question',
    ],
  ])('is named, and so is the pool afterwards: %s', async (_name, text, reason) => {
    const pool = await openPool({ ...short, startWithin: 20, url: afterOpening(text) });
    const payloads = [1, 2, 3, 4, 5, 6, 7, 8];
    try {
      expect(await refusal(pool.runAll('anything', payloads, nothing))).toContain(reason);
      expect(await refusal(pool.runAll('anything', payloads, nothing))).toContain('every worker must be running');
    } finally {
      pool.close();
      pool.close();
    }
    expect(await refusal(pool.runAll('anything', payloads, nothing))).toContain('every worker must be running');
  });

  it('does not wait for another that still works', async () => {
    const url = afterOpening(`
      if (message.payload === 0) process.exit(1);
      setInterval(() => port.postMessage('working'), 100);`);
    const pool = await openPool({ ...short, startWithin: 20, url });
    expect(await refusal(pool.runAll('anything', [0, 1, 0, 1], nothing))).toContain('it ended with code 1');
    pool.close();
  });
});

describe('a worker that works', () => {
  it('may take longer than it may be silent, blocked or not', async () => {
    const url = afterOpening(`
      for (let i = 0; i < 13; i++) {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
        port.postMessage('working');
      }
      port.postMessage({ id, result: message.payload });`);
    const pool = await openPool({ ...short, startWithin: 20, url });
    const results: unknown[] = [];
    await pool.runAll('anything', [1, 2], { onResult: (index, result) => (results[index] = result) });
    expect(results).toEqual([1, 2]);
    pool.close();
  });

  it('is not given up by a thread that was busy itself', async () => {
    const url = afterOpening('setTimeout(() => port.postMessage({ id, result: 1 }), 300);');
    const pool = await openPool({ workers: 1, startWithin: 20, silence: 1, url });
    const run = pool.runAll('anything', [1], nothing);
    await new Promise((resolve) => setTimeout(resolve, 50));
    // Behind an immediate, timers that are due come before messages that wait.
    await new Promise((resolve) => setImmediate(resolve));
    const end = performance.now() + 3000;
    while (performance.now() < end);
    await run;
    pool.close();
  });

  it('answers a task that it does not know, and results that cannot be sent, with an error', async () => {
    const pool = await testPool({ workers: 1, kind: 'ts' });
    await expect(pool.runAll('nothing', [1], nothing)).rejects.toThrow(
      'runAll: task must be resolventPoints or sampleChunk, but it is nothing',
    );
    await expect(pool.runAll('sampleChunk', [() => {}], nothing)).rejects.toThrow('could not be cloned');
    await expect(pool.runAll('sampleChunk', [{}], nothing)).rejects.toMatchObject({ name: 'TypeError' });
    pool.close();
  });
});

it('a program that waits for a silent worker alone ends with the error', () => {
  const program = `
    import { openPool } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url))};
    await openPool({ workers: 1, startWithin: 1, url: new URL(${JSON.stringify(script("port.on('message', () => {});").href)}) })
      .catch((error) => console.log(error.message));`;
  const file = join(folder, 'program.mjs');
  writeFileSync(file, program);
  const { stdout, status } = spawnSync(process.execPath, [file], {
    encoding: 'utf8',
    timeout: 50_000,
  });
  expect(stdout).toContain('it said nothing for 1 seconds');
  expect(status).toBe(0);
});
