"""Writes singular.json: matrices given by a formula or by small integers, and their singular values.

The values come from mpmath with 60 digits (square roots of the eigenvalues of A†A) and are checked against NumPy's LAPACK.
Run: python3 tests/golden/make-singular.py
"""

import json
import pathlib

import mpmath
import numpy as np

mpmath.mp.dps = 120
rng = np.random.default_rng(20241)
cases = []


def add(name, field, a, exact_matrix=None):
    """`a` as the f64 numbers that the test stores; the values are those of exactly these numbers."""
    matrix = mpmath.matrix(a.tolist()) if exact_matrix is None else exact_matrix
    rows, columns = a.shape
    gram = matrix.H * matrix if rows >= columns else matrix * matrix.H
    values = sorted((mpmath.sqrt(abs(v)) for v in mpmath.eigh(gram, eigvals_only=True)), reverse=True)
    values = [float(v) for v in values]
    lapack = np.linalg.svd(a, compute_uv=False)
    assert np.abs(lapack - values).max() < 1e-13 * values[0], name
    flat = a.real.ravel() if field == "real" else np.stack([a.real, a.imag], -1).ravel()
    cases.append(
        {"name": name, "field": field, "rows": rows, "columns": columns, "data": [float(v) for v in flat], "values": values}
    )


for field in ("real", "complex"):
    for rows, columns in ((3, 3), (8, 5), (5, 8), (13, 13)):
        x = rng.integers(-9, 10, (rows, columns)).astype(complex)
        if field == "complex":
            x += 1j * rng.integers(-9, 10, (rows, columns))
        add(f"integers {rows}x{columns}", field, x)
n = 8
add("Hilbert 8", "real", np.array([[1 / (i + j + 1) for j in range(n)] for i in range(n)]))
n, theta = 12, 1.2
add(
    "Kahan 12",
    "real",
    np.array([[np.sin(theta) ** i * (1 if i == j else -np.cos(theta) if j > i else 0) for j in range(n)] for i in range(n)]),
)
for field in ("real", "complex"):
    x = rng.integers(-9, 10, (7, 7)).astype(complex)
    if field == "complex":
        x += 1j * rng.integers(-9, 10, (7, 7))
    grades = 2.0 ** (-9 * np.arange(7))
    add("rows graded", field, grades[:, None] * x)
    add("columns graded", field, x * grades[::-1])

target = pathlib.Path(__file__).with_name("singular.json")
target.write_text(json.dumps(cases) + "\n")
