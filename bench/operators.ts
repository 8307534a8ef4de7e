/**
 * A data set of published size beside NumPy: 2 × 1,000 operators at V = 50,258, similarities and 1,000 permutations. Seconds of CPU time.
 *
 *     npx tsx bench/operators.ts [operators] [V]
 */
import { openBackend, qlens } from '../src/index.ts';
import { randomNumbers } from './cases/blocks.ts';
import { numpyOperators } from './peers/numpy-operators.ts';

const [m = 1000, V = 50_258] = process.argv.slice(2).map(Number);
const PERMUTATIONS = 1000;
const backend = await openBackend();

function vectorsOf(seed: number): qlens.UnitVectors {
  const vectors = new qlens.UnitVectors(V);
  for (let i = 0; i < m; i++) {
    const v = randomNumbers(V, seed * m + i);
    const norm = Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
    vectors.add(v.map((x) => x / norm));
  }
  return vectors;
}

function timed<T>(work: () => T): [seconds: number, result: T] {
  const start = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(start);
  return [(user + system) * 1e-6, result];
}

const first = vectorsOf(1);
const [similarity] = timed(() => qlens.meanSimilarity(backend, first));
const megabytes = Math.round(process.memoryUsage().rss / 1e6);
const second = vectorsOf(2);
const [gram, cosines] = timed(() => qlens.cosineMatrix(backend, [first, second]));
const tests = [qlens.similarityTest, qlens.energyTest, qlens.meanChangeTest].map(
  (test) => timed(() => test(backend, cosines, m, { permutations: PERMUTATIONS }))[0],
);
const numpy = numpyOperators(m, V);

const seconds = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(2)).padStart(9);
process.stdout.write(`${m} operators, V = ${V}, ${backend.kind}; CPU seconds      ours    NumPy
mean similarity                          ${seconds(similarity)}${seconds(numpy?.similarity)}
Gram matrix of 2 × ${m}                   ${seconds(gram)}
${PERMUTATIONS} permutations, similarity           ${seconds(tests[0])}
${PERMUTATIONS} permutations, energy               ${seconds(tests[1])}
${PERMUTATIONS} permutations, mean change          ${seconds(tests[2])}${seconds(numpy === null ? undefined : PERMUTATIONS * numpy.permutation)} (${PERMUTATIONS} × one)
memory with ${m} operators held: ${megabytes} MB
`);
