"""Norms, smallest singular values and extreme eigenvalues of the matrices that EigTool reads from files, by SciPy.

Run: python3 tests/golden/make-eigtool.py FOLDER > tests/golden/eigtool.json
FOLDER is the folder `private` of EigTool's source.
"""

import json
import os
import sys

import numpy as np
import scipy
import scipy.io
import scipy.linalg
import scipy.optimize
import scipy.sparse.linalg

folder = sys.argv[1]


def sigma(a, z):
    return scipy.linalg.svdvals(z * np.eye(len(a)) - a)[-1]


def dense(name, a, points):
    eigenvalues = scipy.linalg.eigvals(a)
    return {
        "name": name,
        "order": len(a),
        "norm": np.linalg.norm(a, 2),
        "numericalAbscissa": np.linalg.eigvalsh((a + a.T) / 2)[-1],
        "abscissa": eigenvalues.real.max(),
        "radius": abs(eigenvalues).max(),
        "points": [x for z in points for x in (z.real, z.imag)],
        "sigma": [sigma(a, z) for z in points],
    }


def read(name):
    return scipy.io.mmread(os.path.join(folder, name))


def distance(a, low, high):
    """min σ_min(iy − A), from a grid that is equal in log y."""
    ys = np.append(0, np.geomspace(low, high, 4000))
    values = np.array([sigma(a, 1j * y) for y in ys])
    best = np.inf
    for k in np.argsort(values)[:4]:
        bounds = (ys[max(k - 1, 0)], ys[min(k + 1, len(ys) - 1)])
        found = scipy.optimize.minimize_scalar(lambda y: sigma(a, 1j * y), bounds=bounds, method="bounded", options={"xatol": 1e-13})
        best = min(best, found.fun)
    return best


boeing = scipy.io.loadmat(os.path.join(folder, "boeing767.mat"))
entries = [
    dense("boeing original", boeing["orig_mtx"], [1 + 20j, 0.5 + 0j, 50 - 100j]),
    {
        **dense("boeing stabilised", boeing["opt_mtx"], [1 + 20j, 0.5 + 0j, 50 - 100j]),
        "distance": distance(boeing["opt_mtx"], 1e-3, 1e4),
    },
    dense("pde900.mtx", read("pde900.mtx").toarray(), [4 + 2j, 9.8 + 0j, -0.3 + 0.1j]),
    dense("rdb800l.mtx", read("rdb800l.mtx").toarray(), [0.2 + 2j, -10 + 1j, 1 + 0j]),
    dense("tols1090.mtx", read("tols1090.mtx").toarray(), [10 + 500j, -300 + 0j, 0 + 1400j]),
]
iterative = []
for name, count in (("dw2048.mtx", 3), ("pde2961.mtx", 4)):
    a = read(name).tocsr()
    values = scipy.sparse.linalg.eigs(a, k=count, which="LM", tol=1e-12, ncv=80, return_eigenvectors=False)
    values = sorted(values, key=lambda z: (-abs(z), z.imag))
    norm = scipy.sparse.linalg.svds(a, k=1, tol=1e-12, return_singular_vectors=False)[0]
    iterative.append({"name": name, "order": a.shape[0], "norm": norm, "moduli": [abs(z) for z in values]})
json.dump(
    {"source": f"NumPy {np.__version__}, SciPy {scipy.__version__}", "dense": entries, "iterative": iterative},
    sys.stdout,
    indent=1,
)
