/** Teams of threads: any number has the bits of one, none is lost in silence, and none keeps a processor or the program busy. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import threads from 'node:worker_threads';
import { afterEach, expect, it, vi } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import { gemmWork } from '../../src/backend/contract/dense.ts';
import { openBackend } from '../../src/backend/open.ts';
import { threadsHere } from '../../src/backend/threads.ts';
import { instantiateCore } from '../../src/backend/wasm/load.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { traceForward } from '../../src/transformer/trace.ts';
import { tinyCheckpoint } from '../support/tiny-checkpoint.ts';

const OriginalWorker = threads.Worker;
/** What threads are made of from here on. */
function replaceWorker(replacement: unknown): void {
  (threads as { Worker: unknown }).Worker = replacement;
}

const opened: Backend[] = [];
afterEach(() => {
  for (const backend of opened.splice(0)) backend.close();
  replaceWorker(OriginalWorker);
});

/** A backend that cuts every call that can be cut. */
async function cutting(count: number): Promise<Backend> {
  const backend = await instantiateCore('wasm', threadsHere(count), Number.MIN_VALUE);
  opened.push(backend);
  return backend;
}

/** A product of n×n matrices of ones. */
function product({ memory, kernels }: Backend, n = 64): number {
  return memory.scope(() => {
    const [a, b, c] = [memory.allocate('f64', n * n), memory.allocate('f64', n * n), memory.allocate('f64', n * n)];
    a.view().fill(1);
    b.view().fill(1);
    const work = memory.allocate('f64', 4 * n * n + 1000);
    const shape = { opA: 'none', opB: 'none', m: n, n, k: n, lda: n, ldb: n, ldc: n } as const;
    kernels.gemm({ shape, alpha: 1, a, b, beta: 0, c, work });
    return c.view().reduce((sum, x) => sum + x, 0);
  });
}

it('a pass has the same bits on 1, 2, 3 and 7 threads', async () => {
  const folder = tinyCheckpoint({ V: 300, D: 48, L: 2, H: 4, F: 96, maxPositions: 32, tokenizer: false });
  const ids = Array.from({ length: 13 }, (_, i) => (i * 37) % 300);
  const laws: number[][] = [];
  for (const count of [1, 2, 3, 7]) {
    const backend = count === 1 ? await openBackend({ kind: 'wasm', threads: 1 }) : await cutting(count);
    const model = await openModel(folder, { backend });
    for (const precision of ['f32', 'f64'] as const) laws.push([...traceForward(model, ids, { precision }).logits]);
  }
  for (let i = 2; i < laws.length; i++) expect(laws[i]).toEqual(laws[i % 2]);
});

it('says how many threads there are, and why', async () => {
  expect(await openBackend({ threads: 1 })).toMatchObject({ threads: { count: 1, why: 'asked for' } });
  expect((await openBackend({ threads: 3 })).threads).toEqual({ count: 3, why: 'asked for' });
  expect((await openBackend({ kind: 'ts', threads: 3 })).threads).toEqual({
    count: 1,
    why: 'the TypeScript backend has one thread',
  });
  const { count, why } = (await openBackend()).threads;
  expect([count >= 1, why]).toEqual([true, count === 1 ? 'one processor' : 'one for each processor']);
  for (const bad of [0, 65, 1.5, Number.NaN])
    await expect(openBackend({ threads: bad })).rejects.toThrow('openBackend: threads must be an integer from 1 to 64');
});

it('memory that grows while threads live is theirs too', async () => {
  const backend = await cutting(3);
  expect(product(backend)).toBe(64 ** 3);
  const large = backend.memory.allocate('f64', 4_000_000);
  expect(product(backend, 96)).toBe(96 ** 3);
  backend.memory.release(large);
  expect(backend.memory.bytesInUse).toBe(0);
});

/** Every worker that is started from here on. */
function watched(): threads.Worker[] {
  const started: threads.Worker[] = [];
  class Watched extends OriginalWorker {
    constructor(...args: ConstructorParameters<typeof OriginalWorker>) {
      super(...args);
      started.push(this);
    }
  }
  replaceWorker(Watched);
  return started;
}

