import { expect, it } from 'vitest';
import { DomainError, NonFiniteError, ShapeError } from '../../src/core/errors.ts';
import { continuousTerms, discreteTerms, magnusTerms, sampledGenerator } from '../../src/dyson/continuous.ts';
import { ComplexMatrix, expm, identity, Matrix, multiply } from '../../src/linalg/index.ts';
import { eachBackend } from '../support/backends.ts';
import { expectClose, maxError, testNumbers } from '../support/numbers.ts';

const random = (n: number, seed: number) => new Matrix(n, n, testNumbers(n * n, seed));
const sumOf = (terms: readonly Matrix[]) =>
  new Matrix(
    terms[0]!.rows,
    terms[0]!.columns,
    terms[0]!.data.map((_, i) => terms.reduce((s, { data }) => s + data[i]!, 0)),
  );

eachBackend('continuous Dyson and Magnus terms', (backend) => {
  // T^{Σa+k}/Π_j(a_1+…+a_j+j), a_1 innermost.
  it.each([
    [[2], 3],
    [[1], 2],
    [[2, 1], 15],
    [[1, 2], 10],
    [[2, 2], 18],
    [[1, 2, 1], 70],
  ])('nested integral of the powers %o', (powers, divisor) => {
    // A(t) carries t^{a_j} from place j − 1 to place j alone, so that D_k's corner is one nested integral.
    const n = powers.length + 1;
    const coefficients = [0, 1, 2].map((power) => {
      const matrix = new Matrix(n, n);
      powers.forEach((a, j) => {
        if (a === power) matrix.data[(j + 1) * n + j] = 1;
      });
      return matrix;
    });
    for (const T of [1, 1.7]) {
      const terms = continuousTerms(backend, [{ duration: T, coefficients }], powers.length);
      const exponent = powers.reduce((a, b) => a + b, powers.length);
      expectClose(terms.at(-1)!.at(n - 1, 0), T ** exponent / divisor, 1e-14, `T = ${T}`);
    }
  });

  it('sums to the exponential of a constant generator, whose Magnus series ends at once', () => {
    const a = random(4, 3);
    const terms = continuousTerms(backend, [{ duration: 0.5, coefficients: [a] }], 20);
    const sum = sumOf(terms);
    const half = new Matrix(
      4,
      4,
      a.data.map((x) => x / 2),
    );
    expectClose(maxError(sum.data, expm(backend, half).value.data), 0, 1e-13);
    const [first, ...rest] = magnusTerms(backend, terms.slice(0, 5));
    expectClose(maxError(first!.data, half.data), 0, 1e-15);
    for (const term of rest) expectClose(maxError(term.data, new Float64Array(16)), 0, 1e-14);
  });

  it('Magnus terms of high order are no larger than they are', () => {
    // Constant: Ω_1 = A and no more, though the products of Dyson terms that make Ω_k reach (a/ln 2)^k.
    const a = Matrix.fromRows([
      [0, 2.5],
      [-2.5, 0],
    ]);
    const constant = magnusTerms(backend, continuousTerms(backend, [{ duration: 1, coefficients: [a] }], 40));
    expectClose(maxError(constant[0]!.data, a.data), 0, 1e-15);
    for (const term of constant.slice(1)) expectClose(maxError(term.data, new Float64Array(4)), 0, 1e-12);
    // Varying: the terms go on to fall as far as rounding lets them.
    const coefficients = [random(3, 9), random(3, 10)];
    const terms = continuousTerms(backend, [{ duration: 1.5, coefficients }], 40);
    const u = expm(backend, sumOf(magnusTerms(backend, terms))).value;
    expectClose(maxError(u.data, sumOf(terms).data), 0, 1e-12);
  });

  it('Magnus terms of numbers at the end of the range', () => {
    const largest = new Matrix(2, 2, new Float64Array(4).fill(1.7e308));
    expect(magnusTerms(backend, [identity(2), largest]).map(({ data }) => data)).toEqual([largest.data]);
  });

  it('Ω_2 of a linear generator is −T³/12 [A_0, A_1], real and complex', () => {
    const [a0, a1] = [random(3, 1), random(3, 2)];
    const T = 0.8;
    const [ab, ba] = [multiply(backend, a0, a1), multiply(backend, a1, a0)];
    const expected = ab.data.map((x, i) => (-(T ** 3) / 12) * (x - ba.data[i]!));
    const terms = continuousTerms(backend, [{ duration: T, coefficients: [a0, a1] }], 3);
    expectClose(maxError(magnusTerms(backend, terms)[1]!.data, expected), 0, 1e-14);
    const coefficients = [a0, a1].map(ComplexMatrix.fromReal);
    const complex = continuousTerms(backend, [{ duration: T, coefficients }], 3);
    const real = magnusTerms(backend, complex)[1]!.data.filter((_, i) => i % 2 === 0);
    expectClose(maxError(real, expected), 0, 1e-14);
  });

  it('stretches join, and samples of a linear generator are it', () => {
    const [a0, a1] = [random(3, 4), random(3, 5)];
    const at = (t: number) =>
      new Matrix(
        3,
        3,
        a0.data.map((x, i) => x + t * a1.data[i]!),
      );
    const whole = continuousTerms(backend, [{ duration: 1, coefficients: [a0, a1] }], 5);
    const samples = Array.from({ length: 5 }, (_, i) => at(i / 4));
    const joined = continuousTerms(backend, sampledGenerator(samples, 1), 5);
    whole.forEach((term, k) => {
      expectClose(maxError(joined[k]!.data, term.data), 0, 1e-14, `D_${k}`);
    });
  });

  it('the discrete series converges to it in first order', () => {
    const pieces = [{ duration: 1, coefficients: [random(3, 6), random(3, 7), random(3, 8)] }];
    const exact = continuousTerms(backend, pieces, 4);
    const errors = [40, 80, 160].map((steps) => {
      const terms = discreteTerms(backend, pieces, 4, steps);
      return exact.map((term, k) => maxError(term.data, terms[k]!.data));
    });
    for (const k of [2, 3, 4]) {
      expectClose(errors[0]![k]! / errors[1]![k]!, 2, 0.1, `order ${k}`);
      expectClose(errors[1]![k]! / errors[2]![k]!, 2, 0.05, `order ${k}`);
    }
  });

  it('refuses what is no generator', () => {
    const a = random(2, 1);
    expect(() => continuousTerms(backend, [], 2)).toThrow(DomainError);
    expect(() => continuousTerms(backend, [{ duration: 0, coefficients: [a] }], 2)).toThrow(DomainError);
    expect(() => continuousTerms(backend, [{ duration: 1, coefficients: [] }], 2)).toThrow(DomainError);
    expect(() => continuousTerms(backend, [{ duration: 1, coefficients: [a] }], -1)).toThrow(DomainError);
    expect(() => continuousTerms(backend, [{ duration: 1, coefficients: [a, random(3, 1)] }], 1)).toThrow(ShapeError);
    const nan = new Matrix(1, 1, Float64Array.of(Number.NaN));
    expect(() => continuousTerms(backend, [{ duration: 1, coefficients: [nan] }], 1)).toThrow(NonFiniteError);
    expect(() => sampledGenerator([a], 1)).toThrow(DomainError);
    expect(() => magnusTerms(backend, [])).toThrow(DomainError);
  });
});
