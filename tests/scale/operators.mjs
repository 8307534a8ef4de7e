/** A data set of QLens of published size, with the built package: n operators over V units, their mean similarity, then all statistics of a step. */
import { openBackend, qlens } from 'transformer-mechanics';

const [n, V] = process.argv.slice(2).map(Number);
const backend = await openBackend();
const vectors = qlens.baselineVectors(backend, 'random-states', V, n, 2n);

function timed(run) {
  const started = process.cpuUsage();
  const value = run();
  const { user, system } = process.cpuUsage(started);
  return { seconds: (user + system) / 1e6, value };
}

const similarity = timed(() => qlens.meanSimilarity(backend, vectors));
const step = { from: 'embed', to: 'final', vectors, inputs: null, top: [] };
const all = timed(() => qlens.analyseDataSet(backend, { V, texts: n, steps: [step] }, { umap: false }));
process.stdout.write(
  JSON.stringify({
    seconds: similarity.seconds,
    mean: similarity.value,
    statistics: all.seconds,
    chance: all.value.steps[0].statistics.baselines[0].similarityH,
  }),
);
