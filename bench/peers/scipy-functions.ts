/** SciPy as a peer of the functions of matrices: the same kind of matrix, a process of its own for every round, one thread. */
import type { Peer } from '../case.ts';
import { pythonPeer } from './python.ts';

/** Prints CPU nanoseconds of every call after one to warm up. */
const SCRIPT = `
import sys, time
import numpy as np
import scipy.linalg
name, n, field, calls = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
g = np.random.default_rng(1)
a = g.uniform(-1, 1, (n, n))
if field == "complex":
    a = a + 1j * g.uniform(-1, 1, (n, n))
a = a + np.sqrt(n) * np.eye(n)
f = getattr(scipy.linalg, name)
f(a)
for _ in range(calls):
    start = time.process_time_ns()
    f(a)
    print(time.process_time_ns() - start)
`;

/** A function of scipy.linalg on a random matrix plus √n. */
export function scipyFunction(name: string, n: number, field: 'real' | 'complex'): readonly Peer[] {
  const calls = Math.max(3, Math.min(60, Math.round(1e6 / n ** 2.5)));
  return pythonPeer('scipy.linalg', SCRIPT, [name, n, field, calls]);
}
