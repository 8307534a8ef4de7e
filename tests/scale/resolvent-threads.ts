/** A resolvent grid on one thread and on two, in turns; prints the ratio of the least times as JSON. */
import { linalg, openBackend } from '../../src/index.ts';
import { randomComplex } from '../support/gallery.ts';

const ROUNDS = 20;

const a = randomComplex(64, 3);
const options = { re: [-10, 10], im: [-10, 10], nRe: 100, nIm: 100 } as const;
const [one, two] = [await openBackend({ threads: 1 }), await openBackend({ threads: 2 })];
let [alone, together] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
for (let round = 0; round < ROUNDS; round++) {
  alone = Math.min(
    alone,
    secondsOf(() => linalg.resolventGrid(one, a, options)),
  );
  together = Math.min(
    together,
    secondsOf(() => linalg.resolventGrid(two, a, options)),
  );
}
process.stdout.write(JSON.stringify({ ratio: alone / together, alone, together }));

function secondsOf(work: () => unknown): number {
  const started = performance.now();
  work();
  return (performance.now() - started) / 1000;
}
