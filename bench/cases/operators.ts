/** A data set of operators of published size: similarities, the Gram matrix of two groups, permutation tests. */
import { type Backend, type linalg, qlens } from '../../src/index.ts';
import type { Case, Prepared } from '../case.ts';
import { numpyPermutations, numpySimilarity } from '../peers/numpy-operators.ts';

const V = 50_258;
const PERMUTATIONS = 1000;

/** Vectors of one lane, made when the first case asks for them. */
const held = new WeakMap<Backend, Map<string, qlens.UnitVectors>>();

function vectorsOf(backend: Backend, count: number, units: number, seed: bigint): qlens.UnitVectors {
  const ofLane = held.get(backend) ?? new Map<string, qlens.UnitVectors>();
  held.set(backend, ofLane);
  const key = `${count} ${units} ${seed}`;
  const vectors = ofLane.get(key) ?? qlens.baselineVectors(backend, 'random-states', units, count, seed);
  ofLane.set(key, vectors);
  return vectors;
}

function operatorCase(
  name: string,
  flops: number,
  prepare: (backend: Backend) => Prepared,
  peers: Case['peers'] = [],
): Case {
  const work = { amount: flops, unit: 'GFLOP/s' } as const;
  return {
    group: 'operators',
    name,
    precision: 'f64',
    work,
    prepare,
    peers,
    long: true,
    withoutTwin: true,
    timed: ['wasm'],
  };
}

/** `run` keeps what it computed for `outputs`. */
function computing(compute: () => readonly number[] | Float64Array): Prepared {
  let last = new Float64Array(0);
  return {
    run: () => {
      last = Float64Array.from(compute());
    },
    outputs: () => [{ name: 'result', data: last }],
  };
}

type Test = (
  backend: Backend,
  cosines: linalg.Matrix,
  first: number,
  options: qlens.PermutationOptions,
) => qlens.PermutationTest;

function testCase(label: string, m: number, test: Test, peers?: Case['peers']): Case {
  return operatorCase(
    `${PERMUTATIONS} permutations of 2 × ${m}, ${label}`,
    2 * (2 * m) ** 2 * PERMUTATIONS,
    (backend) => {
      // What a test costs does not depend on V.
      const cosines = qlens.cosineMatrix(
        backend,
        [1n, 2n].map((seed) => vectorsOf(backend, m, 200, seed)),
      );
      return computing(() => [test(backend, cosines, m, { permutations: PERMUTATIONS }).statistic]);
    },
    peers,
  );
}

/** Two groups of m operators. */
export function operatorCases(m: number): readonly Case[] {
  return [
    operatorCase(
      `mean similarity of ${m}, V = ${V}`,
      m * m * V,
      (backend) => computing(() => [qlens.meanSimilarity(backend, vectorsOf(backend, m, V, 1n))!]),
      numpySimilarity(m, V),
    ),
    operatorCase(`Gram matrix of 2 × ${m}, V = ${V}`, (2 * m) ** 2 * V, (backend) =>
      computing(
        () =>
          qlens.cosineMatrix(
            backend,
            [1n, 2n].map((seed) => vectorsOf(backend, m, V, seed)),
          ).data,
      ),
    ),
    testCase('similarity', m, qlens.similarityTest),
    testCase('energy', m, qlens.energyTest),
    testCase('mean change', m, qlens.meanChangeTest, numpyPermutations(2 * m, V, PERMUTATIONS)),
  ];
}
