import { expect, it } from 'vitest';
import { ShapeError } from '../../src/core/errors.ts';
import {
  energyAtInput,
  hamiltonianMatrix,
  householder,
  rotation,
  type StateOperator,
  samplingMoments,
  stateFromLaw,
  uncertaintyAtInput,
} from '../../src/qlens/index.ts';
import { eachBackend } from '../support/backends.ts';
import { expectClose, testNumbers } from '../support/numbers.ts';

const MAKERS = { householder, rotation };

function randomState(V: number, seed: number): Float64Array {
  const weights = testNumbers(V, seed).map((x) => Math.exp(3 * x));
  const sum = weights.reduce((total, x) => total + x, 0);
  return stateFromLaw(weights.map((x) => x / sum));
}

/** ⟨ψ|H|ψ⟩, ⟨ψ|H²|ψ⟩ and ⟨ψ|SH|ψ⟩ (re, im) from the dense H. */
function directly(operator: StateOperator, psi: Float64Array, ids: ArrayLike<number>) {
  const V = psi.length;
  const H = hamiltonianMatrix(operator);
  let [mean, square, crossRe, crossIm] = [0, 0, 0, 0];
  for (let i = 0; i < V; i++) {
    let [re, im] = [0, 0];
    for (let j = 0; j < V; j++) {
      re += H[2 * (i * V + j)]! * psi[j]!;
      im += H[2 * (i * V + j) + 1]! * psi[j]!;
    }
    mean += psi[i]! * re;
    square += re * re + im * im;
    crossRe += psi[i]! * ids[i]! * re;
    crossIm += psi[i]! * ids[i]! * im;
  }
  return { mean, deviation: Math.sqrt(square - mean * mean), crossRe, crossIm };
}

eachBackend('QLens energies', (backend) => {
  for (const [kind, make] of Object.entries(MAKERS)) {
    it.each([1, 2.5, -0.6])(`${kind}: closed forms equal the direct computation, α = %f`, (alpha) => {
      for (const V of [2, 3, 10]) {
        for (let seed = 1; seed <= 5; seed++) {
          const psi = randomState(V, seed);
          const operator = make(backend, psi, randomState(V, seed + 50), { alpha });
          const ids = testNumbers(V, seed).map((x) => 10 * x);
          const direct = directly(operator, psi, ids);
          const energy = energyAtInput(operator);
          expectClose(energy.mean, direct.mean, 1e-14);
          expectClose(energy.deviation, direct.deviation, 1e-13);

          const { mean, variance } = samplingMoments(psi, ids);
          const relation = uncertaintyAtInput(operator, psi, ids);
          expectClose(relation.covariance, direct.crossRe - mean * direct.mean, 1e-13);
          expectClose(relation.commutator, Math.abs(direct.crossIm), 1e-13);
          expectClose(relation.product, variance * direct.deviation ** 2, 1e-12);
          expectClose(relation.bound, relation.covariance ** 2 + relation.commutator ** 2, 1e-14);
          expect(relation.bound).toBeLessThanOrEqual(relation.product * (1 + 1e-12));
        }
      }
    });
  }

  it('the commutator vanishes for householder, the covariance for rotation', () => {
    const [a, b] = [randomState(10, 1), randomState(10, 2)];
    expect(uncertaintyAtInput(householder(backend, a, b), a).commutator).toBe(0);
    expectClose(uncertaintyAtInput(rotation(backend, a, b), a).covariance, 0, 1e-15);
  });

  it('V = 2: a rotation saturates the bound, since SH|ψ⟩ has one direction left', () => {
    const [a, b] = [stateFromLaw([0.3, 0.7]), stateFromLaw([0.6, 0.4])];
    const { product, bound } = uncertaintyAtInput(rotation(backend, a, b), a);
    expect(product).toBeGreaterThan(0.01);
    expectClose(bound, product, 1e-15);
  });

  it('at θ = π/2 the householder energy is π/2α and its deviation π/2α', () => {
    const operator = householder(backend, Float64Array.of(1, 0), Float64Array.of(0, 1), { alpha: 2 });
    expectClose(energyAtInput(operator).mean, Math.PI / 4, 4e-16);
    expectClose(energyAtInput(operator).deviation, Math.PI / 4, 4e-16);
  });

  it('the identity has no energy', () => {
    const psi = randomState(4, 1);
    const operator = householder(backend, psi, psi);
    expect(energyAtInput(operator)).toEqual({ mean: 0, deviation: 0 });
    expect(uncertaintyAtInput(operator, psi)).toEqual({ product: 0, covariance: 0, commutator: 0, bound: 0 });
    expect(() => uncertaintyAtInput(operator, randomState(5, 1))).toThrow(ShapeError);
  });
});
