/** SciPy as a peer of the functions of matrices: the same kind of matrix, a process of its own for every round, one thread. */
import { spawnSync } from 'node:child_process';
import type { Peer } from '../case.ts';

const PYTHON = process.env.BENCH_NUMPY_PYTHON ?? 'python3';

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

let present: boolean | undefined;

/**
 * A function of scipy.linalg on a random matrix plus √n; a notice and nothing where SciPy is missing. BENCH_NUMPY_PYTHON names another
 * interpreter.
 */
export function scipyFunction(name: string, n: number, field: 'real' | 'complex'): readonly Peer[] {
  if (present === undefined) {
    present = spawnSync(PYTHON, ['-c', 'import scipy.linalg']).status === 0;
    if (!present) process.stderr.write(`scipy: SKIPPED, ${PYTHON} has none\n`);
  }
  if (!present) return [];
  const calls = Math.max(3, Math.min(60, Math.round(1e6 / n ** 2.5)));
  return [{ name: 'scipy', outputs: null, sample: () => run(name, n, field, calls) }];
}

function run(name: string, n: number, field: string, calls: number): number[] {
  // OpenBLAS may take a CPU newer than itself for a much older one; where there is AVX-512, SkylakeX is right.
  const env = { OPENBLAS_NUM_THREADS: '1', OPENBLAS_CORETYPE: 'SkylakeX', ...process.env };
  const { status, stdout, stderr } = spawnSync(PYTHON, ['-c', SCRIPT, name, String(n), field, String(calls)], {
    encoding: 'utf8',
    env,
  });
  if (status !== 0) throw new Error(`scipy.linalg.${name} of order ${n} ended with ${status}: ${stderr}`);
  return stdout.trim().split('\n').map(Number);
}
