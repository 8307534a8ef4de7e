import { Complex } from 'complex.js';
import { expect, it } from 'vitest';
import { CapacityError, DomainError, NonFiniteError, ShapeError } from '../../src/core/errors.ts';
import {
  applyHamiltonian,
  applyUnitary,
  eigenvector,
  hamiltonianMatrix,
  householder,
  rotation,
  type StateOperator,
  spectralUpdate,
  stateFromLaw,
  unitaryMatrix,
} from '../../src/qlens/index.ts';
import { eachBackend } from '../support/backends.ts';
import { expectClose, maxError, testNumbers } from '../support/numbers.ts';

const MAKERS = { householder, rotation };
const TOLERANCE = 1e-12;

function randomState(V: number, seed: number, zeros = 0): Float64Array {
  const weights = testNumbers(V, seed).map((x, i) => (i < zeros ? 0 : Math.exp(4 * x)));
  const sum = weights.reduce((total, x) => total + x, 0);
  return stateFromLaw(weights.map((x) => x / sum));
}

function oneHot(V: number, unit: number): Float64Array {
  const psi = new Float64Array(V);
  psi[unit] = 1;
  return psi;
}

/** The state at angle `t` from psi, towards a direction orthogonal to it. */
function turned(psi: Float64Array, t: number): Float64Array {
  const other = randomState(psi.length, 77);
  const overlap = psi.reduce((sum, x, i) => sum + x * other[i]!, 0);
  const e = other.map((x, i) => x - overlap * psi[i]!);
  const norm = Math.sqrt(e.reduce((sum, x) => sum + x * x, 0));
  const next = psi.map((x, i) => Math.cos(t) * x + (Math.sin(t) / norm) * e[i]!);
  const length = Math.sqrt(next.reduce((sum, x) => sum + x * x, 0));
  return next.map((x) => x / length);
}

const norm = (x: ArrayLike<number>): number => Math.sqrt(Array.from(x).reduce((sum, value) => sum + value * value, 0));
const distance = (x: Float64Array, y: Float64Array): number => norm(x.map((value, i) => value - y[i]!));

const pairs: [string, Float64Array, Float64Array][] = [
  ...[2, 5, 50, 512, 50257].map((V): [string, Float64Array, Float64Array] => [
    `V = ${V}`,
    randomState(V, 1),
    randomState(V, 2),
  ]),
  ...[2, 5, 50, 512, 50257].map((V): [string, Float64Array, Float64Array] => [
    `V = ${V}, 1e-9 apart`,
    randomState(V, 3),
    turned(randomState(V, 3), 1e-9),
  ]),
  ['V = 512, 1e-6 apart', randomState(512, 3), turned(randomState(512, 3), 1e-6)],
  ['V = 512, 3e-12 apart', randomState(512, 3), turned(randomState(512, 3), 3e-12)],
  ['one-hot to another', oneHot(5, 1), oneHot(5, 3)],
  ['one-hot to spread', oneHot(50, 0), randomState(50, 4)],
  ['zero probabilities', randomState(50, 5, 20), randomState(50, 6, 7)],
];

