"""Kreiss constants of matrices with eigenvalues on the boundary, by brute force over NumPy's singular values, for
tests/golden/kreiss.test.ts: the norms of spectral projectors from eigenvectors, and a fine grid of points with Nelder–Mead from its best.

Run: python3 tests/golden/make-kreiss.py > tests/golden/kreiss.json
"""

import json
import sys

import numpy as np
import scipy
import scipy.optimize

RANDOM = np.random.default_rng(1962)


def stochastic(n, zeros=0.0):
    a = RANDOM.random((n, n)) * (RANDOM.random((n, n)) >= zeros) + 1e-3 * np.eye(n)
    return a / a.sum(axis=1, keepdims=True)


def causal(n):
    a = np.tril(RANDOM.random((n, n)))
    return a / a.sum(axis=1, keepdims=True)


def generator(n, rate):
    a = RANDOM.random((n, n))
    np.fill_diagonal(a, 0)
    return rate * (a - np.diag(a.sum(axis=1)))


def similar(d, strength):
    v = np.eye(len(d)) + strength * RANDOM.standard_normal((len(d), len(d)))
    return v @ d @ np.linalg.inv(v)


def rotations(angles, inner):
    n = 2 * len(angles) + len(inner)
    d = np.zeros((n, n))
    for k, t in enumerate(angles):
        d[2 * k : 2 * k + 2, 2 * k : 2 * k + 2] = [[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]]
    for k, x in enumerate(inner):
        d[2 * len(angles) + k, 2 * len(angles) + k] = x
    return d


def oscillators(rates, inner):
    n = 2 * len(rates) + len(inner)
    d = np.zeros((n, n))
    for k, w in enumerate(rates):
        d[2 * k, 2 * k + 1], d[2 * k + 1, 2 * k] = w, -w
    for k, x in enumerate(inner):
        d[2 * len(rates) + k, 2 * len(rates) + k] = x
    return d


def limits(a, level, boundary, size):
    """Norms of the spectral projectors of eigenvalues on the boundary, coincident ones together."""
    values, v = np.linalg.eig(a)
    w = np.linalg.inv(v)
    on = [k for k in range(len(a)) if abs(level(values[k]) - boundary) < 1e-10 * size]
    found = []
    while on:
        group = [k for k in on if abs(values[k] - values[on[0]]) < 1e-9 * size]
        found.append(np.linalg.norm(v[:, group] @ w[group, :], 2))
        on = [k for k in on if k not in group]
    return max(found, default=1.0)


def kreiss(a, region):
    n, size = len(a), np.linalg.norm(a, 2)
    disc = region == "disc"
    values = np.linalg.eigvals(a)

    def minus(x):
        d = np.exp(x[0])
        z = (1 + d) * np.exp(1j * x[1]) if disc else d + 1j * x[1]
        return -d / np.linalg.svd(z * np.eye(n) - a, compute_uv=False)[-1]

    along = np.concatenate([np.angle(values) if disc else values.imag, np.linspace(-np.pi, np.pi, 49) if disc else size * np.linspace(-1, 1, 49)])
    grid = [(d, c) for d in np.log(1 if disc else size) + np.linspace(-9, 4, 60) for c in along]
    order = np.argsort([minus(x) for x in grid])
    best = 1.0
    for k in order[:5]:
        x = np.array(grid[k])
        for _ in range(3):
            step = np.array([x, x + [0.3, 0], x + [0, 0.01 * (1 if disc else size)]])
            x = scipy.optimize.minimize(minus, x, method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-13, "maxiter": 4000, "initial_simplex": step}).x
        best = max(best, -minus(x))
    level, boundary = (abs, 1) if disc else (np.real, 0)
    return max(best, limits(a, level, boundary, size))


CASES = (
    [("stochastic", "disc", stochastic(4)) for _ in range(16)]
    + [("sparse stochastic", "disc", stochastic(5, 0.5)) for _ in range(2)]
    + [("causal attention", "disc", causal(5)) for _ in range(2)]
    + [("rotations and decay", "disc", similar(rotations([0.4, 2.0], [0.9, -0.5]), 0.3)) for _ in range(2)]
    + [("double 1", "disc", similar(np.diag([1, 1, 0.8, 0.3]), 0.4)) for _ in range(2)]
    + [("permuted and turned", "disc", similar(np.roll(np.eye(4), 1, axis=0), 0.3)) for _ in range(2)]
    + [("generator", "half-plane", generator(4, rate)) for rate in (1, 1e-9, 1e7)]
    + [("oscillators and decay", "half-plane", rate * similar(oscillators([1, 3], [-0.2]), 0.3)) for rate in (1, 1e-9, 1e7)]
    + [("conserved and decay", "half-plane", similar(np.diag([0, 0, -1, -0.05]), 0.4)) for _ in range(2)]
)

json.dump(
    {
        "source": f"NumPy {np.__version__}, SciPy {scipy.__version__}",
        "entries": [{"name": name, "region": region, "rows": a.tolist(), "kreiss": float(kreiss(a, region))} for name, region, a in CASES],
    },
    sys.stdout,
    indent=None,
)
