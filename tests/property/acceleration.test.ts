import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anderson } from '../../src/linalg/acceleration/anderson.ts';
import {
  aitken,
  andersonOfSequence,
  borelPade,
  borelPadeOfSequence,
  minimalPolynomial,
  reducedRank,
  scalarEpsilon,
  vectorEpsilon,
} from '../../src/linalg/acceleration/index.ts';
import { eachBackend } from '../support/backends.ts';
import { expectClose, maxError, testNumbers } from '../support/numbers.ts';

const SETTINGS = { numRuns: 60, seed: 20261122 };

/** s_j = limit + Σ_i c_i λ_i^j v_i with r well separated ratios, some of them above 1 in size: extrapolation sums divergent modes too. */
const linearSequence = fc
  .record({
    r: fc.integer({ min: 1, max: 4 }),
    n: fc.integer({ min: 4, max: 12 }),
    seed: fc.nat(1_000_000),
    divergent: fc.boolean(),
  })
  .map(({ r, n, seed, divergent }) => {
    const ratios = [divergent ? -1.3 : 0.8, -0.6, 0.45, -0.25].slice(0, r);
    const limit = testNumbers(n, seed + 1);
    const modes = ratios.map((_, i) => testNumbers(n, seed + 100 * (i + 2)));
    const term = (j: number) =>
      Float64Array.from(limit, (value, c) => ratios.reduce((sum, ratio, i) => sum + ratio ** j * modes[i]![c]!, value));
    return { r, limit, terms: (count: number) => Array.from({ length: count }, (_, j) => term(j)) };
  });

