import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DomainError, ShapeError } from '../../src/core/errors.ts';
import { ComplexMatrix, expm, Matrix, multiply, qr, svd } from '../../src/linalg/index.ts';
import {
  applyUnitary,
  hamiltonianMatrix,
  procrustes,
  rotation,
  spectralUpdate,
  stateFromLaw,
  unitaryMatrix,
} from '../../src/qlens/index.ts';
import { eachBackend } from '../support/backends.ts';
import { expectClose, maxError, testNumbers } from '../support/numbers.ts';

function randomState(V: number, seed: number): Float64Array {
  const weights = testNumbers(V, seed).map((x) => Math.exp(3 * x));
  const sum = weights.reduce((total, x) => total + x, 0);
  return stateFromLaw(weights.map((x) => x / sum));
}

const randomStates = (m: number, V: number, seed: number) =>
  Array.from({ length: m }, (_, i) => randomState(V, 7919 * seed + 104_729 * i));

function oneHot(V: number, unit: number): Float64Array {
  const psi = new Float64Array(V);
  psi[unit] = 1;
  return psi;
}

/** A state about `size` away. */
function nearby(psi: Float64Array, size: number, seed: number): Float64Array {
  const law = psi.map((x, u) => x * x * Math.exp(size * testNumbers(psi.length, seed)[u]!));
  const sum = law.reduce((total, x) => total + x, 0);
  return stateFromLaw(law.map((x) => x / sum));
}

const squares = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, i) => sum + (value - y[i]!) ** 2, 0);

