/** NumPy as a peer of the decompositions: the same kind of matrix, a process of its own for every round, one thread. */
import type { Peer } from '../case.ts';
import { pythonPeer } from './python.ts';

/** What is called with a random matrix a, or with the Hermitian a + a* for those that take one. */
const CALLS = {
  eig: 'np.linalg.eig(a)',
  eigh: 'np.linalg.eigh(h)',
  eigvalsh: 'np.linalg.eigvalsh(h)',
  svd: 'np.linalg.svd(a, full_matrices=False)',
  singularValues: 'np.linalg.svd(a, compute_uv=False)',
} as const;

/** Prints CPU nanoseconds of every call after one to warm up. */
const script = (call: string): string => `
import sys, time
import numpy as np
n, field, calls = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
g = np.random.default_rng(1)
a = g.uniform(-1, 1, (n, n))
if field == "complex":
    a = a + 1j * g.uniform(-1, 1, (n, n))
h = a + a.conj().T
${call}
for _ in range(calls):
    start = time.process_time_ns()
    ${call}
    print(time.process_time_ns() - start)
`;

export function numpyDecomposition(of: keyof typeof CALLS, n: number, field: 'real' | 'complex'): readonly Peer[] {
  const calls = Math.max(2, Math.min(200, Math.round(3e6 / n ** 2.7)));
  return pythonPeer('numpy', script(CALLS[of]), [n, field, calls]);
}
