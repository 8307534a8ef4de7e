/** Real sizes of stored and of sampled histories; prints figures as JSON. Argument: propagate, sample or vocabulary. */
import { fock, openBackend, transformer } from '../../src/index.ts';
import { blockSystem } from '../support/block-systems.ts';
import { testNumbers } from '../support/numbers.ts';

const TASKS = { propagate, sample, vocabulary };
const task = process.argv[2] as keyof typeof TASKS;
const figures = await TASKS[task]();
process.stdout.write(JSON.stringify(figures));

/** 2²⁴ = 16.8 million strings. */
function propagate() {
  const maps = [
    [0, 1],
    [1, 0],
  ];
  const { laws, start } = blockSystem(
    2,
    maps.map((map, b) => ({ scores: [...testNumbers(4, b + 1)], map })),
    [{ tokens: [0, 1], weight: 1 }],
  );
  const started = performance.now();
  const { final, certificate } = fock.propagate(laws, start, 24);
  return { seconds: (performance.now() - started) / 1000, strings: final.count, residual: certificate.residual };
}

/** Ten million trajectories of 50 steps over 32 tokens on two threads. */
async function sample() {
  const N = 32;
  const map = Array.from({ length: N }, (_, k) => (5 * k + 1) % N);
  const { laws, start } = blockSystem(
    N,
    [{ scores: [...testNumbers(N * N, 1)], map }],
    [{ tokens: [0, 1, 2], weight: 1 }],
  );
  const backend = await openBackend({ threads: 2 });
  const started = performance.now();
  const before = process.cpuUsage();
  const sampled = fock.trajectoryStatistics(backend, laws, start, 50, { trajectories: 1e7, seed: 1n });
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - started) / 1000;
  return { seconds, cpuSeconds: (user + system) / 1e6, entropy: sampled.entropy, error: sampled.entropyStandardError };
}

/** Three steps of a law over a checkpoint-sized vocabulary, truncated: kept and discarded mass must sum to 1. */
async function vocabulary() {
  const V = 50_257;
  const backend = await openBackend();
  const law = {
    V,
    label: String,
    probabilities(history: ArrayLike<number>) {
      const logits = testNumbers(V, history[history.length - 1]! + 1).map((x) => 4 * x);
      return transformer.probabilities(backend, logits);
    },
  };
  const started = performance.now();
  const { certificate } = fock.propagate([law], fock.DiagonalState.ofText(V, [0]), 3, { maxStrings: 64 });
  return { seconds: (performance.now() - started) / 1000, residual: certificate.residual };
}
