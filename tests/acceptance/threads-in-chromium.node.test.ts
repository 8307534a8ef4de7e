/** Threads of the bundled package in Chromium: in pages and their workers, isolated and not, and where a policy forbids them. */
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, CHROMIUM_ARGUMENTS } from '../support/chromium.ts';

const BUNDLE = readFileSync(fileURLToPath(new URL('../../dist/browser.js', import.meta.url)));
const ISOLATED = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
const NO_BLOBS = { 'content-security-policy': "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'" };

/** Multiplies on three threads and on one; says how many there were when the call began and after it, and whether the bits agree. */
const PROGRAM = `
import { linalg, openBackend } from './browser.js';
const numbers = (seed) => Float64Array.from({ length: 200 * 200 }, (_, i) => Math.sin(seed + i));
const [a, b] = [1, 2].map((seed) => new linalg.Matrix(200, 200, numbers(seed)));
async function compare() {
  const [one, three] = [await openBackend({ threads: 1 }), await openBackend({ threads: 3 })];
  const before = three.threads;
  const expected = linalg.multiply(one, a, b).data;
  let same = true;
  for (let i = 0; i < 20; i++) {
    same &&= linalg.multiply(three, a, b).data.every((x, k) => Object.is(x, expected[k]));
    await new Promise((done) => setTimeout(done, 20));
  }
  return { before, after: three.threads, same };
}
export const result = await compare();`;

const FILES: Readonly<Record<string, readonly [type: string, body: string | Buffer]>> = {
  '/': ['text/html', '<!doctype html><title>threads</title>'],
  '/browser.js': ['text/javascript', BUNDLE],
  '/program.js': ['text/javascript', PROGRAM],
  '/worker.js': ['text/javascript', "import { result } from './program.js'; postMessage(result);"],
};

/** Expressions, because a function would be compiled for Node. */
const BEGIN = {
  page: "import('/program.js').then(({ result }) => result)",
  worker: `new Promise((resolve, reject) => {
    const worker = new Worker('/worker.js', { type: 'module' });
    worker.addEventListener('message', ({ data }) => resolve(data));
    worker.addEventListener('error', ({ message }) => reject(new Error(message)));
  })`,
} as const;

interface Outcome {
  readonly before: { readonly count: number; readonly why: string };
  readonly after: { readonly count: number; readonly why: string };
  readonly same: boolean;
}

describe.skipIf(!existsSync(CHROMIUM))('threads in Chromium', () => {
  let browser: Browser;
  const servers: Server[] = [];
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_ARGUMENTS });
  });
  afterAll(async () => {
    for (const server of servers) server.close();
    await browser.close();
  });

  async function run(where: 'page' | 'worker', headers: Readonly<Record<string, string>>): Promise<Outcome> {
    const server = createServer((request, response) => {
      const file = FILES[request.url ?? ''];
      if (file === undefined) response.writeHead(404).end();
      else response.writeHead(200, { 'content-type': file[0], ...headers }).end(file[1]);
    });
    servers.push(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const outcome = await page.evaluate(BEGIN[where]);
    await page.close();
    return outcome as Outcome;
  }

  it('there are three in a worker of an isolated page', async () => {
    const { before, after, same } = await run('worker', ISOLATED);
    expect(before).toEqual({ count: 3, why: 'asked for' });
    expect(after).toEqual(before);
    expect(same).toBe(true);
  });

  it("there is one on a page's own thread", async () => {
    const { before, after, same } = await run('page', ISOLATED);
    expect(before).toEqual({
      count: 1,
      why: "a page's own thread may not wait for others: compute in a worker",
    });
    expect([after, same]).toEqual([before, true]);
  });

  it.each(['page', 'worker'] as const)('there is one in a %s that is not isolated', async (where) => {
    const { before, after, same } = await run(where, {});
    expect(before).toEqual({ count: 1, why: 'memory cannot be shared: the page is not cross-origin isolated' });
    expect([after, same]).toEqual([before, true]);
  });

  it('there is one where a policy forbids workers made of text', async () => {
    const { before, after, same } = await run('worker', { ...ISOLATED, ...NO_BLOBS });
    expect(before.count).toBe(3);
    expect(after.count).toBe(1);
    expect(after.why).toMatch(/^workers could not start: .*/);
    expect(same).toBe(true);
  });
});
