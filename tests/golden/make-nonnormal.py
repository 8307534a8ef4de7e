"""Norms, smallest singular values, pseudospectral abscissae and radii, numerical radii and Kreiss constants of the gallery in
tests/support/nonnormal-gallery.ts, which is built here a second time from the same mathematics with NumPy's and SciPy's functions. Brute
force as in make-spectra.py: what it finds is a lower bound of a maximum.

Run: python3 tests/golden/make-nonnormal.py > tests/golden/nonnormal.json
"""

import json
import math
import sys

import numpy as np
import scipy
import scipy.linalg
import scipy.optimize
import scipy.special
from numpy.polynomial import chebyshev, legendre

from shared_numbers import numbers


def toeplitz(n, symbol):
    return scipy.linalg.toeplitz([symbol(k) for k in range(n)], [symbol(-k) for k in range(n)])


def band(n, entries):
    return sum(np.diag(np.full(n - abs(k), value), k) for k, value in entries.items())


def cheb(n):
    """Nodes and differentiation through Chebyshev coefficients."""
    x = np.cos(np.arange(n + 1) * np.pi / n)
    to = np.linalg.inv(chebyshev.chebvander(x, n))
    derivative = np.array([np.append(chebyshev.chebder(row), 0)[: n + 1] for row in np.eye(n + 1)]).T
    return x, chebyshev.chebvander(x, n) @ derivative @ to


def airy(n, epsilon):
    x, d = cheb(n + 1)
    return epsilon * (d @ d)[1:-1, 1:-1] + 1j * np.diag(x[1:-1])


def convdiff(n, length):
    _, d = cheb(n + 1)
    d = 2 * d / length
    return (d @ d + d)[1:-1, 1:-1]


def davies(n, half):
    x, d = cheb(n + 1)
    return -(d @ d)[1:-1, 1:-1] / half**2 + 1j * np.diag((half * x[1:-1]) ** 2)


def gauss_seidel(n, below, above):
    a = band(n, {-1: below, 0: 2, 1: above})
    return -scipy.linalg.solve(np.tril(a), np.triu(a, 1))


def landau(n, F):
    x, w = legendre.leggauss(n)
    kernel = np.sqrt(1j * F) * np.exp(-1j * np.pi * F * (x[:, None] - x) ** 2)
    return np.sqrt(w)[:, None] * kernel * np.sqrt(w)


def riffle(n):
    k = np.arange(1, n + 1)
    return scipy.special.binom(n + 1, 2 * k[:, None] - k) / 2.0**n * ((2 * k[:, None] - k >= 0) & (2 * k[:, None] - k <= n + 1))


def cyclic(n):
    return np.roll(np.eye(n), 1, axis=1)


def transient(n):
    return 0.4 * (np.diag(np.exp(2j * np.pi * np.arange(n) / n)) + cyclic(n)) - 0.5 * np.eye(n)


def twisted(n):
    return np.diag(2 * np.sin(2 * np.pi * np.arange(n) / n)) + cyclic(n) - cyclic(n).T


def markov(m):
    sites = [(x, y) for y in range(m) for x in range(m - y)]
    index = {site: k for k, site in enumerate(sites)}
    a = np.zeros((len(sites), len(sites)))
    for (x, y), k in index.items():
        down = (x + y) / (m - 1) / 2
        up = 0.5 - down
        if x > 0:
            a[index[x - 1, y], k] += down * (2 if y == 0 else 1)
        if y > 0:
            a[index[x, y - 1], k] += down * (2 if x == 0 else 1)
        if (x + 1, y) in index:
            a[index[x + 1, y], k] += up
            a[index[x, y + 1], k] += up
    return a


def coupled(m, a, b, c, d, e, f, g):
    delta, one = (m + 1) ** 2 * band(m, {-1: 1, 0: -2, 1: 1}), np.eye(m)
    return np.block([[a * delta + b * one, c * delta + d * one], [e * one, f * delta + g * one]])


def kronecker_sum(t):
    one = np.eye(len(t))
    return np.kron(np.kron(t, one), one) + np.kron(np.kron(one, t), one) + np.kron(np.kron(one, one), t)


