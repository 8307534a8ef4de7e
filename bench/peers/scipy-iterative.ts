/** SciPy (ARPACK) as a peer of the iterations: the same kind of operator and tolerance, a process of its own for every round, one thread. */
import { spawnSync } from 'node:child_process';
import type { Peer } from '../case.ts';

const PYTHON = process.env.BENCH_NUMPY_PYTHON ?? 'python3';

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

let present: boolean | undefined;

/** scipy.sparse.linalg on the operator of a case; nothing where SciPy is missing. BENCH_NUMPY_PYTHON names another interpreter. */
export function scipyIterative(kind: 'svds' | 'eigs' | 'laplacian'): readonly Peer[] {
  present ??= spawnSync(PYTHON, ['-c', 'import scipy.sparse.linalg']).status === 0;
  if (!present) {
    process.stderr.write(`scipy: SKIPPED for ${kind}, ${PYTHON} cannot import it\n`);
    return [];
  }
  return [{ name: 'scipy', outputs: null, sample: () => run(kind, 2) }];
}

function run(kind: string, calls: number): number[] {
  // OpenBLAS may take a CPU newer than itself for a much older one; where there is AVX-512, SkylakeX is right.
  const env = { OPENBLAS_NUM_THREADS: '1', OPENBLAS_CORETYPE: 'SkylakeX', ...process.env };
  const { status, stdout, stderr } = spawnSync(PYTHON, ['-c', SCRIPT, kind, String(calls)], { encoding: 'utf8', env });
  if (status !== 0) throw new Error(`scipy ${kind} ended with ${status}: ${stderr}`);
  return stdout.trim().split('\n').map(Number);
}
