"""Writes random-matrices.json: values of the Marchenko-Pastur law and maximum-likelihood fits of tails.

The law is integrated from its density by mpmath with 30 digits. The tails are fitted a second time: the power law for every cut-off by
the definition, the truncated log-normal and the exponential by SciPy's optimiser and by formula.
Run: python3 tests/golden/make-random-matrices.py
"""

import json
import pathlib

import mpmath
import numpy as np
from scipy import optimize, stats

mpmath.mp.dps = 30
rng = np.random.default_rng(20261122)

law = []
for ratio, variance in ((0.2, 1.0), (1.0, 0.5), (0.5, 2.0), (3.0, 1.5), (0.999, 1.0)):
    c, s2 = mpmath.mpf(ratio), mpmath.mpf(variance)
    a, b = s2 * (1 - mpmath.sqrt(c)) ** 2, s2 * (1 + mpmath.sqrt(c)) ** 2
    density = lambda x: mpmath.sqrt((b - x) * (x - a)) / (2 * mpmath.pi * s2 * c * x)
    points = []
    for share in (0.01, 0.2, 0.5, 0.8, 0.99):
        x = float(a + share * (b - a))
        inner = mpmath.quad(lambda u: 2 * u * density(a + u * u), [0, mpmath.sqrt(x - a)])
        points.append([x, float(density(x)), float(max(0, 1 - 1 / c) + inner)])
    law.append({"ratio": ratio, "variance": variance, "edges": [float(a), float(b)], "points": points})


def tail_fit(x):
    x = np.sort(x)
    best = None
    for k in range(len(x) - 9):
        tail = x[k:]
        alpha = 1 + len(tail) / np.log(tail / tail[0]).sum() if tail[-1] > tail[0] else np.inf
        share = 1 - (tail / tail[0]) ** (1 - alpha)
        n = len(tail)
        distance = max((np.arange(1, n + 1) / n - share).max(), (share - np.arange(n) / n).max())
        if best is None or distance < best[0]:
            best = (distance, alpha, tail[0], n)
    return best


def log_normal(tail, xmin):
    y = np.log(tail)

    def density(t):
        mu, sigma = t[0], np.exp(t[1])
        return stats.norm.logpdf((y - mu) / sigma) - t[1] - y - stats.norm.logsf((np.log(xmin) - mu) / sigma)

    fits = [
        optimize.minimize(lambda t: -density(t).sum(), start, method="Nelder-Mead", options={"xatol": 1e-12, "fatol": 1e-13, "maxiter": 20000, "maxfev": 20000})
        for start in ((y.mean(), 0.0), (np.log(xmin) - 1, 0.5))
    ]
    return density(min(fits, key=lambda fit: fit.fun).x)


def vuong(a, b):
    d = a - b
    return [float(d.sum()), float(2 * stats.norm.sf(abs(d.sum()) / (np.sqrt(len(d)) * d.std())))]


samples = {
    "log-normal": np.exp(rng.standard_normal(150)),
    "exponential": rng.exponential(size=120),
    "Pareto with a body": np.concatenate([rng.uniform(0.1, 1, 60), rng.pareto(1.7, 90) + 1]),
}
tails = []
for name, x in samples.items():
    x = np.round(x, 6)
    distance, alpha, xmin, n = tail_fit(x)
    tail = np.sort(x)[-n:]
    power = np.log((alpha - 1) / xmin) - alpha * np.log(tail / xmin)
    mean = (tail - xmin).mean()
    tails.append(
        {
            "name": name,
            "values": x.tolist(),
            "alpha": alpha,
            "xmin": xmin,
            "count": n,
            "distance": distance,
            "exponential": vuong(power, -np.log(mean) - (tail - xmin) / mean),
            "logNormal": vuong(power, log_normal(tail, xmin)),
        }
    )

target = pathlib.Path(__file__).with_name("random-matrices.json")
target.write_text(json.dumps({"law": law, "tails": tails}) + "\n")
