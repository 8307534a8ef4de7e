"""Smallest singular values of z − A from SciPy (LAPACK ?gesdd) for tests/golden/resolvent.test.ts.

Run: python3 tests/golden/make-resolvent.py > tests/golden/resolvent.json
"""

import json
import sys

import numpy as np
import scipy
import scipy.linalg

from shared_numbers import numbers


def filled(n, element):
    return np.array([[element(i, j) for j in range(n)] for i in range(n)], dtype=float)


def grcar(n):
    return filled(n, lambda i, j: -1 if j == i - 1 else 1 if i <= j <= i + 3 else 0)


def random(n, seed, complex_):
    if not complex_:
        return numbers(n * n, seed).reshape(n, n)
    parts = numbers(2 * n * n, seed).reshape(n, n, 2)
    return parts[..., 0] + 1j * parts[..., 1]


def kahan(n, theta):
    s, c = np.sin(theta), np.cos(theta)
    return filled(n, lambda i, j: 0 if j < i else s**i * (1 if i == j else -c))


MATRICES = {
    "grcar 32": (grcar(32), 1.5, 2.5),
    "grcar 100": (grcar(100), 1.5, 2.5),
    "random real 32": (random(32, 5, False), 0, 4),
    "random real 100": (random(100, 6, False), 0, 7),
    "random complex 32": (random(32, 7, True), 0, 5),
    "random complex 100": (random(100, 8, True), 0, 10),
    "jordan 24": (filled(24, lambda i, j: 2 if i == j else 1 if j == i + 1 else 0), 2, 1.5),
    "kahan 16": (kahan(16, 1.2), 0.4, 1),
    "nilpotent 12": (filled(12, lambda i, j: (1 + (i + j) % 5) / 4 if j > i else 0), 0, 2),
}


def entry(name, a, centre, radius):
    side = np.linspace(-1, 1, 5)
    # Off the axes of symmetry, and not the same real part twice.
    points = [centre + radius * (x + 0.13 * y + 1j * (y - 0.07 * x)) for y in side for x in side]
    values = [scipy.linalg.svdvals(z * np.eye(len(a)) - a)[-1] for z in points]
    return {"name": name, "points": [part for z in points for part in (z.real, z.imag)], "values": values}


entries = [entry(name, *case) for name, case in MATRICES.items()]
json.dump({"source": f"NumPy {np.__version__}, SciPy {scipy.__version__} (LAPACK ?gesdd)", "entries": entries}, sys.stdout, indent=1)
