"""Writes hermitian.json: Hermitian matrices of small integers, exact in binary, and their eigenvalues.

The eigenvalues come from mpmath with 50 digits and are checked against NumPy's LAPACK before they are written.
Run: python3 tests/golden/make-hermitian.py
"""

import json
import pathlib

import mpmath
import numpy as np

mpmath.mp.dps = 50
rng = np.random.default_rng(20240)
cases = []
for field in ("real", "complex"):
    for n in (2, 3, 5, 8, 13, 20):
        x = rng.integers(-9, 10, (n, n)).astype(complex)
        if field == "complex":
            x += 1j * rng.integers(-9, 10, (n, n))
        a = np.triu(x, 1)
        a = a + a.conj().T + np.diag(x.diagonal().real)
        exact = mpmath.eigh(mpmath.matrix(a.tolist()), eigvals_only=True)
        values = sorted(float(value) for value in exact)
        lapack = np.linalg.eigvalsh(a)
        assert np.abs(lapack - values).max() < 1e-13 * np.linalg.norm(a)
        flat = a.real.ravel() if field == "real" else np.stack([a.real, a.imag], -1).ravel()
        cases.append({"field": field, "n": n, "data": [int(v) for v in flat], "values": values})

target = pathlib.Path(__file__).with_name("hermitian.json")
target.write_text(json.dumps(cases) + "\n")
