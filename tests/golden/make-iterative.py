"""Extreme eigenvalues and singular values from SciPy (ARPACK) for tests/golden/iterative.test.ts. Run: python3 make-iterative.py > iterative.json"""
import json
import sys

import numpy as np
import scipy
import scipy.sparse as sparse
import scipy.sparse.linalg as linalg


def formula(rows, columns, field):
    """Elements that any language computes exactly: ((7i + 13j + 5ij) mod 17 − 8)/8, imaginary parts with 3i + 11j."""
    i, j = np.indices((rows, columns))
    a = ((7 * i + 13 * j + 5 * i * j) % 17 - 8) / 8
    return a if field == "real" else a + 1j * (((3 * i + 11 * j + 2 * i * j) % 19 - 9) / 8)


def convection_diffusion(k, east, north):
    """Diffusion and convection on a k×k grid: −1 ± c beside 4 on the diagonal."""
    one = lambda c: sparse.diags([(-1 - c) * np.ones(k - 1), 2 * np.ones(k), (-1 + c) * np.ones(k - 1)], [-1, 0, 1])
    unit = sparse.identity(k)
    return (sparse.kron(unit, one(east)) + sparse.kron(one(north), unit)).tocsr()


def interleaved(values, key):
    order = sorted(range(len(values)), key=lambda k: (-round(key(values[k]), 9), -round(values[k].imag, 9)))
    return [x for k in order for x in (float(values[k].real), float(values[k].imag))]


start = lambda n: np.random.default_rng(1).uniform(-1, 1, n)
K = 12
rows, columns = 70, 40
entries = {
    "source": f"SciPy {scipy.__version__} (ARPACK)",
    "convectionDiffusion": [
        {
            "east": 0.1,
            "north": north,
            "which": name,
            "values": interleaved(linalg.eigs(convection_diffusion(K, 0.1, north), 6, which=which, v0=start(K * K), ncv=60)[0], key),
        }
        for north, name, which, key in ((3.0, "largest-magnitude", "LM", abs), (0.3, "largest-real", "LR", lambda z: z.real))
    ],
}
for field in ("real", "complex"):
    a = formula(rows, columns, field)
    values = np.linalg.svd(a, compute_uv=False)
    rank = int(np.sum(values > 1e-10 * values[0]))
    found = linalg.svds(a, min(5, rank), solver="arpack", v0=start(columns))[1]
    assert np.abs(np.sort(found)[::-1] - values[: len(found)]).max() < 1e-9 * values[0]
    square = formula(60, 60, field)
    hermitian = square + square.conj().T
    low, high = (linalg.eigsh(hermitian, 3, which=which, v0=start(60))[0] for which in ("SA", "LA"))
    entries[field] = {
        "singular": [float(x) for x in np.sort(found)[::-1]],
        "rank": rank,
        "smallest": sorted(float(x) for x in low),
        "largest": sorted((float(x) for x in high), reverse=True),
    }
json.dump(entries, sys.stdout, indent=1)
