"""QuTiP as a peer of propagation: the outcome extension of Chen's step as Kraus operators on the cut Fock space.

Reads {"blocks": [{"scores", "map"}], "N", "text", "L", "calls"} from standard input; prints JSON with the weights of the last
sector and the CPU nanoseconds of each evolution, the operators being built beforehand.
"""
import itertools
import json
import sys
import time

import numpy as np
import qutip
import scipy.sparse as sparse

task = json.load(sys.stdin)
N, text, L = task["N"], tuple(task["text"]), task["L"]
M = len(text) + L
strings = [s for n in range(M + 1) for s in itertools.product(range(N), repeat=n)]
index = {s: i for i, s in enumerate(strings)}


def law(block, history):
    scores = np.array(block["scores"]).reshape(N, N)
    mass = np.exp([scores[history[-1], k] for k in history])
    p = np.zeros(N)
    for k, m in zip(history, mass):
        p[block["map"][k]] += m
    return p / mass.sum()


def kraus(block):
    """K_y = sum over histories h shorter than M of sqrt(p(y|h)) |h y><h|."""
    entries = [([], [], []) for _ in range(N)]
    for h in strings:
        if 0 < len(h) < M:
            for y, p in enumerate(law(block, h)):
                rows, columns, values = entries[y]
                rows.append(index[h + (y,)])
                columns.append(index[h])
                values.append(np.sqrt(p))
    shape = (len(strings), len(strings))
    return [qutip.Qobj(sparse.csr_matrix((v, (r, c)), shape=shape)) for r, c, v in entries]


operators = [kraus(block) for block in task["blocks"]]
start = qutip.basis(len(strings), index[text])
rho0 = start * start.dag()
times = []
for _ in range(task["calls"]):
    begun = time.process_time_ns()
    rho = rho0
    for step in range(L):
        rho = sum(k * rho * k.dag() for k in operators[step % len(operators)])
    times.append(time.process_time_ns() - begun)
diagonal = np.real(rho.diag())
weights = [diagonal[index[text + tail]] for tail in itertools.product(range(N), repeat=L)]
print(json.dumps({"times": times, "weights": weights, "version": qutip.__version__}))
