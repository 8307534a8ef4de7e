"""Affine maps by ridge regression, for tests/golden/ridge.test.ts: NumPy's least squares on the stacked system [X/s; √ρ 1], no normal equations.

y − x is regressed on x, centred and divided by s_j = √Σ (x_j − mean)², with penalty ρ; ρ is the one of the grid with the least squared error on rows held back.
Streams are made as in the test: numbers of shared_numbers.py, mixed by a matrix, with columns of very different size and large means. Predictions are of the rows held back.

Run: python3 tests/golden/make-ridge.py > tests/golden/ridge.json
"""

import json
import sys

import numpy as np

from shared_numbers import numbers

GRID = [10.0, 1.0, 0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6]
CASES = [
    # name, rows, rows held back, D, sizes of columns from 1 to this, mean, size of the noise
    ["many rows", 300, 12, 8, 1.0, 0.0, 0.05],
    ["columns of sizes 1 to 1,000 about means of 10,000", 400, 12, 8, 1e3, 1e4, 0.3],
    ["fewer rows than columns", 7, 5, 12, 10.0, 3.0, 0.1],
    ["noise alone", 60, 12, 6, 1.0, 1.0, 50.0],
]


def streams(rows, D, seed, size, mean, noise):
    mix = numbers(D * D, 1001).reshape(D, D) + np.eye(D)
    turn = numbers(D * D, 1002).reshape(D, D)
    scale = size ** (np.arange(D) / max(D - 1, 1))
    x = (numbers(rows * D, seed).reshape(rows, D) @ mix) * scale + mean
    y = x @ turn.T / size + 3 + noise * numbers(rows * D, seed + 1).reshape(rows, D)
    return x, y


def fit(x, y, penalty):
    mx, my = x.mean(0), y.mean(0)
    xc = x - mx
    s = np.sqrt((xc**2).sum(0))
    s[s == 0] = 1
    D = x.shape[1]
    left = np.vstack([xc / s, np.sqrt(penalty) * np.eye(D)])
    right = np.vstack([(y - my) - xc, np.zeros((D, D))])
    z = np.linalg.lstsq(left, right, rcond=None)[0]
    A = (z / s[:, None]).T
    return A, my - mx - A @ mx


def case(name, rows, held, D, size, mean, noise):
    x, y = streams(rows, D, 1, size, mean, noise)
    hx, hy = streams(held, D, 5, size, mean, noise)
    fits = [(p, *fit(x, y, p)) for p in GRID]
    errors = [((hy - hx - hx @ A.T - b) ** 2).sum() for _, A, b in fits]
    best = int(np.argmin(errors))
    penalty, A, b = fits[best]
    others = sorted(errors)
    assert others[1] > others[0] * (1 + 1e-6), "the choice must not hang on rounding"
    return {
        "name": name, "rows": rows, "held": held, "D": D, "size": size, "mean": mean, "noise": noise, "penalty": penalty,
        "unexplained": errors[best] / ((hy - y.mean(0)) ** 2).sum(),
        "predictions": (hx + hx @ A.T + b).ravel().tolist(),
        "each": [{"penalty": p, "predictions": (hx + hx @ A.T + b).ravel().tolist()} for p, A, b in [fits[0], fits[3], fits[7]]],
    }


json.dump({"source": f"NumPy {np.__version__}", "grid": GRID, "cases": [case(*c) for c in CASES]}, sys.stdout, indent=1)
print()
