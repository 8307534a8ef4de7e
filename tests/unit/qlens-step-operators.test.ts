import { expect, it } from 'vitest';
import { DomainError, ShapeError } from '../../src/core/errors.ts';
import {
  analyseDataSet,
  collectOperators,
  groupMeans,
  hamiltonianMatrix,
  pairMeanTest,
  procrustes,
  procrustesFit,
  randomSteps,
  rotation,
  rotationSimilarities,
  type StepProducts,
  stateFromLaw,
  stepProducts,
  UnitVectors,
  unitaryMatrix,
} from '../../src/qlens/index.ts';
import { eachBackend, wasmBackend } from '../support/backends.ts';
import { expectClose, testNumbers } from '../support/numbers.ts';

function stateOf(V: number, seed: number): Float64Array {
  const weights = testNumbers(V, seed).map((x) => Math.exp(3 * x));
  const sum = weights.reduce((total, x) => total + x, 0);
  return stateFromLaw(weights.map((x) => x / sum));
}

const statesOf = (m: number, V: number, seed: number) =>
  Array.from({ length: m }, (_, i) => stateOf(V, 7919 * seed + 104_729 * i));

function stepsOf(before: readonly Float64Array[], after: readonly Float64Array[]) {
  const [vectors, inputs] = [new UnitVectors(before[0]!.length), new UnitVectors(before[0]!.length)];
  before.forEach((psi, i) => {
    const change = after[i]!.map((x, u) => x - psi[u]!);
    const length = Math.sqrt(change.reduce((sum, x) => sum + x * x, 0));
    vectors.add(
      change.map((x) => x / length),
      length,
    );
    inputs.add(psi);
  });
  return { vectors, inputs };
}

eachBackend('operators of steps, from inner products', (backend) => {
  it.each([2, 5, 50])('similarities of rotations are the traces of their matrices, V = %i', (V) => {
    const [before, after] = [statesOf(5, V, 1), statesOf(5, V, 2)];
    const { hamiltonians, unitaries } = rotationSimilarities(stepProducts(backend, [stepsOf(before, after)]), V);
    const operators = before.map((psi, i) => rotation(backend, psi, after[i]!));
    const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, at) => sum + x * b[at]!, 0);
    for (const [i, first] of operators.entries()) {
      for (const [j, second] of operators.entries()) {
        const [H1, H2] = [hamiltonianMatrix(first), hamiltonianMatrix(second)];
        const exact = dot(H1, H2) / Math.sqrt(dot(H1, H1) * dot(H2, H2));
        expectClose(hamiltonians.at(i, j), exact, 3e-7);
        expectClose(unitaries.at(i, j), dot(unitaryMatrix(first), unitaryMatrix(second)) / V, 3e-7);
      }
    }
  });

  it.each([
    [1, 5],
    [4, 3],
    [6, 40],
    [40, 6],
  ])('the fit of one unitary is that of procrustes, m = %i, V = %i', (m, V) => {
    const [before, after] = [statesOf(m, V, 3), statesOf(m, V, 4)];
    const exact = procrustes(backend, before, after);
    const fit = procrustesFit(backend, stepProducts(backend, [stepsOf(before, after)]));
    expectClose(fit.nuclearNorm, exact.nuclearNorm, m * 2e-7);
    expectClose(fit.residual, exact.residual, m * 2e-7);
    const moved = before.reduce((sum, psi, i) => sum + psi.reduce((s, x, u) => s + (after[i]![u]! - x) ** 2, 0), 0);
    expectClose(fit.identityResidual, moved, 1e-12);
    expectClose(fit.explained, 1 - exact.residual / moved, 1e-6);
  });

  it('one unitary explains everything where the layer is a permutation of the units', () => {
    const before = statesOf(12, 8, 5);
    const after = before.map((psi) => Float64Array.from(psi).reverse());
    const { explained, residual } = procrustesFit(backend, stepProducts(backend, [stepsOf(before, after)]));
    expectClose(explained, 1, 1e-6);
    expectClose(residual, 0, 1e-6);
  });
});

it('all sets come one behind the other, and lengths are checked', () => {
  const first = stepsOf(statesOf(3, 4, 1), statesOf(3, 4, 2));
  const second = randomSteps(wasmBackend, 4, 2, 1n);
  const { states, lengths } = stepProducts(wasmBackend, [first, second]);
  expect([states.rows, lengths.length]).toEqual([5, 5]);
  const dot = first.inputs.rows[1]!.reduce((sum, x, u) => sum + x * second.inputs.rows[1]![u]!, 0);
  expectClose(states.at(1, 4), dot, 1e-7);
  const long = new UnitVectors(2);
  long.add(Float64Array.of(1, 0), 1.5);
  expect(() => stepProducts(wasmBackend, [{ vectors: long, inputs: long }])).toThrow(DomainError);
  expect(() => stepProducts(wasmBackend, [{ vectors: long, inputs: new UnitVectors(2) }])).toThrow(ShapeError);
});

it('means and tests of any similarity: its own, not its square', () => {
  const products: StepProducts = stepProducts(wasmBackend, [stepsOf(statesOf(9, 5, 1), statesOf(9, 5, 2))]);
  const { hamiltonians } = rotationSimilarities(products, 5);
  const { within } = groupMeans(hamiltonians, 4);
  let sum = 0;
  for (let i = 0; i < 4; i++) for (let j = 0; j < i; j++) sum += hamiltonians.at(i, j);
  expectClose(within[0].mean!, sum / 6, 1e-15);
  const { statistic, p, floor } = pairMeanTest(wasmBackend, hamiltonians, 4, { permutations: 99 });
  expectClose(statistic, within[0].mean! - within[1].mean!, 1e-14);
  expect(p).toBeGreaterThanOrEqual(floor);
});

it('a data set keeps its states if asked, and then has rotation and procrustes of every step', async () => {
  const V = 6;
  const sources = Array.from({ length: 7 }, (_, text) => ({
    names: ['embed', 'mid', 'post'],
    logitsOf: (stage: number) => testNumbers(V, 100 * text + (text === 3 && stage === 1 ? 0 : stage) + 1),
  }));
  const without = await collectOperators(wasmBackend, sources);
  expect(without.steps.map(({ inputs }) => inputs)).toEqual([null, null]);
  const operators = await collectOperators(wasmBackend, sources, { keepStates: true });
  const { steps } = analyseDataSet(wasmBackend, operators, { permutations: 19, umap: false });
  expect(operators.steps[0]!.inputs!.count).toBe(6);
  expect(operators.steps[0]!.inputs!.members).toEqual(operators.steps[0]!.vectors.members);
  for (const { statistics } of steps) {
    const { rotation: rotations, procrustes: fit } = statistics!.otherOperators!;
    expect(fit.residual).toBeLessThanOrEqual(fit.identityResidual);
    expect(rotations.meanAngle).toBeGreaterThan(0);
    expect(rotations.similarityTest.p).toBeGreaterThanOrEqual(0.05);
    expect(Math.abs(rotations.similarityH)).toBeLessThanOrEqual(1);
  }
  await expect(collectOperators(wasmBackend, sources, { keepStates: true, maxBytes: 400 })).rejects.toThrow('bytes');
});
