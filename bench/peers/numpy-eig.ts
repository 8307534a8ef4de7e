/** NumPy as a peer of the eigenvalue cases: the same kind of matrix, a process of its own for every round, one thread. */
import type { Peer } from '../case.ts';
import { pythonPeer } from './python.ts';

/** Prints CPU nanoseconds of every call of numpy.linalg.eig after one to warm up. */
const SCRIPT = `
import sys, time
import numpy as np
n, field, calls = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
g = np.random.default_rng(1)
a = g.uniform(-1, 1, (n, n))
if field == "complex":
    a = a + 1j * g.uniform(-1, 1, (n, n))
np.linalg.eig(a)
for _ in range(calls):
    start = time.process_time_ns()
    np.linalg.eig(a)
    print(time.process_time_ns() - start)
`;

/** numpy.linalg.eig on a random matrix. */
export function numpyEig(n: number, field: 'real' | 'complex'): readonly Peer[] {
  const calls = Math.max(2, Math.min(200, Math.round(3e6 / n ** 2.7)));
  return pythonPeer('numpy', SCRIPT, [n, field, calls]);
}