eachBackend('QLens operators', (backend) => {
  for (const [kind, make] of Object.entries(MAKERS)) {
    it.each(pairs)(`${kind} takes ψ_in to ψ_out, is unitary and obeys Theorem 1: %s`, (_, psiIn, psiOut) => {
      const operator = make(backend, psiIn, psiOut);
      expect(operator.identity).toBe(false);
      expect(distance(applyUnitary(backend, operator, psiIn), psiOut)).toBeLessThanOrEqual(TOLERANCE);
      expect(distance(applyUnitary(backend, operator, psiOut, { adjoint: true }), psiIn)).toBeLessThanOrEqual(
        TOLERANCE,
      );
      const change = psiOut.map((x, i) => x - psiIn[i]!);
      expect(distance(spectralUpdate(backend, operator, psiIn), change)).toBeLessThanOrEqual(TOLERANCE);
      for (const probe of [testNumbers(operator.V, 9), psiIn, change]) {
        const there = applyUnitary(backend, operator, probe);
        const back = applyUnitary(backend, operator, there, { adjoint: true });
        expect(distance(back, probe)).toBeLessThanOrEqual(TOLERANCE * norm(probe));
        expectClose(norm(there), norm(probe), TOLERANCE * norm(probe));
        const spectral = spectralUpdate(backend, operator, probe).map((x, i) => x + probe[i]!);
        expect(distance(spectral, there)).toBeLessThanOrEqual(TOLERANCE * norm(probe));
      }
    });

    it(`${kind} has orthonormal eigenvectors: H h = λ h`, () => {
      const operator = make(backend, randomState(50, 1), randomState(50, 2), { alpha: -0.7 });
      operator.levels.forEach(({ energy, updateFactor }, k) => {
        const h = eigenvector(operator, k);
        expectClose(norm(h), 1, 1e-14);
        const re = h.filter((_, i) => i % 2 === 0);
        const im = h.filter((_, i) => i % 2 === 1);
        const [Hre, Him] = [applyHamiltonian(backend, operator, re), applyHamiltonian(backend, operator, im)];
        const Hh = Hre.map((x, i) => (i % 2 === 0 ? x - Him[i + 1]! : x + Him[i - 1]!));
        expect(
          distance(
            Hh,
            h.map((x) => energy * x),
          ),
        ).toBeLessThanOrEqual(1e-13);
        const phase = new Complex(0, -0.7 * energy).exp().sub(1);
        expectClose(updateFactor.re, phase.re, 1e-15);
        expectClose(updateFactor.im, phase.im, 1e-15);
      });
    });

    it.each([2, 3, 5, 12])(`${kind} is exp(iαH) densely, V = %i`, (V) => {
      const alpha = 1.3;
      const operator = make(backend, randomState(V, 1), randomState(V, 2), { alpha });
      const U = unitaryMatrix(operator);
      const H = hamiltonianMatrix(operator);
      for (let i = 0; i < V; i++) {
        for (let j = 0; j < V; j++) {
          expectClose(H[2 * (i * V + j)]!, H[2 * (j * V + i)]!, 1e-15);
          expectClose(H[2 * (i * V + j) + 1]!, -H[2 * (j * V + i) + 1]!, 1e-15);
        }
      }
      const { re, im } = expI(H, V, alpha);
      expect(maxError(re, U)).toBeLessThanOrEqual(1e-13);
      expect(maxError(im, new Float64Array(V * V))).toBeLessThanOrEqual(1e-13);
    });

    it(`${kind} of coinciding states is the flagged identity`, () => {
      const psi = randomState(50, 1);
      for (const next of [psi.slice(), turned(psi, 1e-13)]) {
        const operator = make(backend, psi, next);
        expect(operator).toMatchObject({ identity: true, rank: 0, levels: [] });
        expect([...applyUnitary(backend, operator, psi)]).toEqual([...psi]);
        expect([...spectralUpdate(backend, operator, psi)]).toEqual(new Array(50).fill(0));
        expect([...applyHamiltonian(backend, operator, psi)]).toEqual(new Array(100).fill(0));
        expect(operator.angle).toBeLessThan(2e-13);
      }
      expect(make(backend, psi, turned(psi, 1e-6), { identityTolerance: 1e-5 }).identity).toBe(true);
      expect(make(backend, psi, psi, { identityTolerance: 0 }).identity).toBe(true);
    });

    it(`${kind} leaves no memory behind and refuses bad input`, () => {
      const before = backend.memory.bytesInUse;
      const psi = randomState(5, 1);
      make(backend, psi, randomState(5, 2));
      expect(backend.memory.bytesInUse).toBe(before);
      expect(() => make(backend, psi, randomState(6, 2))).toThrow(
        `${kind}: psiOut must have 5 elements, but it has 6.`,
      );
      expect(() =>
        make(
          backend,
          psi.map((x) => 2 * x),
          psi,
        ),
      ).toThrow(DomainError);
      expect(() => make(backend, psi, Float64Array.of(1, 0, 0, 0, Number.NaN))).toThrow(NonFiniteError);
      expect(() => make(backend, new Float64Array(0), new Float64Array(0))).toThrow(ShapeError);
      expect(() => make(backend, psi, psi, { alpha: 0 })).toThrow(
        `${kind}: alpha must have a modulus from 1e-100 to 1e100, but it is 0.`,
      );
      expect(() => make(backend, psi, psi, { identityTolerance: Number.NaN })).toThrow(DomainError);
    });
  }

  it('householder has the spectrum {π/α, 0, …}, rotation ±θ/α', () => {
    const [a, b] = [stateFromLaw([0.9, 0.1]), stateFromLaw([0.1, 0.9])];
    const reflection = householder(backend, a, b, { alpha: 2 });
    expect(reflection.levels.map((level) => level.energy)).toEqual([Math.PI / 2]);
    expect(reflection.levels[0]!.updateFactor).toMatchObject({ re: -2, im: 0 });
    expect(maxError(reflection.basis, [-Math.SQRT1_2, Math.SQRT1_2])).toBeLessThanOrEqual(1e-15);
    const turn = rotation(backend, a, b, { alpha: 2 });
    const theta = Math.acos(0.6);
    expect(
      maxError(
        turn.levels.map((level) => level.energy),
        [theta / 2, -theta / 2],
      ),
    ).toBeLessThanOrEqual(1e-15);
    expect(maxError(unitaryMatrix(turn), [0.6, -0.8, 0.8, 0.6])).toBeLessThanOrEqual(1e-15);
  });

  it('rotation by a right angle joins one-hot states', () => {
    const turn = rotation(backend, oneHot(3, 0), oneHot(3, 2));
    expect(turn.angle).toBe(Math.PI / 2);
    expect(maxError(unitaryMatrix(turn), [0, 0, -1, 0, 1, 0, 1, 0, 0])).toBeLessThanOrEqual(4e-16);
  });

  it('resolves the angle of states 1e-9 apart, where arccos gives 0', () => {
    const psi = randomState(50, 3);
    const { angle, overlap } = rotation(backend, psi, turned(psi, 1e-9));
    expectClose(angle, 1e-9, 1e-15);
    expect(Math.acos(Math.min(1, overlap)) === angle).toBe(false);
  });

  it('refuses V×V matrices at large V, and eigenpairs that are not there', () => {
    const large: StateOperator = householder(backend, oneHot(2000, 0), oneHot(2000, 1));
    expect(() => unitaryMatrix(large)).toThrow(
      /unitaryMatrix: V must be at most 1024, but it is 2000, a matrix of 32000000 bytes/,
    );
    expect(() => hamiltonianMatrix(large)).toThrow(CapacityError);
    expect(() => eigenvector(large, 1)).toThrow(DomainError);
    expect(() => applyUnitary(backend, large, new Float64Array(3))).toThrow(ShapeError);
  });
});

