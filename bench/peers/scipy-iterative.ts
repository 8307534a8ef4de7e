/** SciPy (ARPACK) as a peer of the iterations: the same kind of operator and tolerance, a process of its own for every round, one thread. */
import type { Peer } from '../case.ts';
import { pythonPeer } from './python.ts';

/** Prints CPU nanoseconds of every call after one to warm up. */
const SCRIPT = `
import sys, time
import numpy as np
from scipy.sparse import linalg
kind, calls = sys.argv[1], int(sys.argv[2])
g = np.random.default_rng(1)
if kind == "svds":
    a = g.uniform(-1, 1, (768, 3072))
    run = lambda: linalg.svds(a, 10, tol=1e-10, v0=g.uniform(-1, 1, 768))
elif kind == "eigs":
    a = g.uniform(-1, 1, (1000, 1000))
    run = lambda: linalg.eigs(a, 6, which="LM", tol=1e-10, v0=g.uniform(-1, 1, 1000))
else:
    k = 100
    def apply(x):
        x = x.reshape(k, k)
        y = 4 * x
        y[1:] -= x[:-1]
        y[:-1] -= x[1:]
        y[:, 1:] -= x[:, :-1]
        y[:, :-1] -= x[:, 1:]
        return y.ravel()
    a = linalg.LinearOperator((k * k, k * k), matvec=apply, dtype=float)
    # ARPACK's tolerance is relative to the eigenvalue, ours to the norm.
    run = lambda: linalg.eigsh(a, 6, which="SA", tol=1e-10 * 8 / 0.002, v0=g.uniform(-1, 1, k * k), ncv=40, maxiter=10000)
run()
for _ in range(calls):
    start = time.process_time_ns()
    run()
    print(time.process_time_ns() - start)
`;

/** scipy.sparse.linalg on the operator of a case. */
export function scipyIterative(kind: 'svds' | 'eigs' | 'laplacian'): readonly Peer[] {
  return pythonPeer('scipy.sparse.linalg', SCRIPT, [kind, 2]);
}