def godunov():
    return np.array(
        [
            [289, 2064, 336, 128, 80, 32, 16],
            [1152, 30, 1312, 512, 288, 128, 32],
            [-29, -2000, 756, 384, 1008, 224, 48],
            [512, 128, 640, 0, 640, 512, 128],
            [1053, 2256, -504, -384, -756, 800, 208],
            [-287, -16, 1712, -128, 1968, -30, 2032],
            [-2176, -287, -1565, -512, -541, -1152, -289],
        ],
        dtype=float,
    )


def supg(n, nu):
    """Element by element: the integrals of bilinear functions by Gauss's rule of 3×3 points."""
    h = 1 / (n + 1)
    delta = max(0, 0.5 - nu / h)
    a = np.zeros(((n + 2) ** 2, (n + 2) ** 2))
    nodes, weights = legendre.leggauss(3)
    nodes, weights = (nodes + 1) / 2, weights / 2
    corners = [(0, 0), (1, 0), (0, 1), (1, 1)]
    local = np.zeros((4, 4))
    for x, wx in zip(nodes, weights):
        for y, wy in zip(nodes, weights):
            value = np.array([(x if i else 1 - x) * (y if j else 1 - y) for i, j in corners])
            dx = np.array([(1 if i else -1) * (y if j else 1 - y) for i, j in corners]) / h
            dy = np.array([(x if i else 1 - x) * (1 if j else -1) for i, j in corners]) / h
            form = nu * (np.outer(dx, dx) + np.outer(dy, dy)) + np.outer(value + delta * h * dy, dy)
            local += wx * wy * h * h * form
    for j in range(n + 1):
        for i in range(n + 1):
            at = [(j + dj) * (n + 2) + i + di for di, dj in corners]
            a[np.ix_(at, at)] += local
    inner = [j * (n + 2) + i for j in range(1, n + 1) for i in range(1, n + 1)]
    return a[np.ix_(inner, inner)]


def matpde(n, drift):
    """From the difference operators of the line: fluxes live between the nodes."""
    h = 1 / (n + 1)
    x = np.arange(1, n + 1) * h
    between = (np.arange(n + 1) + 0.5) * h
    gradient = np.diff(np.eye(n + 2), axis=0)[:, 1:-1]
    mean = band(n, {-1: -0.5, 1: 0.5})
    a = np.zeros((n * n, n * n))
    for k in range(n):
        row = slice(k * n, k * n + n)
        r = np.diag(drift * (x + x[k]))
        a[row, row] += gradient.T @ np.diag(np.exp(-between * x[k])) @ gradient + h * (r @ mean + mean @ r)
        a[k::n, k::n] += gradient.T @ np.diag(np.exp(x[k] * between)) @ gradient
    xs, ys = np.meshgrid(x, x)
    return a + h * h * np.diag(1 / (1 + xs + ys).ravel())


def tolosa(m, coupled):
    i = np.arange(1, m)
    frequency, damping = 6.0 * (i + 8), 0.001 + 0.001495 * (i - 1)
    zero, one = np.zeros((m, m)), np.eye(m)
    row = [np.diag(np.append(coupled[0], -(frequency**2))), np.diag(np.append(coupled[1], -2 * damping * frequency))]
    row += [np.diag(np.append(x, np.zeros(m - 1))) for x in coupled[2:]]
    lags = [[zero, one] + [-12.098 * j * one if j == k else zero for k in (1, 2, 3)] for j in (1, 2, 3)]
    return np.block([[zero, one, zero, zero, zero], row, *lags])


def sparse_random(n):
    noise = np.where((numbers(n * n, 35) + 1) / 2 < 10 / n, 0.1 * math.sqrt(3) * numbers(n * n, 34), 0)
    return np.diag(3 * np.exp(-np.arange(n) / 10)) + band(n, {1: 0.5}) + noise.reshape(n, n)


def orr_sommerfeld(n, R, alpha):
    x, d = cheb(n)
    d2, d3, d4 = d @ d, d @ d @ d, d @ d @ d @ d
    inverse = np.diag(np.append(np.append(0, 1 / (1 - x[1:-1] ** 2)), 0))
    four = ((np.diag(1 - x**2) @ d4 - 8 * np.diag(x) @ d3 - 12 * d2) @ inverse)[1:-1, 1:-1]
    two, one = d2[1:-1, 1:-1], np.eye(n - 1)
    laplace = two - alpha**2 * one
    flow = np.diag(1 - x[1:-1] ** 2)
    return scipy.linalg.solve(
        laplace.astype(complex), (four - 2 * alpha**2 * two + alpha**4 * one) / R - 1j * alpha * (2 * one + flow @ laplace)
    )


