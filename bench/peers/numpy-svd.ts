/** NumPy as a peer of the resolvent cases: the loop over the points that it has in place of one function. One thread. */
import type { Peer } from '../case.ts';
import { pythonPeer } from './python.ts';

/** Prints CPU nanoseconds of one loop over a square grid of σ_min(z − A), after a few points to warm up. */
const SCRIPT = `
import sys, time
import numpy as np
n, side, half = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
g = np.random.default_rng(1)
a = g.uniform(-1, 1, (n, n)) + 1j * g.uniform(-1, 1, (n, n))
identity = np.eye(n)
axis = np.linspace(-half, half, side)
result = np.empty((side, side))
def row(j):
    for i, x in enumerate(axis):
        result[j, i] = np.linalg.svd((x + 1j * axis[j]) * identity - a, compute_uv=False)[-1]
row(0)
start = time.process_time_ns()
for j in range(side):
    row(j)
print(time.process_time_ns() - start)
`;

/** numpy.linalg.svd at side² points of [−half, half]² for a random complex matrix. */
export function numpySvdLoop(n: number, side: number, half: number): readonly Peer[] {
  return pythonPeer('numpy', SCRIPT, [n, side, half]);
}
