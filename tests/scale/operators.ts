/** A data set of QLens of published size: n operators over V units in memory, and their mean similarity. Prints seconds and the mean as JSON. */
import { openBackend, qlens } from '../../src/index.ts';

const [n, V] = process.argv.slice(2).map(Number) as [number, number];
const backend = await openBackend();
const vectors = qlens.baselineVectors(backend, 'random-states', V, n);
const started = process.cpuUsage();
const mean = qlens.meanSimilarity(backend, vectors);
const { user, system } = process.cpuUsage(started);
process.stdout.write(JSON.stringify({ seconds: (user + system) / 1e6, mean }));