GALLERY5 = [
    [-9, 11, -21, 63, -252],
    [70, -69, 141, -421, 1684],
    [-575, 575, -1149, 3451, -13801],
    [3891, -3891, 7782, -23345, 93365],
    [1024, -1024, 2048, -6144, 24572],
]
S, C = math.sin(1.2), math.cos(1.2)
DIFFUSION = 0.51302**2

MATRICES = {
    "airy": airy(14, 0.02),
    "basor": toeplitz(12, lambda k: math.pi if k == 1 else 1j / (k - 1)),
    "chebspec": cheb(10)[1][1:, 1:],
    "companion": scipy.linalg.companion([math.factorial(6) / math.factorial(6 - k) for k in range(7)]),
    "convdiff": convdiff(14, 10),
    "convdiff_fd": band(12, {-1: 1.6, 0: -2, 1: 0.4}),
    "davies": davies(14, 4),
    "demmel": -np.triu(10.0 ** (np.arange(6) - np.arange(6)[:, None])),
    "frank": np.triu(9.0 - np.maximum(np.arange(9)[:, None], np.arange(9)), -1),
    "gallery3": np.array([[-149, -50, -154], [537, 180, 546], [-27, -9, -25]], dtype=float),
    "gallery5": np.array(GALLERY5, dtype=float),
    "gaussseidel C": gauss_seidel(12, -1, -1),
    "gaussseidel D": gauss_seidel(12, -1.75, -0.25),
    "gaussseidel U": gauss_seidel(12, -0.25, -1.75),
    "godunov": godunov(),
    "grcar": band(14, {-1: -1, 0: 1, 1: 1, 2: 1, 3: 1}),
    "hatano": band(12, {-1: math.exp(-0.4), 1: math.exp(0.4)}) + np.diag(1.5 * numbers(12, 31)),
    "kahan": np.diag(S ** np.arange(12)) @ (np.eye(12) - C * np.triu(np.ones((12, 12)), 1)),
    "landau": landau(14, 3),
    "orrsommerfeld": orr_sommerfeld(15, 5772, 1),
    "pde": matpde(4, -20),
    "random": math.sqrt(3 / 14) * numbers(196, 33).reshape(14, 14),
    "randomtri": np.triu(numbers(144, 32).reshape(12, 12)) / math.sqrt(12),
    "riffle": riffle(9),
    "sparserandom": sparse_random(14),
    "supg": supg(4, 0.01),
    "tolosa": tolosa(3, [-200, -0.6, -60, 218, -244]),
    "transient": transient(12),
    "twisted": twisted(12),
    "wilkinson": band(10, {1: 1}) + np.diag(np.arange(1, 11) / 10),
    "wilkinson companion": scipy.linalg.companion(np.poly([1, 2, 3, 4, 5])),
    "markov": markov(5),
    "olmstead": coupled(5, 0.1, 4.7, 0.9, 0, 0.5, 0, -0.5),
    "rdbrusselator": coupled(5, 0.008 / DIFFUSION, 4.45, 0, 4, -5.45, 0.004 / DIFFUSION, -4),
    "skewlap3d": kronecker_sum(band(2, {-1: -1.5, 0: 2, 1: -0.5})),
    "triangle: 1/t + t²/4": toeplitz(12, lambda k: {-1: 1, 2: 0.25}.get(k, 0)),
    "limaçon: t + t²": toeplitz(12, lambda k: {1: 1, 2: 1}.get(k, 0)),
    "bull’s head: 2it⁻¹ + t² + 7t³/10": toeplitz(12, lambda k: {-1: 2j, 2: 1, 3: 0.7}.get(k, 0)),
    "butterfly: t² − it + i/t − 1/t²": toeplitz(12, lambda k: {2: 1, 1: -1j, -1: 1j, -2: -1}.get(k, 0)),
}

# Rounding moves their eigenvalues by as much as their size: no stable matrix is made of them.
WILD = {"gallery5", "godunov", "chebspec", "demmel", "gallery3"}


def sigma(a, z):
    return scipy.linalg.svdvals(z * np.eye(len(a)) - a)[-1]


def sigmas(a, points):
    """σ_min at many points at once."""
    return np.linalg.svd(points[:, None, None] * np.eye(len(a)) - a, compute_uv=False)[:, -1]


def line(t, c):
    return t + 1j * c


