"""Writes functions.json: matrices with their exponential, principal logarithm and principal square root.

Values come from mpmath with 60 digits and are rounded once. `condition` is the relative condition number of the function in the
Frobenius norm: the 2-norm of its Fréchet derivative times ‖A‖/‖f(A)‖.
Run: python3 tests/golden/make-functions.py
"""

import json
import pathlib

import mpmath as mp
import numpy as np

mp.mp.dps = 60
cases = []


def turn_for(a):
    """An angle by which a matrix with negative eigenvalues can be turned clockwise, off the cut, without an eigenvalue coming to it."""
    angles = np.angle(np.linalg.eigvals(np.array(a.tolist(), dtype=complex)))
    below = [x + np.pi for x in angles if x < 0 and x + np.pi > 1e-9]
    on_cut = any(np.pi - abs(x) < 1e-12 for x in angles)
    return mp.mpf(min(below + [1]) / 2) if on_cut else mp.mpf(0)


def function(name, m, turn):
    """f(m) by eigenvectors, or by mpmath's iterations for a defective m; checked through the inverse function."""
    if name == "exp":
        return mp.expm(m)
    with mp.workdps(90):
        turned = m * mp.expj(-turn)
        for attempt in (by_eigenvectors, by_iteration):
            try:
                x = attempt(name, turned)
            except ZeroDivisionError:
                continue
            x = x + mp.mpc(0, 1) * turn * mp.eye(m.rows) if name == "log" else x * mp.expj(turn / 2)
            back = mp.expm(x) if name == "log" else x * x
            if mp.mnorm(back - m, "f") <= mp.mpf(10) ** -40 * mp.mnorm(m, "f"):
                return x
        raise ArithmeticError(name)


def by_eigenvectors(name, m):
    values, vectors = mp.eig(m)
    scalar = mp.log if name == "log" else mp.sqrt
    return vectors * mp.diag([scalar(v) for v in values]) * vectors**-1


def by_iteration(name, m):
    return mp.logm(m) if name == "log" else mp.sqrtm(m)


def derivative_norm(name, a, f, turn):
    """‖L_f(A)‖₂ in the Frobenius norm, from forward differences in 60 digits."""
    n = a.rows
    step = mp.mpf(10) ** -25 * mp.mnorm(a, "f")
    columns = []
    for k in range(n * n):
        moved = a.copy()
        moved[k // n, k % n] += step
        change = (function(name, moved, turn) - f) / step
        columns.append([complex(change[i, j]) for i in range(n) for j in range(n)])
    return np.linalg.norm(np.array(columns), 2)


def add(title, rows, names=("exp", "log", "sqrt"), conditioned=True):
    a = mp.matrix(rows)
    n = a.rows
    turn = turn_for(a)
    complex_in = any(mp.im(x) != 0 for x in a)
    parts = lambda m, both: [float(p) for x in m for p in ((mp.re(x), mp.im(x)) if both else (mp.re(x),))]
    for name in names:
        f = function(name, a, turn)
        complex_out = any(abs(mp.im(x)) > mp.mpf(10) ** -40 * mp.mnorm(f, "f") for x in f)
        ratio = float(mp.mnorm(a, "f") / mp.mnorm(f, "f"))
        cases.append(
            {
                "title": title,
                "function": name,
                "n": n,
                "field": "complex" if complex_in else "real",
                "data": parts(a, complex_in),
                "valueField": "complex" if complex_out else "real",
                "value": parts(f, complex_out),
                "condition": derivative_norm(name, a, f, turn) * ratio if conditioned else None,
            }
        )


def jordan(n, x, corner=0.0):
    return [[x if i == j else 1.0 if j == i + 1 else corner if (i, j) == (n - 1, 0) else 0.0 for j in range(n)] for i in range(n)]


add("Moler and Van Loan", [[-49, 24], [-64, 31]], ("exp",))
add("Ward 1", [[4, 2, 0], [1, 4, 1], [1, 1, 4]])
add(
    "Ward 2",
    [
        [29.87942128909879, 0.7815750847907159, -2.289519314033932],
        [0.7815750847907159, 25.72656945571064, 8.680737820540137],
        [-2.289519314033932, 8.680737820540137, 34.39400925519054],
    ],
)
add("Ward 3", [[-131, 19, 18], [-390, 56, 54], [-387, 57, 52]], ("exp",))
add("Ward 4, Forsythe", jordan(8, 0.0, 1e-10), ("exp",), conditioned=False)
add("overscaling", [[1, 1e6], [0, -1]], ("exp",))
add("overscaling, rotated", [[0.5, 1e6, 0], [-1e-7, -0.5, 2], [0, 1e-6, 1]], ("exp",))
add("nearly defective", [[1, 1, 0], [1e-12, 1, 1], [0, 0, 1 + 1e-9]])
add("Jordan block", jordan(4, 0.5))
add("rotation by 3", [[float(mp.cos(3)), -float(mp.sin(3))], [float(mp.sin(3)), float(mp.cos(3))]])
add(
    "Davies and Higham",
    [[0.32346, 3e4, 3e4, 3e4], [0, 0.30089, 3e4, 3e4], [0, 0, 0.3221, 3e4], [0, 0, 0, 0.30744]],
    ("log", "sqrt"),
    conditioned=False,
)
add("negative eigenvalues", [[-1, 1, 0], [0, -2, 3], [0, 0, 5]])
add("complex triangle", [[1 + 1j, 2, 3j], [0, 1 + 1.001j, -1], [0, 0, -2 + 0.5j]])
add("near the cut", [[-1 + 1e-8j, 1], [0, -1 - 1e-8j]], ("log", "sqrt"), conditioned=False)
grcar = [[-1.0 if j == i - 1 else 1.0 if i <= j <= i + 3 else 0.0 for j in range(10)] for i in range(10)]
add("Grcar", grcar, conditioned=False)
formula = [[((7 * i + 13 * j + 5 * i * j) % 17 - 8) / 8 for j in range(9)] for i in range(9)]
add("formula", formula, ("exp",), conditioned=False)
regular = [[x + (3 if i == j else 0) for j, x in enumerate(row)] for i, row in enumerate(formula)]
add("formula plus 3", regular, ("log", "sqrt"), conditioned=False)
twisted = [[x + 1j * (((3 * i + 11 * j) % 19) - 9) / 8 for j, x in enumerate(row)] for i, row in enumerate(formula)]
add("formula, complex", twisted, conditioned=False)

target = pathlib.Path(__file__).with_name("functions.json")
target.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