/** exp(iαH) by its Taylor series: ‖αH‖ ≤ π, so 60 terms leave nothing. H and the powers are V×V complex. */
function expI(H: Float64Array, V: number, alpha: number): { re: Float64Array; im: Float64Array } {
  const [re, im] = [new Float64Array(V * V), new Float64Array(V * V)];
  let [termRe, termIm] = [new Float64Array(V * V), new Float64Array(V * V)];
  for (let i = 0; i < V; i++) termRe[i * V + i] = 1;
  for (let n = 1; n <= 60; n++) {
    for (let i = 0; i < V * V; i++) {
      re[i]! += termRe[i]!;
      im[i]! += termIm[i]!;
    }
    const [nextRe, nextIm] = [new Float64Array(V * V), new Float64Array(V * V)];
    for (let i = 0; i < V; i++) {
      for (let j = 0; j < V; j++) {
        for (let k = 0; k < V; k++) {
          const [a, b] = [-alpha * H[2 * (i * V + k) + 1]!, alpha * H[2 * (i * V + k)]!];
          nextRe[i * V + j]! += (a * termRe[k * V + j]! - b * termIm[k * V + j]!) / n;
          nextIm[i * V + j]! += (a * termIm[k * V + j]! + b * termRe[k * V + j]!) / n;
        }
      }
    }
    [termRe, termIm] = [nextRe, nextIm];
  }
  return { re, im };
}
