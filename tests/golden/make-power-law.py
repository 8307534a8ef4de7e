"""Writes power-law.json: sums of Hurwitz's zeta function, and power-law fits of whole numbers by SciPy.

The fits follow Clauset, Shalizi and Newman (2009) by their definitions: for every cut-off that occurs the exponent by SciPy's bounded
minimiser on -n ln zeta(alpha, xmin) - alpha sum ln x, the distance over all whole numbers of the range, the alternatives by SciPy's
Nelder-Mead method. The sums are those of mpmath with 60 digits.
Run: python3 tests/golden/make-power-law.py
"""

import json
import pathlib

import mpmath
import numpy as np
from scipy import optimize, special, stats

mpmath.mp.dps = 60
rng = np.random.default_rng(20261130)

zeta = []
for s in (1.01, 1.5, 1.95, 2.4, 3.5, 8.25, 30.0, 100.0):
    for q in (1, 2, 7, 12, 1000, 123456789):
        term = lambda k: (1 + mpmath.mpf(k) / q) ** (-mpmath.mpf(s))
        Z = mpmath.mpf(q) ** s * mpmath.zeta(mpmath.mpf(s), q)
        M = -(mpmath.mpf(q) ** s) * mpmath.zeta(mpmath.mpf(s), q, 1) - mpmath.log(q) * Z
        if s >= 8:  # mpmath loses digits here; its sums do not
            Z = mpmath.nsum(term, [0, mpmath.inf], method="e")
            M = mpmath.nsum(lambda k: mpmath.log(1 + mpmath.mpf(k) / q) * term(k), [0, mpmath.inf], method="e")
        zeta.append([s, q, float(Z), float(M)])


def exponent(tail, xmin):
    loss = lambda a: len(tail) * np.log(special.zeta(a, xmin)) + a * np.log(tail).sum()
    return optimize.minimize_scalar(loss, bounds=(1.0001, 30), method="bounded", options={"xatol": 1e-12}).x


def distance(tail, alpha, xmin):
    x = np.arange(xmin, tail.max() + 1)
    law = 1 - special.zeta(alpha, x + 1) / special.zeta(alpha, xmin)
    empirical = np.searchsorted(np.sort(tail), x, side="right") / len(tail)
    return np.abs(law - empirical).max()


def power_fit(x):
    best = None
    for xmin in np.unique(x):
        tail = x[x >= xmin]
        if len(tail) < 10 or tail.max() == xmin:
            continue
        alpha = exponent(tail, xmin)
        d = distance(tail, alpha, xmin)
        if best is None or d < best[0]:
            best = (d, alpha, xmin)
    return best


def log_normal(tail, xmin):
    def density(t):
        mu, sigma = t[0], np.exp(t[1])
        a, b = (np.log(tail - 0.5) - mu) / sigma, (np.log(tail + 0.5) - mu) / sigma
        share = np.where(a > 0, stats.norm.sf(a) - stats.norm.sf(b), stats.norm.cdf(b) - stats.norm.cdf(a))
        return np.log(share) - stats.norm.logsf((np.log(xmin - 0.5) - mu) / sigma)

    starts = ((np.log(tail).mean(), 0.0), (np.log(xmin) - 1, 0.5), (np.log(tail).mean(), -1.0))
    options = {"xatol": 1e-11, "fatol": 1e-12, "maxiter": 20000, "maxfev": 20000}
    fits = [optimize.minimize(lambda t: -density(t).sum(), start, method="Nelder-Mead", options=options) for start in starts]
    return density(min(fits, key=lambda fit: fit.fun).x)


def vuong(a, b):
    d = a - b
    return [float(d.sum()), float(2 * stats.norm.sf(abs(d.sum()) / (np.sqrt(len(d)) * d.std())))]


zipf = lambda alpha, xmin, n: (lambda x: x[(x >= xmin) & (x < 100000)][:n])(stats.zipf.rvs(alpha, size=400000, random_state=rng))
samples = {
    "zeta law from 1": zipf(2.5, 1, 400),
    "zeta law from 7 with a body": np.concatenate([rng.integers(1, 7, 150), zipf(1.95, 7, 250)]),
    "zeta law from 12 with a body": np.concatenate([rng.integers(1, 12, 100), zipf(2.4, 12, 200)]),
    "geometric": rng.geometric(0.15, 200),
    "log-normal, rounded": np.maximum(1, np.round(np.exp(1.5 + 0.7 * rng.standard_normal(250)))).astype(int),
}
fits = []
for name, x in samples.items():
    d, alpha, xmin = power_fit(x)
    for cut in sorted({int(xmin), 2}):
        tail = x[x >= cut]
        a = exponent(tail, cut)
        k = np.arange(cut, cut + 2000000, dtype=float)
        p = k**-a
        # The variance of ln x: a sum, and the rest as an integral.
        moments = [(p * np.log(k) ** m).sum() + special.gamma(m + 1) * special.gammaincc(m + 1, (a - 1) * np.log(k[-1] + 0.5)) / (a - 1) ** (m + 1) for m in (0, 1, 2)]
        variance = moments[2] / moments[0] - (moments[1] / moments[0]) ** 2
        power = -a * np.log(tail) - np.log(special.zeta(a, cut))
        mean = (tail - cut).mean()
        fits.append(
            {
                "name": f"{name}, cut at {cut}",
                "values": x.tolist(),
                "cut": cut,
                "found": int(xmin),
                "alpha": a,
                "standardError": 1 / np.sqrt(len(tail) * variance),
                "count": len(tail),
                "distance": distance(tail, a, cut),
                "exponential": vuong(power, -np.log1p(mean) + (tail - cut) * np.log(mean / (1 + mean))),
                "logNormal": vuong(power, log_normal(tail, cut)),
            }
        )

target = pathlib.Path(__file__).with_name("power-law.json")
target.write_text(json.dumps({"zeta": zeta, "fits": fits}) + "\n")
