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

/** Factorisations in place, as LAPACK does them: h + 2n·1 is positive definite. */
const FACTORISATIONS = {
  lu: ['getrf', 'getrf(w, overwrite_a=True)'],
  cholesky: ['potrf', 'potrf(w, lower=True, overwrite_a=True)'],
  qr: ['geqrf', 'geqrf(w, lwork=64 * n, overwrite_a=True)'],
  qrPivoted: ['geqp3', 'geqp3(w, lwork=64 * (n + 1), overwrite_a=True)'],
} as const;

/** Prints CPU nanoseconds of every call after one to warm up; `before` is not timed. */
const script = (call: string, setUp = '', before = ''): string => `
import sys, time
import numpy as np
n, field, calls = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
g = np.random.default_rng(1)
a = g.uniform(-1, 1, (n, n))
if field == "complex":
    a = a + 1j * g.uniform(-1, 1, (n, n))
h = a + a.conj().T
${setUp}
${before}
${call}
for _ in range(calls):
    ${before}
    start = time.process_time_ns()
    ${call}
    print(time.process_time_ns() - start)
`;

export function numpyDecomposition(of: keyof typeof CALLS, n: number, field: 'real' | 'complex'): readonly Peer[] {
  return pythonPeer('numpy', script(CALLS[of]), [n, field, callsOf(n)]);
}

/** The LAPACK routine of the same name through SciPy, a copy of the matrix before each call. */
export function numpyFactorisation(
  of: keyof typeof FACTORISATIONS,
  n: number,
  field: 'real' | 'complex',
): readonly Peer[] {
  const [routine, call] = FACTORISATIONS[of];
  const from = of === 'cholesky' ? 'h + 2 * n * np.eye(n)' : 'a';
  const setUp = `from scipy.linalg import get_lapack_funcs\n${routine}, = get_lapack_funcs(("${routine}",), (a,))\ns = np.asfortranarray(${from})`;
  return pythonPeer('scipy.linalg', script(call, setUp, 'w = s.copy(order="F")'), [n, field, callsOf(n)]);
}

function callsOf(n: number): number {
  return Math.max(2, Math.min(200, Math.round(3e6 / n ** 2.7)));
}
