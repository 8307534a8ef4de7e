/** NumPy as a peer of the eigenvalue cases: the same kind of matrix, a process of its own for every round, one thread. */
import { spawnSync } from 'node:child_process';
import type { Peer } from '../case.ts';

const PYTHON = process.env.BENCH_NUMPY_PYTHON ?? 'python3';

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

let present: boolean | undefined;

/** numpy.linalg.eig on a random matrix; nothing where NumPy is missing. BENCH_NUMPY_PYTHON names another interpreter. */
export function numpyEig(n: number, field: 'real' | 'complex'): readonly Peer[] {
  present ??= spawnSync(PYTHON, ['-c', 'import numpy']).status === 0;
  if (!present) return [];
  const calls = Math.max(2, Math.min(200, Math.round(3e6 / n ** 2.7)));
  return [{ name: 'numpy', outputs: null, sample: () => run(n, field, calls) }];
}

function run(n: number, field: string, calls: number): number[] {
  // OpenBLAS may take a CPU newer than itself for a much older one; where there is AVX-512, SkylakeX is right.
  const env = { OPENBLAS_NUM_THREADS: '1', OPENBLAS_CORETYPE: 'SkylakeX', ...process.env };
  const { status, stdout, stderr } = spawnSync(PYTHON, ['-c', SCRIPT, String(n), field, String(calls)], {
    encoding: 'utf8',
    env,
  });
  if (status !== 0) throw new Error(`numpy.linalg.eig of order ${n} ended with ${status}: ${stderr}`);
  return stdout.trim().split('\n').map(Number);
}
