"""Golden values for tests/golden/distance-correlation.test.ts.

The bias-corrected distance correlation and its t-test in their form of 2013 (modified distance covariance with the corrected diagonal;
G. J. Szekely, M. L. Rizzo, J. Multivar. Anal. 117 (2013) 193, eqs. 2.5-2.10), which the Python package dcor states in the form of 2014.
With dcor installed (u_distance_correlation_sqr, independence.distance_correlation_t_test) the two are compared here; without it the
values come from this file alone. The definition by
quadruples is compared too. Tails of Student's t: scipy.stats and mpmath.

    python3 tests/golden/make-distance-correlation.py > tests/golden/distance-correlation.json
"""
import itertools
import json
import sys

import mpmath
import numpy as np
from scipy.spatial.distance import cdist
from scipy.stats import t as student

try:
    import dcor
except ImportError:
    dcor = None


def modified(a):
    n = len(a)
    rows = a.mean(axis=1)
    mean = a.mean()
    result = a - rows[:, None] - rows[None, :] + mean - a / n
    np.fill_diagonal(result, rows - mean)
    return n / (n - 1) * result


def bias_corrected(a, b):
    n = len(a)
    x, y = modified(a), modified(b)

    def product(p, q):
        terms = p * q
        diagonal = np.trace(terms)
        return terms.sum() - diagonal - 2 / (n - 2) * diagonal

    return product(x, y) / np.sqrt(product(x, x) * product(y, y))


def by_quadruples(a, b):
    """The same from its other definition, the unbiased estimates over all ordered quadruples of different observations."""

    def mean(p, q):
        return sum(
            p[i, j] * (q[i, j] + q[k, l] - 2 * q[i, k]) for i, j, k, l in itertools.permutations(range(len(p)), 4)
        )

    return mean(a, b) / np.sqrt(mean(a, a) * mean(b, b))


def case(name, x, y):
    a, b = cdist(x, x), cdist(y, y)
    n = len(a)
    r = bias_corrected(a, b)
    assert abs(by_quadruples(a, b) - r) < 1e-12
    degrees = n * (n - 3) / 2 - 1
    t = np.sqrt(degrees) * r / np.sqrt(1 - r * r)
    p = student.sf(t, degrees)
    if dcor is not None:
        assert abs(dcor.u_distance_correlation_sqr(x, y) - r) < 1e-12
        test = dcor.independence.distance_correlation_t_test(x, y)
        assert abs(test.pvalue - p) < 1e-10
    return {"name": name, "n": n, "x": x.ravel().tolist(), "y": y.ravel().tolist(), "r": r, "t": t, "degrees": degrees, "p": p}


def tail(t, degrees):
    mpmath.mp.dps = 40
    nu, t = mpmath.mpf(degrees), mpmath.mpf(t)
    return float(mpmath.betainc(nu / 2, mpmath.mpf(1) / 2, 0, nu / (nu + t * t), regularized=True) / 2)


g = np.random.default_rng(20130101)
u = g.standard_normal((12, 3)).round(4)
json.dump(
    {
        "dcor": None if dcor is None else dcor.__version__,
        "cases": [
            case("independent", g.standard_normal((10, 2)).round(4), g.standard_normal((10, 3)).round(4)),
            case("linear", u, (u @ g.standard_normal((3, 2)) + 0.2 * g.standard_normal((12, 2))).round(4)),
            case("square", u[:, :1], (u[:, :1] ** 2).round(4)),
            case("four points", g.standard_normal((4, 1)).round(4), g.standard_normal((4, 1)).round(4)),
        ],
        "tails": [
            {"t": t, "degrees": d, "p": tail(t, d)}
            for t, d in [(0.5, 1), (1, 2), (2.5, 4.5), (0.1, 10), (12, 10), (3, 39), (3, 40), (1.5, 100.5), (5, 1e4), (2, 498499), (30, 498499), (1e-3, 498499), (1e4, 3)]
        ],
    },
    sys.stdout,
    indent=1,
)
