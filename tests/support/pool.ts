import { type OpenPoolOptions, openPool, type WorkerPool } from '../../src/parallel/index.ts';

/** A pool for tests: Node cannot load TypeScript into a worker, so there it takes the build; Vite can. */
export function testPool(options: OpenPoolOptions): Promise<WorkerPool> {
  const url =
    typeof process === 'undefined' || process.versions?.node === undefined
      ? new URL('../../src/parallel/worker.ts', import.meta.url)
      : new URL('../../dist/parallel/worker.js', import.meta.url);
  return openPool({ url, ...options });
}
