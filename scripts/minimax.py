"""Coefficients of the minimax polynomials in src/backend/ts/math: python3 scripts/minimax.py (needs mpmath and numpy).

Remez' exchange: the polynomial whose weighted error takes its largest modulus, with alternating signs, at two points more than
its degree. J.-M. Muller, Elementary Functions (2016), section 3.2.
"""

import numpy
from mpmath import cos, erf, erfc, exp, fabs, log, lu_solve, matrix, mp, mpf, nstr, pi, polyval, sqrt

mp.prec = 160
GRID = 400
ROUNDS = 10


def refined(error, low, high):
    """Where |error| is largest between two points around one maximum."""
    for _ in range(30):
        first, second = low + (high - low) * mpf("0.382"), low + (high - low) * mpf("0.618")
        if fabs(error(first)) > fabs(error(second)):
            high = second
        else:
            low = first
    return (low + high) / 2


def extremes(error, low, high, count):
    """The points of an alternation of `count` maxima of |error|."""
    grid = [(low + high) / 2 - (high - low) / 2 * cos(pi * i / GRID) for i in range(GRID + 1)]
    values = [error(x) for x in grid]
    chosen = []
    for i, value in enumerate(values):
        if chosen and (values[chosen[-1]] > 0) == (value > 0):
            if fabs(value) > fabs(values[chosen[-1]]):
                chosen[-1] = i
        else:
            chosen.append(i)
    while len(chosen) > count:
        chosen.pop(0 if fabs(values[chosen[0]]) < fabs(values[chosen[-1]]) else -1)
    return [grid[i] if i in (0, GRID) else refined(error, grid[i - 1], grid[i + 1]) for i in chosen]


def minimax(function, weight, degree, low, high):
    """Coefficients, lowest first, and the largest weighted error."""
    count = degree + 2
    low, high = mpf(low), mpf(high)
    points = [(low + high) / 2 - (high - low) / 2 * cos(pi * i / (count - 1)) for i in range(count)]
    for _ in range(ROUNDS):
        system, values = matrix(count, count), matrix(count, 1)
        for i, x in enumerate(points):
            for j in range(degree + 1):
                system[i, j] = x**j
            system[i, degree + 1] = (-1) ** i / weight(x)
            values[i] = function(x)
        solution = lu_solve(system, values)
        coefficients = [solution[j] for j in range(degree + 1)]

        def error(x):
            return (polyval(coefficients[::-1], x) - function(x)) * weight(x)

        points = extremes(error, low, high, count)
    return coefficients, max(fabs(error(x)) for x in points)


def show(name, found, rounded=float):
    coefficients, error = found
    print(f"{name}: error {nstr(error, 3)}")
    for c in coefficients:
        print(f"  {rounded(c)!r}")


def exp_rest(r):
    return mpf(1) / 2 + r / 6 if fabs(r) < mpf("1e-20") else (exp(r) - 1 - r) / r**2


def exp_weight(r):
    return r**2 / exp(r) + mpf("1e-30")


def erf_quotient(z):
    return erf(sqrt(z)) / sqrt(z) if z > mpf("1e-30") else 2 / sqrt(pi)


def erfc_scaled(u):
    """(x + 3) e^(x²) erfc x at u = (x − 3)/(x + 3)."""
    x = 3 * (1 + u) / (1 - u)
    return (x + 3) * exp(x * x) * erfc(x)


half = log(2) / 2 * mpf("1.0001")
show("exp, P", minimax(exp_rest, exp_weight, 9, -half, half))
show("exp in f32, P", minimax(exp_rest, exp_weight, 4, -half, half), lambda c: float(numpy.float32(float(c))))
show("erf, P", minimax(erf_quotient, lambda z: 1 / erf_quotient(z), 11, 0, 1))
show("erfc, Q", minimax(erfc_scaled, lambda u: 1 / erfc_scaled(u), 17, mpf(-1) / 2, mpf(25) / 31))
