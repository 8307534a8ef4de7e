"""Pseudospectral abscissae and radii, Kreiss constants, numerical radii and rectangular resolvents by brute force over SciPy's
singular values and eigenvalues, for tests/golden/spectra.test.ts. Global optimisation is a fine grid and Nelder–Mead from its best points.

Run: python3 tests/golden/make-spectra.py > tests/golden/spectra.json
"""

import json
import sys

import numpy as np
import scipy
import scipy.linalg
import scipy.optimize

from shared_numbers import numbers


def filled(n, element):
    return np.array([[element(i, j) for j in range(n)] for i in range(n)], dtype=float)


def random(n, seed):
    return numbers(n * n, seed).reshape(n, n)


def random_complex(n, seed):
    parts = numbers(2 * n * n, seed).reshape(n, n, 2)
    return parts[..., 0] + 1j * parts[..., 1]


def grcar(n):
    return filled(n, lambda i, j: -1 if j == i - 1 else 1 if i <= j <= i + 3 else 0)


def sigma(a, z):
    return scipy.linalg.svdvals(z * np.eye(len(a)) - a)[-1]


def abscissa(a):
    return np.linalg.eigvals(a).real.max()


def radius(a):
    return abs(np.linalg.eigvals(a)).max()


MATRICES = {
    "grcar 12": grcar(12),
    "random 8": random(8, 11),
    "random complex 9": random_complex(9, 12),
    "jordan 6": filled(6, lambda i, j: 0.3 if i == j else 1 if j == i + 1 else 0),
}


def polished(f, starts):
    """The least of f by Nelder–Mead from several starts."""
    best = None
    for start in starts:
        x = np.atleast_1d(np.array(start, dtype=float))
        for _ in range(3):
            found = scipy.optimize.minimize(f, x, method="Nelder-Mead", options={"xatol": 1e-13, "fatol": 1e-15, "maxiter": 4000})
            x = found.x
        if best is None or found.fun < best:
            best = found.fun
    return best


def outermost(a, epsilon, place, size, coordinates):
    """max over a coordinate of the largest level at which σ_min = ε; beyond ‖A‖ + ε there is none."""

    def level(c):
        levels = np.linspace(-size if place is line else 0, size, 400)
        values = np.array([sigma(a, place(t, c)) for t in levels]) - epsilon
        inside = np.nonzero(values <= 0)[0]
        if len(inside) == 0:
            return -np.inf
        k = inside[-1]
        return scipy.optimize.brentq(lambda t: sigma(a, place(t, c)) - epsilon, levels[k], levels[k + 1], xtol=1e-14)

    values = [level(c) for c in coordinates]
    best = -np.inf
    # Maxima may be as narrow as the discs about well-conditioned eigenvalues, or wide.
    for k, step in [(k, step) for k in np.argsort(values)[-3:] for step in (0.01, 0.1)]:
        found = scipy.optimize.minimize_scalar(
            lambda c: -level(c), bounds=(coordinates[k] - step, coordinates[k] + step), method="bounded", options={"xatol": 1e-10}
        )
        best = max(best, -found.fun, values[k])
    return best


def line(t, c):
    return t + 1j * c


def circle(t, c):
    return t * np.exp(1j * c)


def kreiss(a, place, boundary, coordinates):
    def minus_log(x):
        distance, c = np.exp(x[0]), x[1]
        return -np.log(distance / sigma(a, place(boundary + distance, c)))

    grid = [(d, c) for d in np.linspace(-5, 4, 50) for c in coordinates]
    order = np.argsort([minus_log(x) for x in grid])
    return float(np.exp(-polished(minus_log, [grid[k] for k in order[:6]])))


def entry(name, a):
    size = np.linalg.norm(a, 2) + 0.5
    ys, angles = np.linspace(-size, size, 61), np.linspace(-np.pi, np.pi, 61)[:-1]
    eigenvalues = np.linalg.eigvals(a)
    ys, angles = np.concatenate([ys, eigenvalues.imag]), np.concatenate([angles, np.angle(eigenvalues)])
    epsilon = 0.05
    stable = a - (abscissa(a) + 0.2) * np.eye(len(a))
    contraction = 0.9 * a / radius(a)
    turned = lambda t: np.linalg.eigvalsh((np.exp(-1j * t) * a + np.exp(1j * t) * a.conj().T) / 2)[-1]
    best = angles[np.argmax([turned(t) for t in angles])]
    return {
        "name": name,
        "epsilon": epsilon,
        "abscissa": outermost(a, epsilon, line, size, ys),
        "radius": outermost(a, epsilon, circle, size, angles),
        "numericalRadius": -scipy.optimize.minimize_scalar(lambda t: -turned(t), bounds=(best - 0.2, best + 0.2), method="bounded", options={"xatol": 1e-12}).fun,
        "commutator": np.linalg.norm(a.conj().T @ a - a @ a.conj().T),
        "shift": abscissa(a) + 0.2,
        "kreissLine": kreiss(stable, line, 0, ys),
        "scale": 0.9 / radius(a),
        "kreissDisc": kreiss(contraction, circle, 1, angles),
    }


def rectangle(m, n, seed):
    a = numbers(m * n, seed).reshape(m, n)
    points = [0, 1, 0.5 - 0.5j, 2j]
    values = [scipy.linalg.svdvals(z * np.eye(m, n) - a)[-1] for z in points]
    return {"m": m, "n": n, "seed": seed, "points": [x for z in points for x in (complex(z).real, complex(z).imag)], "values": values}


json.dump(
    {
        "source": f"NumPy {np.__version__}, SciPy {scipy.__version__}",
        "entries": [entry(*item) for item in MATRICES.items()],
        "rectangles": [rectangle(7, 5, 21), rectangle(20, 4, 22)],
    },
    sys.stdout,
    indent=1,
)