eachBackend('procrustes', (backend) => {
  it.each([
    ['V = 2', randomState(2, 1), randomState(2, 2)],
    ['V = 5', randomState(5, 1), randomState(5, 2)],
    ['V = 50', randomState(50, 1), randomState(50, 2)],
    ['one-hot to another', oneHot(5, 1), oneHot(5, 3)],
    ['one-hot to another, V = 2', oneHot(2, 1), oneHot(2, 0)],
    ['1e-9 apart', randomState(50, 3), nearby(randomState(50, 3), 1e-9, 4)],
  ])('of one step is its rotation: %s', (_, psiIn, psiOut) => {
    const [one, other] = [
      procrustes(backend, [psiIn], [psiOut], { alpha: 0.7 }),
      rotation(backend, psiIn, psiOut, { alpha: 0.7 }),
    ];
    expect(maxError(unitaryMatrix(one), unitaryMatrix(other))).toBeLessThan(1e-14);
    expect(maxError(hamiltonianMatrix(one), hamiltonianMatrix(other))).toBeLessThan(2e-14);
    expectClose(one.levels[0]!.energy ** 2, other.levels[0]!.energy ** 2, 1e-14);
  });

  it.each([
    [1, 2],
    [3, 2],
    [3, 5],
    [9, 5],
    [4, 50],
    [30, 50],
    [3, 50_257],
  ])('leaves 2m − 2‖M‖_*, is unitary and obeys Theorem 1, m = %i, V = %i', (m, V) => {
    const [psiIn, psiOut] = [randomStates(m, V, 1), randomStates(m, V, 2)];
    const operator = procrustes(backend, psiIn, psiOut);
    let left = 0;
    for (const [i, psi] of psiIn.entries()) {
      const moved = applyUnitary(backend, operator, psi);
      left += squares(moved, psiOut[i]!);
      expectClose(squares(moved, new Float64Array(V)), 1, 1e-12);
      const change = spectralUpdate(backend, operator, psi);
      expect(
        squares(
          change,
          moved.map((x, u) => x - psi[u]!),
        ),
      ).toBeLessThan(1e-24);
    }
    expectClose(operator.residual, left, 1e-12);
    expectClose(operator.residual, 2 * m - 2 * operator.nuclearNorm, 1e-12);
    const probe = testNumbers(V, 99);
    const back = applyUnitary(backend, operator, applyUnitary(backend, operator, probe), { adjoint: true });
    expect(maxError(back, probe)).toBeLessThan(1e-12);
    expect(operator.rank).toBeLessThanOrEqual(Math.min(V, 2 * m));
    for (const { energy } of operator.levels) expect(Math.abs(energy)).toBeLessThanOrEqual(Math.PI);
  });

  it.each([
    [3, 5],
    [6, 12],
    [9, 4],
  ])('is exp(iαH), and its residual that of the dense M, m = %i, V = %i', (m, V) => {
    const [psiIn, psiOut] = [randomStates(m, V, 3), randomStates(m, V, 4)];
    const alpha = -1.7;
    const operator = procrustes(backend, psiIn, psiOut, { alpha });
    const U = unitaryMatrix(operator);
    const H = hamiltonianMatrix(operator);
    const generator = new ComplexMatrix(
      V,
      V,
      H.map((_, i) => (i % 2 === 0 ? -alpha * H[i + 1]! : alpha * H[i - 1]!)),
    );
    const exponential = expm(backend, generator).value.data;
    expect(
      maxError(
        exponential.filter((_, i) => i % 2 === 0),
        U,
      ),
    ).toBeLessThan(1e-13);
    expect(Math.max(...exponential.filter((_, i) => i % 2 === 1).map(Math.abs))).toBeLessThan(1e-13);
    for (let i = 0; i < V; i++) {
      for (let j = 0; j < V; j++) {
        expectClose(H[2 * (i * V + j)]!, H[2 * (j * V + i)]!, 1e-14);
        expectClose(H[2 * (i * V + j) + 1]!, -H[2 * (j * V + i) + 1]!, 1e-14);
      }
    }
    const M = multiply(backend, Matrix.fromRows(psiOut), Matrix.fromRows(psiIn), { opA: 'transpose' });
    const nuclear = svd(backend, M).values.reduce((sum, value) => sum + value, 0);
    expectClose(operator.nuclearNorm, nuclear, 1e-13);
    const best = Matrix.fromRows(Array.from({ length: V }, (_, i) => U.slice(i * V, (i + 1) * V)));
    const overlap = multiply(backend, best, M, { opA: 'transpose' });
    expectClose(
      Array.from({ length: V }, (_, i) => overlap.at(i, i)).reduce((a, b) => a + b),
      nuclear,
      1e-13,
    );
  });

  it('finds a permutation of the units from enough states, with phase +π for every transposition', () => {
    const V = 7;
    const image = [1, 0, 2, 4, 3, 6, 5];
    const psiIn = randomStates(9, V, 5);
    const psiOut = psiIn.map((psi) => psi.map((_, u) => psi[image[u]!]!));
    const operator = procrustes(backend, psiIn, psiOut);
    expectClose(operator.residual, 0, 1e-24);
    expect(
      maxError(
        unitaryMatrix(operator),
        Float64Array.from({ length: 49 }, (_, at) => (image[Math.floor(at / 7)] === at % 7 ? 1 : 0)),
      ),
    ).toBeLessThan(1e-12);
    expect(operator.levels.map(({ energy }) => energy)).toEqual([Math.PI, Math.PI, Math.PI]);
  });

  it('is the identity away from the states, and where two overlap no more', () => {
    const V = 12;
    const first = (seed: number) => {
      const psi = new Float64Array(V);
      psi.set(randomState(6, seed));
      return psi;
    };
    const operator = procrustes(backend, [first(1), first(2)], [first(3), first(4)]);
    const elsewhere = Float64Array.from({ length: V }, (_, u) => (u < 6 ? 0 : u));
    expect(maxError(applyUnitary(backend, operator, elsewhere), elsewhere)).toBeLessThan(1e-15);
    expect(operator.rank).toBe(4);
  });

  it('of all that leave as little it is the closest to 1: no turn of what no state reaches has a larger trace', () => {
    const [m, V] = [2, 7];
    const [psiIn, psiOut] = [randomStates(m, V, 11), randomStates(m, V, 12)];
    const U = new Matrix(V, V, unitaryMatrix(procrustes(backend, psiIn, psiOut)));
    const trace = (a: Matrix) => Array.from({ length: V }, (_, i) => a.at(i, i)).reduce((sum, x) => sum + x, 0);
    const { q } = qr(
      backend,
      new Matrix(
        V,
        m,
        Float64Array.from({ length: V * m }, (_, at) => psiOut[at % m]![Math.floor(at / m)]!),
      ),
      { vectors: 'full' },
    );
    const free = Matrix.fromRows(q.toRows().map((row) => row.slice(m)));
    const k = V - m;
    for (let i = 0; i < k; i++) {
      for (let j = 0; j < i; j++) {
        const turn = Matrix.fromRows(
          Array.from({ length: k }, (_, a) => Array.from({ length: k }, (_, b) => (a === b ? 1 : 0))),
        );
        turn.data[i * k + i] = turn.data[j * k + j] = Math.cos(1e-3);
        turn.data[i * k + j] = Math.sin(1e-3);
        turn.data[j * k + i] = -Math.sin(1e-3);
        for (const opA of ['none', 'transpose'] as const) {
          const turned = multiply(
            backend,
            free,
            multiply(backend, turn, multiply(backend, free, U, { opA: 'transpose' }), { opA }),
          );
          const kept = multiply(backend, free, multiply(backend, free, U, { opA: 'transpose' }));
          expect(trace(turned) - trace(kept)).toBeLessThanOrEqual(1e-15);
        }
      }
    }
  });

  it('minimises: no small rotation does better', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 0, max: 4 }),
        fc.integer({ min: 0, max: 4 }),
        (seed, i, j) => {
          const [psiIn, psiOut] = [randomStates(3, 5, seed), randomStates(3, 5, seed + 1000)];
          const operator = procrustes(backend, psiIn, psiOut);
          let turned = 0;
          for (const [k, psi] of psiIn.entries()) {
            const moved = applyUnitary(backend, operator, psi);
            if (i !== j) {
              const [a, b] = [moved[i]!, moved[j]!];
              moved[i] = Math.cos(0.01) * a - Math.sin(0.01) * b;
              moved[j] = Math.sin(0.01) * a + Math.cos(0.01) * b;
            }
            turned += squares(moved, psiOut[k]!);
          }
          expect(turned).toBeGreaterThanOrEqual(operator.residual - 1e-13);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('of states that do not move is the flagged identity; a state given twice adds no direction', () => {
    const [psi, other] = [randomState(6, 1), randomState(6, 2)];
    expect(procrustes(backend, [psi, other], [psi, other])).toMatchObject({
      identity: true,
      rank: 0,
      levels: [],
      residual: 0,
      nuclearNorm: 2,
    });
    const twice = procrustes(backend, [psi, psi], [other, other]);
    expect(twice.rank).toBe(2);
    expect(maxError(unitaryMatrix(twice), unitaryMatrix(rotation(backend, psi, other)))).toBeLessThan(1e-14);
  });

  it('leaves no memory behind and refuses bad input', () => {
    const before = backend.memory.bytesInUse;
    procrustes(backend, randomStates(3, 9, 1), randomStates(3, 9, 2));
    expect(backend.memory.bytesInUse).toBe(before);
    const psi = randomState(4, 1);
    expect(() => procrustes(backend, [], [])).toThrow(ShapeError);
    expect(() => procrustes(backend, [psi], [psi, psi])).toThrow(ShapeError);
    expect(() => procrustes(backend, [psi], [randomState(5, 1)])).toThrow('psiOut[0]');
    expect(() => procrustes(backend, [psi], [psi.map((x) => 2 * x)])).toThrow(DomainError);
    expect(() => procrustes(backend, [psi], [psi.map(() => Number.NaN)])).toThrow('psiOut[0]');
    expect(() => procrustes(backend, [psi], [psi], { alpha: 0 })).toThrow(DomainError);
  });
});
