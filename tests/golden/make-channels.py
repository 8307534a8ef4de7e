"""Writes channels.json: entanglement and distances of random states, fidelities and Pauli forms of random channels, by QuTiP.

Run: python3 tests/golden/make-channels.py
"""

import itertools
import json
import pathlib

import numpy as np
import qutip as qt

rng = np.random.default_rng(20261202)


def flat(a):
    return np.stack([a.real, a.imag], -1).ravel().tolist()


def complex_normal(*shape):
    return rng.normal(size=shape) + 1j * rng.normal(size=shape)


def random_state(n, rank):
    a = complex_normal(n, rank)
    rho = a @ a.conj().T
    return rho / np.trace(rho).real


def random_kraus(d, r):
    return np.linalg.qr(complex_normal(d * r, d))[0].reshape(r, d, d)


pairs = []
for rank in (1, 2, 3, 4):
    rho = qt.Qobj(random_state(4, rank), dims=[[2, 2], [2, 2]])
    pairs.append({
        "rho": flat(rho.full()),
        "transpose": flat(qt.partial_transpose(rho, [1, 0]).full()),
        "negativity": float(qt.negativity(rho, 0)),
        "logarithmic": float(qt.negativity(rho, 0, logarithmic=True)),
        "concurrence": float(qt.concurrence(rho)),
    })
three = qt.Qobj(random_state(8, 2), dims=[[2, 2, 2], [2, 2, 2]])
middle = {"rho": flat(three.full()), "negativity": float(qt.negativity(three, 1))}

rho, sigma = (qt.Qobj(random_state(6, 6)) for _ in range(2))
distances = {
    "rho": flat(rho.full()),
    "sigma": flat(sigma.full()),
    "hellinger": float(qt.hellinger_dist(rho, sigma)),
    "bures": float(qt.bures_dist(rho, sigma)),
    "hilbertSquared": float(qt.hilbert_dist(rho, sigma).real),
}

channels = []
for d, r in ((2, 2), (4, 3)):
    n = {2: 1, 4: 2}[d]
    dims = [[2] * n, [2] * n]
    kraus = random_kraus(d, r)
    unitary = random_kraus(d, 1)[0]
    operators = [qt.Qobj(k, dims=dims) for k in kraus]
    target = qt.Qobj(unitary, dims=dims)
    channel = qt.kraus_to_super(operators)
    paulis = [
        p[0] if n == 1 else np.kron(*p)
        for p in itertools.product([m.full() for m in (qt.qeye(2), qt.sigmax(), qt.sigmay(), qt.sigmaz())], repeat=n)
    ]
    coefficients = [np.array([np.trace(p @ k) / d for p in paulis]) for k in kraus]
    chi = sum(np.outer(c, c.conj()) for c in coefficients)
    # QuTiP has -Y in the place of Y: its chi is the one of the transposed Paulis.
    signs = np.array([1 if np.allclose(p, p.T) else -1 for p in paulis])
    assert np.allclose(qt.to_chi(channel).full() / 4**n, chi * np.outer(signs, signs))
    image = lambda a: sum(k @ a @ k.conj().T for k in kraus)
    channels.append({
        "d": d,
        "kraus": [flat(k) for k in kraus],
        "unitary": flat(unitary),
        "averageGateFidelity": float(qt.average_gate_fidelity(channel, target)),
        "averageToIdentity": float(qt.average_gate_fidelity(channel)),
        "processFidelity": float(qt.process_fidelity(channel, target)),
        "chi": flat(chi),
        "transfer": [float(np.trace(p @ image(q)).real / d) for p in paulis for q in paulis],
    })

target = pathlib.Path(__file__).with_name("channels.json")
target.write_text(json.dumps({"pairs": pairs, "middle": middle, "distances": distances, "channels": channels}) + "\n")
