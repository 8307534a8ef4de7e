import { describe, it } from 'vitest';
import { anderson } from '../../src/linalg/acceleration/anderson.ts';
import {
  aitken,
  borelPade,
  type Extrapolation,
  minimalPolynomial,
  reducedRank,
  scalarEpsilon,
  type VectorSequence,
  vectorEpsilon,
} from '../../src/linalg/acceleration/index.ts';
import { eachBackend } from '../support/backends.ts';
import { expectClose } from '../support/numbers.ts';
import golden from './acceleration.json' with { type: 'json' };
import fixedPoints from './fixed-points.json' with { type: 'json' };

eachBackend('extrapolation of given sequences', (backend) => {
  const methods = {
    vectorEpsilon,
    scalarEpsilon,
    minimalPolynomial: (terms: VectorSequence) => minimalPolynomial(backend, terms),
    reducedRank: (terms: VectorSequence) => reducedRank(backend, terms),
  };

  it.each(golden.vectors)('agrees with 60 digits, %#', (given) => {
    for (const [name, method] of Object.entries(methods)) {
      const expected = Object.entries(given).find(([key]) => key === name)?.[1] as number[] | undefined;
      if (expected === undefined) continue;
      const { value } = method(given.terms);
      const size = Math.max(1, ...expected.map(Math.abs));
      for (const [i, x] of expected.entries()) expectClose(value[i]!, x, 2e-12 * size, `${name}[${i}]`);
    }
  });

  it.each(golden.sums)('Borel–Padé, $name', ({ sums, value }) => {
    expectClose(borelPade(backend, sums).value!, value, 1e-10);
  });
});

/**
 * Iterations x → f(x) with an extrapolation now and then, and the fixed points and inputs that the regression suite of
 * FixedPointAcceleration.jl 1.1.1 has on record for all its languages (test/regression_refs.yaml, S. Baumann). Its rules: Anderson mixes up
 * to 10 pairs and at most one more than there are components, after every evaluation; Aitken's process on the last three terms after
 * every third evaluation; the others on every seven terms.
 */
const MAPS: Readonly<Record<string, (x: readonly number[]) => number[]>> = {
  cos: (x) => x.map(Math.cos),
  vector_2d: ([a, b]) => [0.5 * Math.sqrt(Math.abs(a! + b!)), 1.5 * a! + 0.5 * b!],
  complex_linear_1d: ([re, im]) => [(re! + 1) / 2, (im! + 2) / 2],
  complex_linear_2d: (x) => x.map((value, i) => (value + [1, 2, -3, 1][i]!) / 2),
  sqrt: (x) => x.map(Math.sqrt),
};
const MOST_EVALUATIONS = 200;
const CONVERGED = 1e-10;
const PERIOD = 7;

eachBackend('fixed points on record', (backend) => {
  const extrapolate: Readonly<Record<string, (terms: VectorSequence) => Extrapolation>> = {
    aitken,
    vectorEpsilon,
    scalarEpsilon,
    minimalPolynomial: (terms) => minimalPolynomial(backend, terms),
    reducedRank: (terms) => reducedRank(backend, terms),
  };

  function iterate(f: (x: readonly number[]) => number[], start: readonly number[], method: string) {
    const inputs: number[][] = [];
    const outputs: number[][] = [];
    let terms: number[][] = [[...start]];
    for (let x = [...start]; outputs.length < MOST_EVALUATIONS; ) {
      const y = f(x);
      inputs.push(x);
      outputs.push(y);
      terms.push(y);
      if (Math.max(...y.map((value, i) => Math.abs(value - x[i]!))) < CONVERGED) return { inputs, limit: y };
      if (method === 'anderson') {
        x = [...anderson(backend, inputs, outputs, { memory: Math.min(10, start.length + 1) }).value];
      } else if (terms.length === (method === 'aitken' ? 4 : PERIOD)) {
        x = [...extrapolate[method]!(terms).value];
        terms = [x];
      } else x = y;
    }
    throw new Error(`${method} has not converged`);
  }

  describe.each(fixedPoints)('of $map', ({ map, methods }) => {
    it.each(methods)('by $method', ({ method, inputs, limit }) => {
      const found = iterate(MAPS[map]!, inputs[0]!, method);
      for (const [i, value] of limit.entries()) expectClose(found.limit[i]!, value, 1e-9, `limit[${i}]`);
      for (const [k, input] of inputs.entries()) {
        for (const [i, value] of input.entries()) {
          expectClose(found.inputs[k]![i]!, value, 1e-12 * Math.max(1, Math.abs(value)), `input ${k}[${i}]`);
        }
      }
    });
  });
});
