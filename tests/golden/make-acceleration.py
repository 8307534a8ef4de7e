"""Writes acceleration.json: sequences of small integers and fractions, and what they are extrapolated to.

The values come from mpmath with 60 digits, straight from the defining equations: epsilon tables entry by entry, MPE and RRE from
their normal equations, Borel-Padé sums by quadrature of an approximant whose denominator solves the Padé equations.
Run: python3 tests/golden/make-acceleration.py
"""

import json
import pathlib

import mpmath
import numpy as np

mpmath.mp.dps = 60
rng = np.random.default_rng(20261122)


def inverse(v):
    return v / sum(x * x for x in v)


def epsilon(terms):
    terms = terms[1:] if len(terms) % 2 == 0 else terms
    before, column = [0 * t for t in terms[1:]], terms
    even = column
    k = 0
    while len(column) > 1:
        k += 1
        nxt = [before[j] + inverse(column[j + 1] - column[j]) for j in range(len(column) - 1)]
        before, column = column[1:-1], nxt
        if k % 2 == 0:
            even = column
    return even[-1]


def scalar_epsilon(terms):
    return mpmath.matrix([epsilon([mpmath.matrix([t[i]]) for t in terms])[0] for i in range(len(terms[0]))])


def normal_solve(columns, b):
    a = mpmath.matrix([[c[i] for c in columns] for i in range(len(b))])
    return mpmath.lu_solve(a.T * a, a.T * b)


def mpe(terms):
    u = [terms[j + 1] - terms[j] for j in range(len(terms) - 1)]
    c = list(normal_solve(u[:-1], -u[-1])) + [mpmath.mpf(1)]
    return sum((x / sum(c) * t for x, t in zip(c, terms[1:])), 0 * terms[0])


def rre(terms):
    u = [terms[j + 1] - terms[j] for j in range(len(terms) - 1)]
    w = [u[j + 1] - u[j] for j in range(len(u) - 1)]
    xi = normal_solve(w, -u[0])
    return sum((x * y for x, y in zip(xi, u)), terms[0])


def borel_pade(sums):
    a = [sums[0]] + [sums[k] - sums[k - 1] for k in range(1, len(sums))]
    b = [x / mpmath.factorial(k) for k, x in enumerate(a)]
    n = len(b) - 1
    m = n // 2
    p, q = mpmath.pade(b, n - m, m)
    assert not any(abs(z.imag) < 1e-9 and z.real > 0 for z in mpmath.polyroots(q[::-1], maxsteps=200, extraprec=200))
    value = lambda t: mpmath.polyval(p[::-1], t) / mpmath.polyval(q[::-1], t)
    return mpmath.quad(lambda t: mpmath.exp(-t) * value(t), [0, 1, 4, 16, 64, mpmath.inf])


vectors = []
for n, m in ((1, 5), (4, 4), (6, 5), (5, 7), (9, 8)):
    terms = [mpmath.matrix([mpmath.mpf(int(x)) / 8 for x in rng.integers(-40, 41, n)]) for _ in range(m)]
    case = {"terms": [[float(x) for x in t] for t in terms]}
    case["vectorEpsilon"] = [float(x) for x in epsilon(terms)]
    case["scalarEpsilon"] = [float(x) for x in scalar_epsilon(terms)]
    if n >= m - 2:
        case["minimalPolynomial"] = [float(x) for x in mpe(terms)]
        case["reducedRank"] = [float(x) for x in rre(terms)]
    vectors.append(case)

series = {
    "logarithm under Laplace": [mpmath.mpf(-1) ** k * mpmath.factorial(k) / (k + 1) for k in range(9)],
    "ln 2": [mpmath.mpf((-1) ** k) / (k + 1) for k in range(9)],
    "quartic integral": [
        (-1) ** k * mpmath.factorial(4 * k) / (mpmath.factorial(2 * k) * mpmath.factorial(k) * mpmath.mpf(256) ** k) for k in range(10)
    ],
}
sums = []
for name, terms in series.items():
    # The numbers that the test stores are the partial sums rounded to f64, and the values are theirs.
    stored = [float(mpmath.fsum(terms[: k + 1])) for k in range(len(terms))]
    sums.append({"name": name, "sums": stored, "value": float(borel_pade([mpmath.mpf(s) for s in stored]))})

target = pathlib.Path(__file__).with_name("acceleration.json")
target.write_text(json.dumps({"vectors": vectors, "sums": sums}) + "\n")