eachBackend('extrapolation of linear sequences of rank r', (backend) => {
  it('is exact after r + 2 terms (MPE, RRE, Anderson) and after 2r + 1 terms (epsilon)', () => {
    fc.assert(
      fc.property(linearSequence, ({ r, limit, terms }) => {
        const [short, long] = [terms(r + 2), terms(2 * r + 1)];
        const exact = {
          minimalPolynomial: minimalPolynomial(backend, short),
          reducedRank: reducedRank(backend, short),
          andersonOfSequence: andersonOfSequence(backend, short),
          vectorEpsilon: vectorEpsilon(long),
        };
        for (const [name, { value, order, fallbacks }] of Object.entries(exact)) {
          expectClose(maxError(value, limit), 0, 2e-7, name);
          expect([order, fallbacks]).toEqual([r, 0]);
        }
        if (r === 1) expectClose(maxError(aitken(long).value, limit), 0, 1e-9, 'aitken');
        // Component by component the modes may nearly vanish, and then digits are lost.
        const scalar = scalarEpsilon(long).value;
        const errors = [...scalar].map((value, i) => Math.abs(value - limit[i]!)).sort((a, b) => a - b);
        expectClose(errors[Math.floor(errors.length / 2)]!, 0, 1e-6, 'scalarEpsilon');
      }),
      SETTINGS,
    );
  });

  it('is not exact one term earlier', () => {
    const limit = testNumbers(6, 9);
    const modes = [testNumbers(6, 10), testNumbers(6, 11)];
    const terms = Array.from({ length: 4 }, (_, j) =>
      limit.map((value, c) => value + 0.8 ** j * modes[0]![c]! + (-0.5) ** j * modes[1]![c]!),
    );
    for (const method of [minimalPolynomial, reducedRank, andersonOfSequence]) {
      expect(maxError(method(backend, terms.slice(0, 3)).value, limit)).toBeGreaterThan(1e-3);
    }
    expect(maxError(vectorEpsilon(terms).value, limit)).toBeGreaterThan(1e-3);
  });

  it('terms beyond convergence do not spoil it', () => {
    for (let seed = 0; seed < 1000; seed++) {
      const [limit, size] = testNumbers(2, seed);
      for (const count of [5, 7]) {
        const terms = Array.from({ length: count }, (_, j) => [limit! + size! * 0.9 ** j]);
        expectClose(scalarEpsilon(terms).value[0]!, limit!, 1e-9, `${count} terms, seed ${seed}`);
      }
    }
  });

  it('weights sum to 1 and shift and scale with the terms', () => {
    fc.assert(
      fc.property(linearSequence, ({ r, terms }) => {
        // One term too few, so that the value depends on how the method chooses.
        const given = terms(r + 2).map((term, j) => term.map((value, i) => value + 0.01 * ((j * 7 + i * 3) % 5)));
        for (const method of [minimalPolynomial, reducedRank, andersonOfSequence]) {
          const { value, weights } = method(backend, given);
          expectClose(
            weights.reduce((sum, weight) => sum + weight, 0),
            1,
            1e-9 * Math.max(1, ...weights.map(Math.abs)),
          );
          const moved = method(
            backend,
            given.map((term) => term.map((x) => 2 * x + 3)),
          ).value;
          const size = Math.max(1, ...value.map(Math.abs), ...weights.map((x) => x * x));
          expectClose(
            maxError(
              moved,
              value.map((x) => 2 * x + 3),
            ),
            0,
            1e-9 * size,
          );
        }
      }),
      SETTINGS,
    );
  });

  it('converged sequences stay where they are, and constant steps are counted as breakdowns', () => {
    const constant = [
      [1, 2],
      [1, 2],
      [1, 2],
      [1, 2],
      [1, 2],
    ];
    for (const found of [
      aitken(constant),
      vectorEpsilon(constant),
      scalarEpsilon(constant),
      minimalPolynomial(backend, constant),
      reducedRank(backend, constant),
      andersonOfSequence(backend, constant),
      borelPadeOfSequence(backend, constant),
    ]) {
      expectClose(maxError(found.value, [1, 2]), 0, 1e-14);
    }
    expect(aitken([[0], [1], [2]])).toMatchObject({ value: Float64Array.of(2), fallbacks: 1 });
    expect(minimalPolynomial(backend, [[0], [1], [2]])).toMatchObject({ value: Float64Array.of(2), fallbacks: 1 });
  });

  it('Borel–Padé sums Euler’s series, and reports a pole on t > 0', () => {
    const sumsOf = (a: (k: number) => number, n: number) => {
      let sum = 0;
      return Array.from({ length: n }, (_, k) => {
        sum += a(k);
        return sum;
      });
    };
    const factorial = (k: number): number => (k < 2 ? 1 : k * factorial(k - 1));
    // ∫ e^{−t}/(1 + t) dt = e·E₁(1), a rational Borel transform: exact from three terms on, however many are given.
    for (const n of [3, 6, 9]) {
      expectClose(
        borelPade(
          backend,
          sumsOf((k) => (-1) ** k * factorial(k), n),
        ).value!,
        0.596347362323194,
        1e-12,
        `${n}`,
      );
    }
    // ∫ e^{−t} r²/((t − 1)² + d²) dt, r² = 1 + d²: poles 1 ± di next to the axis. Values by mpmath.
    for (const [d, value] of [
      [0.05, 22.8411696824315],
      [0.002, 577.562006492395],
    ] as const) {
      const square = 1 + d * d;
      const b = [1, 2 / square];
      for (let k = 2; k < 5; k++) b.push((2 * b[k - 1]! - b[k - 2]!) / square);
      const sums = sumsOf((k) => factorial(k) * b[k]!, 5);
      expectClose(borelPade(backend, sums).value! / value, 1, 1e-14 / d ** 2, `d = ${d}`);
    }
    const same = borelPade(backend, sumsOf(factorial, 8));
    expect(same).toMatchObject({ value: null, failure: 'pole' });
    expectClose((same as { pole: number }).pole, 1, 1e-9);
    const mixed = borelPadeOfSequence(
      backend,
      sumsOf(factorial, 6).map((sum, k) => [sum, sumsOf((j) => (-1) ** j * factorial(j), 6)[k]!]),
    );
    expect(mixed.fallbacks).toBe(1);
    expect(mixed.value[0]).toBe(sumsOf(factorial, 6)[5]);
    // A convergent series keeps its sum: Σ 1/k! has an entire Borel transform.
    expectClose(
      borelPade(
        backend,
        sumsOf((k) => (-0.5) ** k / factorial(k), 10),
      ).value!,
      Math.exp(-0.5),
      1e-9,
    );
  });

  it('Anderson solves a linear system in one evaluation more than its dimension', () => {
    const g = (v: ArrayLike<number>) => [0.5 * v[0]! + 0.3 * v[1]! + 1, -0.2 * v[0]! + 0.4 * v[1]! + 2];
    const inputs: ArrayLike<number>[] = [[0, 0]];
    for (let step = 0; step < 3; step++) inputs.push(anderson(backend, inputs, inputs.map(g)).value);
    const [x, y] = inputs.at(-1)! as unknown as [number, number];
    const [gx, gy] = g([x, y]) as [number, number];
    expectClose(x, gx, 1e-12);
    expectClose(y, gy, 1e-12);
  });

  it('refuses what is no sequence', () => {
    expect(() => aitken([[1], [2]])).toThrow('aitken: sequence must have at least 3 terms, but it has 2.');
    expect(() => vectorEpsilon([])).toThrow('at least 1 terms');
    expect(() => reducedRank(backend, [[1], [2, 3], [4]])).toThrow('sequence[1] must have 1 elements');
    expect(() => minimalPolynomial(backend, [[1], [Number.NaN], [4]])).toThrow('sequence[1][0] is NaN');
    expect(() => scalarEpsilon([[]])).toThrow('sequence[0].length');
    expect(() => anderson(backend, [[1]], [])).toThrow('outputs must have 1 elements');
    expect(() => anderson(backend, [[1]], [[2]], { memory: 0 })).toThrow('memory must be an integer of at least 1');
    expect(() => borelPade(backend, [1, Number.POSITIVE_INFINITY])).toThrow('Infinity');
  });
});