it('a thread that died is an error', async () => {
  const started = watched();
  // A worker that had not begun when it died leaves its work to the others: then once more.
  await vi.waitFor(
    async () => {
      const backend = await cutting(3);
      product(backend);
      const [first] = started.splice(0);
      await new Promise((done) => first!.once('online', done));
      await new Promise((done) => setTimeout(done, 300));
      await first!.terminate();
      expect(() => product(backend)).toThrow(/every thread .* must be running, but one is not: it ended with code 1/);
    },
    { timeout: 30_000 },
  );
});

it('threads that cannot start leave the work to the others', async () => {
  class Refused {
    constructor() {
      throw new Error('no thread today');
    }
  }
  replaceWorker(Refused);
  const backend = await cutting(4);
  expect(product(backend)).toBe(64 ** 3);
  expect(backend.threads).toEqual({ count: 1, why: 'workers could not start: no thread today' });
  expect(product(backend)).toBe(64 ** 3);
});

it('an error while a call is cut leaves nothing for the next', async () => {
  const backend = await cutting(3);
  const { memory, kernels } = backend;
  memory.scope(() => {
    const [a, short] = [memory.allocate('f64', 64 * 64), memory.allocate('f64', 20 * 64)];
    const shape = { opA: 'none', opB: 'none', m: 64, n: 64, k: 64, lda: 64, ldb: 64, ldc: 64 } as const;
    const work = memory.allocate('f64', 20_000);
    expect(() => kernels.gemm({ shape, alpha: 1, a, b: a, beta: 0, c: short, work })).toThrow('part: range');
    a.view().fill(1);
    expect(product(backend)).toBe(64 ** 3);
    expect(short.view().every((x) => x === 0)).toBe(true);
  });
});

it('a rank update has its bits in as many parts as 64 threads make', async () => {
  class Refused {
    constructor() {
      throw new Error('no thread today');
    }
  }
  replaceWorker(Refused);
  const [n, k] = [3100, 2];
  const lower = (backend: Backend): Float64Array =>
    backend.memory.scope(() => {
      const [a, c] = [backend.memory.allocate('f64', n * k), backend.memory.allocate('f64', n * n)];
      a.view().set(Float64Array.from({ length: n * k }, (_, i) => Math.sin(i)));
      const work = backend.memory.allocate('f64', gemmWork('f64', n, n, k));
      const shape = { op: 'none', n, k, lda: k, ldc: n, part: 'full' } as const;
      backend.kernels.rankUpdate({ shape, alpha: 1, a, beta: 0, c, work });
      return c.view().slice();
    });
  const [one, many] = [lower(await openBackend({ threads: 1 })), lower(await cutting(64))];
  expect(many.findIndex((x, i) => !Object.is(x, one[i]))).toBe(-1);
});

it('a closed backend refuses large calls', async () => {
  const backend = await cutting(2);
  product(backend);
  backend.close();
  backend.close();
  expect(() => product(backend)).toThrow('the backend was closed. Open another backend.');
});

it('idle threads use no processor', async () => {
  const backend = await cutting(4);
  product(backend);
  await new Promise((done) => setTimeout(done, 1000));
  const before = process.cpuUsage();
  await new Promise((done) => setTimeout(done, 500));
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(100);
});

it('a program with idle threads ends, and one that forgets its backends ends their threads', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const program = `
    import threads from 'node:worker_threads';
    import { linalg, openBackend } from './dist/index.js';
    const { Worker } = threads;
    let living = 0;
    threads.Worker = class extends Worker {
      constructor(...args) {
        super(...args);
        living++;
        this.on('exit', () => living--);
      }
    };
    const a = new linalg.Matrix(200, 200);
    const use = async () => void linalg.multiply(await openBackend({ threads: 3 }), a, a);
    await use();
    console.log(living);
    for (let i = 0; i < 100 && living > 0; i++) {
      gc();
      await new Promise((done) => setTimeout(done, 20));
    }
    console.log(living);
    await use();`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--expose-gc', '--input-type=module', '-e', program],
    {
      cwd: root,
      encoding: 'utf8',
      timeout: 30_000,
    },
  );
  expect([stderr, stdout, status]).toEqual(['', '2\n0\n', 0]);
});
