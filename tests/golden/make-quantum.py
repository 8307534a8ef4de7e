"""Writes quantum.json: information quantities of random states and outputs of the three extensions, by dense NumPy and SciPy.

Matrix functions are taken as such (logm, sqrtm, partial traces by reshaping), channels as lists of dense Kraus matrices on the
strings of 0 to 2 tokens: other routes than the package takes.
Run: python3 tests/golden/make-quantum.py
"""

import itertools
import json
import pathlib

import numpy as np
from scipy.linalg import expm, logm, sqrtm
from scipy.optimize import minimize

rng = np.random.default_rng(20260)


def flat(a):
    return np.stack([a.real, a.imag], -1).ravel().tolist()


def random_state(n, rank):
    a = rng.normal(size=(n, rank)) + 1j * rng.normal(size=(n, rank))
    rho = a @ a.conj().T
    return rho / np.trace(rho).real


def entropy(rho):
    values = np.linalg.eigvalsh(rho)
    values = values[values > 1e-15]
    return float(-(values * np.log(values)).sum())


def partial(rho, n, keep):
    """Sites of dimension 2; keeps those in `keep`, in that order."""
    rest = [i for i in range(n) if i not in keep]
    tensor = rho.reshape([2] * (2 * n)).transpose(keep + rest + [n + i for i in keep] + [n + i for i in rest])
    k, r = 2 ** len(keep), 2 ** len(rest)
    return np.einsum("arbr->ab", tensor.reshape(k, r, k, r))


def trace_distance(a, b):
    return float(np.linalg.svd(a - b, compute_uv=False).sum() / 2)


rho, sigma = random_state(8, 8), random_state(8, 8)
root = sqrtm(rho)
root_fidelity = float(np.trace(sqrtm(root @ sigma @ root)).real)
S = lambda keep: entropy(partial(rho, 3, keep))
states = {
    "rho": flat(rho),
    "sigma": flat(sigma),
    "entropy": float(-np.trace(rho @ logm(rho)).real),
    "renyi": [[a, float(np.log(np.trace(expm(a * logm(rho))).real) / (1 - a))] for a in (0.5, 2, 3)],
    "minEntropy": float(-np.log(np.linalg.norm(rho, 2))),
    "purity": float(np.trace(rho @ rho).real),
    "relativeEntropy": float(np.trace(rho @ (logm(rho) - logm(sigma))).real),
    "traceDistance": trace_distance(rho, sigma),
    "rootFidelity": root_fidelity,
    "buresAngle": float(np.arccos(root_fidelity)),
    "reduced": [[keep, flat(partial(rho, 3, keep))] for keep in ([0], [2], [0, 2], [2, 0])],
    "mutual02": S([0]) + S([2]) - S([0, 2]),
    "conditional01given2": S([0, 2]) + S([1, 2]) - S([2]) - S([0, 1, 2]),
}

# Three sites of three tokens: the cut between the middle one and the rest.
psi = rng.normal(size=27) + 1j * rng.normal(size=27)
psi /= np.linalg.norm(psi)
across = psi.reshape(3, 3, 3).transpose(1, 0, 2).reshape(3, 9)
schmidt = np.linalg.svd(across, compute_uv=False)
joint = np.abs(across) ** 2
shannon = lambda p: float(-(p * np.log(p)).sum())
cut = {
    "amplitudes": flat(psi),
    "schmidt": schmidt.tolist(),
    "entanglement": shannon(schmidt**2),
    "classical": shannon(joint.sum(0)) + shannon(joint.sum(1)) - shannon(joint),
}

# Block 1 of the worked example (W_K swaps, scale 'none'): G[q, k] = 1 where q and k differ, else 0; phi = identity.
strings = [s for n in range(3) for s in itertools.product((0, 1), repeat=n)]
outputs = [s for n in range(1, 4) for s in itertools.product((0, 1), repeat=n)]


def attention(h):
    scores = np.array([1.0 if x != h[-1] else 0.0 for x in h])
    weights = np.exp(scores)
    return weights / weights.sum()


def kraus(kind):
    operators = {}

    def put(key, h, y, amplitude):
        k = operators.setdefault(key, np.zeros((len(outputs), len(strings)), complex))
        k[outputs.index(h + (y,)), strings.index(h)] += amplitude

    for h in strings:
        if not h:
            put({"history": ("", 0), "outcome": 0, "position": "vacuum", "coherent": ""}[kind], h, 0, 1.0)
            continue
        a = attention(h)
        if kind == "position":
            for i, x in enumerate(h):
                put((len(h), i), h, x, np.sqrt(a[i]))
            continue
        for y in (0, 1):
            p = sum(a[i] for i, x in enumerate(h) if x == y)
            if p > 0:
                put({"history": (h, y), "outcome": y, "coherent": ""}[kind], h, y, np.sqrt(p))
    return list(operators.values())


