"""What numpy.array_str(matrix, precision=1) prints of f32 matrices, for tests/golden/numpy-text.test.ts.

Run: python3 tests/golden/make-numpy-text.py > tests/golden/numpy-text.json
"""

import hashlib
import json
import sys

import numpy as np

from shared_numbers import numbers

# Rows, columns, what the numbers are multiplied by, and the power to which they are raised (odd, so that signs stay).
CASES = [
    (rows, columns, scale, power)
    for rows, columns in [(1, 1), (3, 4), (8, 8), (23, 8), (31, 32), (32, 32), (50, 30), (400, 3), (5, 300), (7, 200), (1, 1200), (1200, 1)]
    for scale, power in [(1, 1), (0.02, 1), (0.25, 1), (3, 3), (300, 1), (1e-3, 1), (1e-6, 1), (1, 7), (1e5, 1), (1e12, 1), (1e-30, 3)]
]


def matrix(rows, columns, scale, power, seed):
    return ((numbers(rows * columns, seed) ** power) * scale).astype(np.float32).reshape(rows, columns)


EXACT = [
    [[0.25, 0.75, -0.25, -0.75], [1.25, 1.35, 0.05, 0.15], [0.0, -0.0, 12.0, 0.95], [0.45, -0.05, 0.04, 9.96]],
    [[0.125, 0.375, 1.25e-9, 0.0625], [-0.0, 0.0, 1.0, 2.5], [1e-5, 9.96e-7, 3.0, 9.5e8], [1024.0, 1250.0, 1350.0, 112.5]],
    [[1e-4, 1.0]], [[1.0, 1000.0]], [[1.0, 1001.0]], [[0.0, 0.0]], [[1e8, 5e7]], [[1e-30, 3e20]],
]

out = {"source": f"NumPy {np.__version__}", "random": [], "exact": []}
for seed, case in enumerate(CASES):
    text = np.array_str(matrix(*case, seed + 1), precision=1)
    out["random"].append([*case, hashlib.sha256(text.encode()).hexdigest()])
for rows in EXACT:
    values = np.array(rows, np.float32)
    out["exact"].append([[[("-0" if v == 0 and np.signbit(v) else float(v)) for v in row] for row in values], np.array_str(values, precision=1)])
json.dump(out, sys.stdout, indent=None)
print()
