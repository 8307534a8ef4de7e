/** A resolvent grid alone and on a warm pool of two, in turns; prints the ratio of the least times as JSON. */
import { linalg, openBackend, openPool } from '../../src/index.ts';
import { randomComplex } from '../support/gallery.ts';

const ROUNDS = 20;

const a = randomComplex(64, 3);
const options = { re: [-10, 10], im: [-10, 10], nRe: 100, nIm: 100 } as const;
const backend = await openBackend({ kind: 'wasm' });
const pool = await openPool({ workers: 2, url: new URL('../../dist/parallel/worker.js', import.meta.url) });
let [alone, together] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
for (let round = 0; round < ROUNDS; round++) {
  alone = Math.min(alone, await secondsOf(async () => linalg.resolventGrid(backend, a, options)));
  together = Math.min(together, await secondsOf(() => linalg.resolventGridOn(pool, backend, a, options)));
}
pool.close();
process.stdout.write(JSON.stringify({ ratio: alone / together, alone, together }));

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}
