"""Writes diamond.json: diamond norms of random maps by Watrous' programme as CVXPY states it, solved by Clarabel and SCS.

The programmes are those with one block matrix (Chicago J. Theor. Comput. Sci. 2013, 8), not the ones that the package solves. Choi matrices are outputs (x) inputs, flat and interleaved.
Run: python3 tests/golden/make-diamond.py
"""

import json
import pathlib

import cvxpy as cp
import numpy as np

rng = np.random.default_rng(20261201)


def flat(a):
    return np.stack([a.real, a.imag], -1).ravel().tolist()


def complex_normal(*shape):
    return rng.normal(size=shape) + 1j * rng.normal(size=shape)


def channel(d, D, r):
    """Choi matrix of an isometry cut in r."""
    kraus = np.linalg.qr(complex_normal(D * r, d))[0].reshape(r, D, d)
    return sum(np.outer(k.ravel(), k.ravel().conj()) for k in kraus)


def primal(j, d, D):
    x = cp.Variable((D * d, D * d), complex=True)
    one, other = cp.Variable((d, d), hermitian=True), cp.Variable((d, d), hermitian=True)
    eye = np.eye(D)
    block = cp.bmat([[cp.kron(eye, one), x], [x.H, cp.kron(eye, other)]])
    constraints = [block >> 0, cp.trace(one) == 1, cp.trace(other) == 1]
    return cp.Problem(cp.Maximize(cp.real(cp.trace(j.conj().T @ x))), constraints)


def dual(j, d, D):
    one, other = cp.Variable((D * d, D * d), hermitian=True), cp.Variable((D * d, D * d), hermitian=True)
    reduced = lambda y: sum(y[a * d : (a + 1) * d, a * d : (a + 1) * d] for a in range(D))
    block = cp.bmat([[one, -j], [-j.conj().T, other]])
    largest = cp.lambda_max(reduced(one)) + cp.lambda_max(reduced(other))
    return cp.Problem(cp.Minimize(largest / 2), [block >> 0])


def diamond_norm(j, d, D):
    """The mean of both programmes' values, and how far they are from each other."""
    values = []
    for programme in (primal, dual):
        problem = programme(j, d, D)
        problem.solve(solver=cp.CLARABEL, tol_gap_abs=1e-9, tol_gap_rel=1e-9, tol_feas=1e-9)
        values.append(float(problem.value))
    return {"norm": sum(values) / 2, "spread": abs(values[0] - values[1])}


cases = []
for d, D, r, s in [(2, 2, 1, 2), (2, 2, 3, 2), (2, 3, 2, 2), (3, 2, 2, 3), (3, 3, 2, 3), (4, 4, 2, 3), (4, 4, 4, 4)]:
    j = channel(d, D, r) - channel(d, D, s)
    cases.append({"name": f"channels of rank {r} and {s}", "d": d, "D": D, "choi": flat(j), **diamond_norm(j, d, D)})
for d, D in [(2, 2), (3, 2), (2, 3), (3, 3)]:
    j = complex_normal(D * d, D * d)
    cases.append({"name": "any linear map", "d": d, "D": D, "choi": flat(j), **diamond_norm(j, d, D)})
for d in (2, 3):
    j = complex_normal(d * d, d * d)
    j = j + j.conj().T
    cases.append({"name": "a map that keeps operators Hermitian", "d": d, "D": d, "choi": flat(j), **diamond_norm(j, d, d)})

# Dimension 8 by SCS, for which Clarabel needs too much memory; stated with one matrix, as the package does.
d = 8
kraus = [np.linalg.qr(complex_normal(d * r, d))[0].reshape(r, d, d) for r in (6, 10)]
choi = [sum(np.outer(k.ravel(), k.ravel().conj()) for k in operators) for operators in kraus]
j = choi[0] - choi[1]
z = cp.Variable((d * d, d * d), hermitian=True)
reduced = sum(z[a * d : (a + 1) * d, a * d : (a + 1) * d] for a in range(d))
problem = cp.Problem(cp.Minimize(cp.lambda_max(reduced)), [z - j >> 0, z + j >> 0])
problem.solve(solver=cp.SCS, eps=1e-8, max_iters=100000)
assert problem.status == cp.OPTIMAL, problem.status
eight = {"a": [flat(k) for k in kraus[0]], "b": [flat(k) for k in kraus[1]], "norm": float(problem.value)}

target = pathlib.Path(__file__).with_name("diamond.json")
target.write_text(json.dumps({"cases": cases, "eight": eight}) + "\n")
