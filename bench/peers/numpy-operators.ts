/** NumPy as a peer of a data set of operators: what the authors' notebooks do, one step of it at a time. One thread. */
import { spawnSync } from 'node:child_process';

const PYTHON = process.env.BENCH_NUMPY_PYTHON ?? 'python3';

/**
 * Prints CPU nanoseconds, one line each: all pairwise similarities of m operators; then `calls` single permutations of the test of the mean
 * change, each of which takes the means of the shuffled 2m vectors anew.
 */
const SCRIPT = `
import sys, time
import numpy as np
m, V, calls = map(int, sys.argv[1:])
g = np.random.default_rng(1)
pooled = g.standard_normal((2 * m, V), dtype=np.float32)
pooled /= np.linalg.norm(pooled, axis=1, keepdims=True)
start = time.process_time_ns()
c = pooled[:m] @ pooled[:m].T
h = c ** 2
u = (1 - 4 / V) + 4 / V * h
above = np.triu_indices(m, 1)
h[above].mean(), u[above].mean()
print(time.process_time_ns() - start)
for _ in range(calls):
    start = time.process_time_ns()
    order = g.permutation(2 * m)
    np.linalg.norm(pooled[order[:m]].mean(axis=0)) - np.linalg.norm(pooled[order[m:]].mean(axis=0))
    print(time.process_time_ns() - start)
`;

export interface NumpyOperators {
  /** Seconds of CPU time for the similarities of m operators. */
  readonly similarity: number;
  /** Seconds of CPU time of one permutation, the median of some. */
  readonly permutation: number;
}

/** null where NumPy is missing. BENCH_NUMPY_PYTHON names another interpreter. */
export function numpyOperators(m: number, V: number, calls = 5): NumpyOperators | null {
  if (spawnSync(PYTHON, ['-c', 'import numpy']).status !== 0) return null;
  // OpenBLAS may take a CPU newer than itself for a much older one; where there is AVX-512, SkylakeX is right.
  const env = { OPENBLAS_NUM_THREADS: '1', OPENBLAS_CORETYPE: 'SkylakeX', ...process.env };
  const { status, stdout, stderr } = spawnSync(PYTHON, ['-c', SCRIPT, String(m), String(V), String(calls)], {
    encoding: 'utf8',
    env,
  });
  if (status !== 0) throw new Error(`numpy on ${m} operators ended with ${status}: ${stderr}`);
  const [similarity, ...permutations] = stdout
    .trim()
    .split('\n')
    .map((ns) => Number(ns) * 1e-9);
  permutations.sort((a, b) => a - b);
  return { similarity: similarity!, permutation: permutations[permutations.length >> 1]! };
}
