"""Eigenvalues and condition numbers from NumPy/SciPy (LAPACK ?geev) for tests/golden/eig.test.ts. Run: python3 make-eig.py > eig.json"""
import json
import sys

import numpy as np
import scipy
import scipy.linalg


def grcar(n):
    return np.array([[-1.0 if j == i - 1 else 1.0 if i <= j <= i + 3 else 0.0 for j in range(n)] for i in range(n)])


def formula(n, field):
    """Elements that any language computes exactly: ((7i + 13j + 5ij) mod 17 − 8)/8, imaginary parts with 3i + 11j."""
    i, j = np.indices((n, n))
    a = ((7 * i + 13 * j + 5 * i * j) % 17 - 8) / 8
    return a if field == "real" else a + 1j * (((3 * i + 11 * j + 2 * i * j) % 19 - 9) / 8)


def entry(name, a):
    values, left, right = scipy.linalg.eig(a, left=True, right=True)
    condition = 1 / np.abs(np.sum(left.conj() * right, axis=0))
    order = np.lexsort((values.imag.round(9), values.real.round(9)))
    return {
        "name": name,
        "n": len(a),
        "field": "complex" if np.iscomplexobj(a) else "real",
        "values": [x for k in order for x in (values[k].real, values[k].imag)],
        "conditionNumbers": [condition[k] for k in order],
    }


entries = [entry("grcar", grcar(30)), entry("formula", formula(12, "real")), entry("formula", formula(12, "complex"))]
source = f"NumPy {np.__version__}, SciPy {scipy.__version__} (LAPACK ?geev)"
json.dump({"source": source, "entries": entries}, sys.stdout, indent=1)
