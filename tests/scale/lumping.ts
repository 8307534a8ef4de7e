/** One lumped evolution of two random blocks over N tokens: prints its time and its last numbers as JSON. Arguments: N, L. */
import { fock, openBackend } from '../../src/index.ts';
import { testNumbers } from '../support/numbers.ts';

const [N, L] = process.argv.slice(2, 4).map(Number) as [number, number];
const laws = [1, 2].map(
  (seed) =>
    new fock.MultiHeadLaw({
      names: Array.from({ length: N }, (_, k) => `x${k}`),
      scores: [testNumbers(N * N, seed)],
      tokenMap: Int32Array.from({ length: N }, (_, k) => (k + seed) % N),
    }),
);
const backend = await openBackend();
const started = performance.now();
const before = process.cpuUsage().user;
const { steps } = await fock.lump(backend, laws, fock.DiagonalState.ofText(N, [0, 1]), L);
const seconds = (performance.now() - started) / 1000;
const cpuSeconds = (process.cpuUsage().user - before) / 1e6;
const { states, entropy, logPurity, minEntropy, trace } = steps.at(-1)!;
process.stdout.write(JSON.stringify({ seconds, cpuSeconds, states, entropy, logPurity, minEntropy, trace }));
