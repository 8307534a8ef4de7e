/** NumPy as a peer of the operator cases: what the authors' notebooks do, one step of it at a time. One thread, f32. */
import type { Peer } from '../case.ts';
import { pythonPeer } from './python.ts';

const VECTORS = `
import sys, time
import numpy as np
n, V, calls = map(int, sys.argv[1:])
g = np.random.default_rng(1)
rows = g.standard_normal((n, V), dtype=np.float32)
rows /= np.linalg.norm(rows, axis=1, keepdims=True)
`;

/** All pairwise similarities of n operators and their means. */
const SIMILARITY = `${VECTORS}
start = time.process_time_ns()
h = (rows @ rows.T) ** 2
u = (1 - 4 / V) + 4 / V * h
above = np.triu_indices(n, 1)
h[above].mean(), u[above].mean()
print(time.process_time_ns() - start)
`;

/** Permutations of the test of the mean change, each of which takes the means of the shuffled vectors anew: a few, times as many as wanted. */
const PERMUTATIONS = `${VECTORS}
m, timed = n // 2, 3
start = time.process_time_ns()
for _ in range(timed):
    order = g.permutation(n)
    np.linalg.norm(rows[order[:m]].mean(axis=0)) - np.linalg.norm(rows[order[m:]].mean(axis=0))
print((time.process_time_ns() - start) * calls // timed)
`;

export function numpySimilarity(n: number, V: number): readonly Peer[] {
  return pythonPeer('numpy', SIMILARITY, [n, V, 1]);
}

/** `calls` permutations of n operators, from the time of three. */
export function numpyPermutations(n: number, V: number, calls: number): readonly Peer[] {
  return pythonPeer('numpy', PERMUTATIONS, [n, V, calls]);
}