def circle(t, c):
    return t * np.exp(1j * c)


def outermost(a, epsilon, place, size, coordinates):
    """max over a coordinate of the largest level at which σ_min = ε; beyond ‖A‖ + ε there is none."""
    levels = np.linspace(-size if place is line else 0, size, 300)

    def level(c):
        values = sigmas(a, place(levels, c)) - epsilon
        inside = np.nonzero(values <= 0)[0]
        if len(inside) == 0:
            return -np.inf
        k = inside[-1]
        return scipy.optimize.brentq(lambda t: sigma(a, place(t, c)) - epsilon, levels[k], levels[k + 1], xtol=1e-14 * size)

    values = np.array([level(c) for c in coordinates])
    best, gap = values.max(), np.ptp(coordinates) / len(coordinates)
    for k in np.argsort(values)[-3:]:
        for step in (gap / 10, gap):
            bounds = (coordinates[k] - step, coordinates[k] + step)
            found = scipy.optimize.minimize_scalar(lambda c: -level(c), bounds=bounds, method="bounded", options={"xatol": 1e-10})
            best = max(best, -found.fun)
    return best


def kreiss(a, place, boundary, coordinates):
    size = np.linalg.norm(a, 2)

    def minus_log(x):
        distance = size * np.exp(x[0])
        return np.log(sigma(a, place(boundary + distance, x[1])) / distance)

    distances = np.linspace(-12, 2, 57)
    grid = [(d, c) for d in distances for c in coordinates]
    points = np.array([place(boundary + size * np.exp(d), c) for d, c in grid])
    values = np.log(sigmas(a, points) / (size * np.exp([d for d, _ in grid])))
    best = 0.0
    for k in np.argsort(values)[:4]:
        x = np.array(grid[k])
        for _ in range(3):
            found = scipy.optimize.minimize(minus_log, x, method="Nelder-Mead", options={"xatol": 1e-13, "fatol": 1e-15, "maxiter": 4000})
            x = found.x
        best = max(best, -found.fun)
    return float(np.exp(best))


def entry(name, a):
    n, norm = len(a), np.linalg.norm(a, 2)
    eigenvalues = np.linalg.eigvals(a)
    epsilon, size = 0.01 * norm, 1.1 * norm
    ys = np.concatenate([np.linspace(-size, size, 81), eigenvalues.imag])
    angles = np.concatenate([np.linspace(-np.pi, np.pi, 81)[:-1], np.angle(eigenvalues)])
    points = norm * np.array([0.31 + 0.17j, -0.4 + 0.05j, 0.02 - 0.6j, 0.9j, 1.1, -0.11 - 0.13j])
    turned = lambda t: np.linalg.eigvalsh((np.exp(-1j * t) * a + np.exp(1j * t) * a.conj().T) / 2)[-1]
    best = angles[np.argmax([turned(t) for t in angles])]
    numerical = scipy.optimize.minimize_scalar(lambda t: -turned(t), bounds=(best - 0.2, best + 0.2), method="bounded", options={"xatol": 1e-12})
    result = {
        "name": name,
        "order": n,
        "norm": norm,
        "frobenius": np.linalg.norm(a),
        "points": [x for z in points for x in (z.real, z.imag)],
        "sigma": list(sigmas(a, points)),
        "epsilon": epsilon,
        "abscissa": outermost(a, epsilon, line, size, ys),
        "radius": outermost(a, epsilon, circle, size, angles),
        "numericalRadius": -numerical.fun,
        "commutator": np.linalg.norm(a.conj().T @ a - a @ a.conj().T),
    }
    if name in WILD:
        return {**result, "shift": None, "scale": None, "kreissLine": None, "kreissDisc": None}
    shift, scale = eigenvalues.real.max() + 0.05 * norm, 1 / (abs(eigenvalues).max() + 0.05 * norm)
    line_value = kreiss(a - shift * np.eye(n), line, 0, ys)
    disc_value = kreiss(scale * a, circle, 1, angles)
    return {**result, "shift": shift, "scale": scale, "kreissLine": line_value, "kreissDisc": disc_value}


entries = []
for item in MATRICES.items():
    entries.append(entry(*item))
    print(item[0], file=sys.stderr)
json.dump({"source": f"NumPy {np.__version__}, SciPy {scipy.__version__}", "entries": entries}, sys.stdout, indent=1, ensure_ascii=False)