def choi(operators):
    d, D = len(strings), len(outputs)
    j = np.zeros((D * d, D * d), complex)
    for i in range(d):
        for k in range(d):
            unit = np.zeros((d, d), complex)
            unit[i, k] = 1
            j += np.kron(sum(K @ unit @ K.conj().T for K in operators), unit)
    return j


def diamond_bounds(a, b):
    d, D = len(strings), len(outputs)
    j = choi(a) - choi(b)
    values, vectors = np.linalg.eigh(j)
    absolute = (vectors * np.abs(values)) @ vectors.conj().T
    reduced = np.einsum("aiaj->ij", absolute.reshape(D, d, D, d))
    return [float(np.abs(values).sum() / d), float(np.linalg.norm(reduced, 2))]


def diamond_norm(a, b, d):
    """max over u = sum_i |i> (x) A|i> of the trace norm, by a quasi-Newton search from 40 starts."""
    units = np.eye(d)
    difference = lambda x: sum(K @ x @ K.conj().T for K in a) - sum(K @ x @ K.conj().T for K in b)
    j = sum(np.kron(difference(np.outer(units[i], units[k])), np.outer(units[i], units[k])) for i in range(d) for k in range(d))

    def negative(x):
        lifted = np.kron(np.eye(len(j) // d), (x[: d * d] + 1j * x[d * d :]).reshape(d, d))
        return -np.abs(np.linalg.eigvalsh(lifted @ j @ lifted.conj().T)).sum() / (x @ x)

    starts = rng.normal(size=(40, 2 * d * d))
    return -min(minimize(negative, x, method="BFGS", options={"gtol": 1e-9}).fun for x in starts)


def root_positive(a):
    values, vectors = np.linalg.eigh(a)
    return (vectors * np.sqrt(np.where(values > 1e-12, values, 0))) @ vectors.conj().T


def process_fidelity(a, b):
    d = len(strings)
    x = root_positive(choi(a) / d) @ root_positive(choi(b) / d)
    return float(np.linalg.svd(x, compute_uv=False).sum() ** 2)


kinds = ("history", "outcome", "position", "coherent")
operators = {kind: kraus(kind) for kind in kinds}
phi = rng.normal(size=7) + 1j * rng.normal(size=7)
phi /= np.linalg.norm(phi)
projector = np.outer(phi, phi.conj())
images = {kind: sum(K @ projector @ K.conj().T for K in operators[kind]) for kind in kinds}
channels = {
    "amplitudes": flat(phi),
    "images": {kind: flat(images[kind]) for kind in kinds},
    "entropy": {kind: entropy(images[kind]) for kind in kinds},
    "choiValues": {kind: np.linalg.eigvalsh(choi(operators[kind]))[::-1][:12].tolist() for kind in kinds},
    "environmentEntropy": {
        kind: entropy(np.array([[np.trace(K @ projector @ L.conj().T) for L in operators[kind]] for K in operators[kind]]))
        for kind in kinds
    },
    "pairs": [
        {
            "a": a,
            "b": b,
            "traceDistance": trace_distance(images[a], images[b]),
            "bounds": diamond_bounds(operators[a], operators[b]),
            "processFidelity": process_fidelity(operators[a], operators[b]),
        }
        for a, b in itertools.combinations(kinds, 2)
    ],
}

# Kraus operators of two qutrit channels with complex entries: an isometry cut in two, and one cut in three.
qutrits = [
    [list(k) for k in np.linalg.qr(rng.normal(size=(3 * r, 3)) + 1j * rng.normal(size=(3 * r, 3)))[0].reshape(r, 3, 3)]
    for r in (2, 3)
]
diamond = {
    "a": [flat(np.array(k)) for k in qutrits[0]],
    "b": [flat(np.array(k)) for k in qutrits[1]],
    "norm": diamond_norm([np.array(k) for k in qutrits[0]], [np.array(k) for k in qutrits[1]], 3),
}

target = pathlib.Path(__file__).with_name("quantum.json")
target.write_text(json.dumps({"states": states, "cut": cut, "channels": channels, "diamond": diamond}) + "\n")
