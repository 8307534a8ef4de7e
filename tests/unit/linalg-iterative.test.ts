import { describe, expect, it } from 'vitest';
import { CapacityError, ConvergenceError, DomainError, NonFiniteError, ShapeError } from '../../src/core/errors.ts';
import {
  type AnyMatrix,
  adjointOperator,
  ComplexMatrix,
  composeOperators,
  diagonalOperator,
  type EigsWhich,
  eig,
  eigenvaluesHermitian,
  eigs,
  eigsHermitian,
  type HermitianWhich,
  identityOperator,
  type LinearOperator,
  lowRankOperator,
  Matrix,
  matrixOperator,
  operatorFromCallbacks,
  reflectionOperator,
  singularValues,
  svds,
} from '../../src/linalg/index.ts';
import { eachBackend, tsBackend, wasmBackend } from '../support/backends.ts';
import { departureFromUnitary, randomHermitian, randomMatrix } from '../support/dense-algebra.ts';
import { bitsOf, expectClose, testNumbers } from '../support/numbers.ts';
import { laplacian2d, laplacian2dValues, toeplitz } from '../support/operators.ts';

const FIELDS = ['real', 'complex'] as const;

function expectValues(actual: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  expect(actual).toHaveLength(expected.length);
  for (const [k, value] of expected.entries()) expectClose(actual[k]!, value, tolerance, `value ${k}`);
}

const all = (flags: readonly boolean[]): boolean => flags.every((flag) => flag);

eachBackend('eigsHermitian', (backend) => {
  it('finds both ends of the 1-D Laplacian', () => {
    const n = 120;
    const exact = (k: number): number => 2 - 2 * Math.cos((k * Math.PI) / (n + 1));
    const operator = toeplitz(n, -1, 2, -1);
    const { values, vectors, residuals, norm } = eigsHermitian(backend, operator, { count: 5, which: 'both ends' });
    expectValues(values, [exact(n), exact(1), exact(n - 1), exact(2), exact(n - 2)], 1e-10);
    expect(Math.max(...residuals)).toBeLessThanOrEqual(1e-10 * norm);
    expectClose(departureFromUnitary(vectors), 0, 1e-13);
    expectClose(norm, 4, 0.001);
  });

  it('finds every copy of the double eigenvalues of the 2-D Laplacian', () => {
    const k = 14;
    const exact = laplacian2dValues(k);
    const low = eigsHermitian(backend, laplacian2d(k), { count: 8, which: 'smallest' });
    expectValues(low.values, exact.slice(0, 8), 1e-9);
    const high = eigsHermitian(backend, laplacian2d(k), { count: 8, which: 'largest-magnitude' });
    expectValues(high.values, exact.toReversed().slice(0, 8), 1e-9);
  });

  it('finds copies that no start vector can see at once: multiplicity 5', () => {
    const d = Float64Array.from({ length: 90 }, (_, i) => (i < 5 ? 3 : i < 8 ? 2.5 : 2 * Math.cos(i)));
    const { values } = eigsHermitian(backend, diagonalOperator(d), { count: 9, which: 'largest' });
    const exact = [...d].sort((x, y) => y - x).slice(0, 9);
    expectValues(values, exact, 1e-10);
    expect(exact.slice(0, 8)).toEqual([3, 3, 3, 3, 3, 2.5, 2.5, 2.5]);
  });

  it('separates a cluster', () => {
    const d = Float64Array.from({ length: 60 }, (_, i) => (i < 6 ? 5 + i * 1e-7 : i / 80));
    const { values } = eigsHermitian(backend, diagonalOperator(d), { count: 6, which: 'largest', tolerance: 1e-13 });
    expectValues(
      values,
      [5, 4, 3, 2, 1, 0].map((i) => 5 + i * 1e-7),
      1e-12,
    );
  });

  it.each(FIELDS)('agrees with eigh on a dense matrix, %s', (field) => {
    const a = randomHermitian(field, 70, 4);
    const operator = matrixOperator(backend, a, { structure: 'hermitian' });
    const exact = [...eigenvaluesHermitian(backend, a)];
    const wanted: Record<HermitianWhich, number[]> = {
      smallest: exact.slice(0, 4),
      largest: exact.toReversed().slice(0, 4),
      'largest-magnitude': exact.toSorted((x, y) => Math.abs(y) - Math.abs(x)).slice(0, 4),
      'both ends': [exact.at(-1)!, exact[0]!, exact.at(-2)!, exact[1]!],
    };
    for (const which of ['smallest', 'largest', 'largest-magnitude', 'both ends'] as const) {
      const { values, vectors, residuals } = eigsHermitian(backend, operator, { count: 4, which });
      expectValues(values, wanted[which], 1e-9);
      expectClose(departureFromUnitary(vectors), 0, 1e-13);
      const first = Float64Array.from({ length: 70 * operator.width }, (_, i) => {
        const width = operator.width;
        return vectors.data[Math.floor(i / width) * 4 * width + (i % width)]!;
      });
      const image = operator.apply(first).map((value, i) => value - values[0]! * first[i]!);
      expectClose(Math.hypot(...image), residuals[0]!, 1e-15);
    }
    operator.release();
  });

  it.each<[string, LinearOperator, number, number[]]>([
    ['zero', diagonalOperator(new Float64Array(50)), 3, [0, 0, 0]],
    ['the identity', identityOperator(60, 'complex'), 3, [1, 1, 1]],
    ['a reflection', reflectionOperator(testNumbers(70)), 2, [1, 1]],
    ['fewer elements than vectors in the basis', diagonalOperator(Float64Array.of(1, -2, 3)), 2, [3, 1]],
    ['all values', diagonalOperator(Float64Array.of(4, 1, 3, 2, 5)), 5, [5, 4, 3, 2, 1]],
    ['order one', diagonalOperator(Float64Array.of(7)), 1, [7]],
    ['tiny', diagonalOperator(Float64Array.from({ length: 60 }, (_, i) => i * 1e-200)), 2, [59e-200, 58e-200]],
    ['huge', diagonalOperator(Float64Array.from({ length: 60 }, (_, i) => i * 1e150)), 2, [59e150, 58e150]],
  ])('is right for %s', (_name, operator, count, expected) => {
    const { values, converged, norm } = eigsHermitian(backend, operator, { count, which: 'largest' });
    expectValues(values, expected, 1e-12 * norm);
    expect(all(converged)).toBe(true);
  });

  it('the order 0 has no values', () => {
    expect(eigsHermitian(backend, identityOperator(0)).values).toHaveLength(0);
    expect(eigs(backend, identityOperator(0)).values).toHaveLength(0);
    expect(svds(backend, identityOperator(0)).values).toHaveLength(0);
  });

  it('goes on where the Krylov space of the start is invariant: a sum of few projections', () => {
    const n = 100;
    const d = Float64Array.from({ length: n }, (_, i) => [0, 0, 0, 1, 2][i % 5]!);
    const { values, products } = eigsHermitian(backend, diagonalOperator(d), { count: 22, which: 'largest' });
    expectValues(values, [...new Array(20).fill(2), 1, 1], 1e-12);
    expect(products).toBeLessThan(400);
  });

  it('does not find hidden copies without the probe: the reason for it', () => {
    const d = Float64Array.from({ length: 400 }, (_, i) => Math.min(1, i / 398));
    const options = { count: 2, which: 'largest', tolerance: 1e-7 } as const;
    const [plain, probed] = [false, true].map((probe) =>
      eigsHermitian(backend, diagonalOperator(d), { ...options, probe }),
    );
    expectValues(plain!.values, [1, 397 / 398], 1e-7);
    expectValues(probed!.values, [1, 1], 1e-7);
    expect(probed!.products).toBeGreaterThan(plain!.products);
  });
});

eachBackend('eigs', (backend) => {
  const keys: Record<EigsWhich, (re: number, im: number) => number> = {
    'largest-magnitude': Math.hypot,
    'largest-real': (re) => re,
    'smallest-real': (re) => -re,
    'largest-imaginary': (_re, im) => Math.abs(im),
  };

  it.each(FIELDS)('agrees with eig on a dense matrix, %s', (field) => {
    const a = randomMatrix(field, 60, 60, 6);
    const operator = matrixOperator(backend, a);
    const exact = eig(backend, a).values;
    for (const which of Object.keys(keys) as EigsWhich[]) {
      const key = keys[which];
      const ordered = Array.from({ length: 60 }, (_, k) => key(exact[2 * k]!, exact[2 * k + 1]!)).sort((x, y) => y - x);
      const { values, converged, vectors } = eigs(backend, operator, { count: 5, which });
      expect(all(converged)).toBe(true);
      const count = values.length / 2;
      expectValues(
        Array.from({ length: count }, (_, k) => key(values[2 * k]!, values[2 * k + 1]!)),
        ordered.slice(0, count),
        1e-8,
      );
      for (let k = 0; k < count; k++) {
        const squares = Array.from({ length: 60 }, (_, i) => vectors.at(i, k).re ** 2 + vectors.at(i, k).im ** 2);
        expectClose(
          squares.reduce((x, y) => x + y),
          1,
          1e-13,
        );
        const distances = Array.from({ length: 60 }, (_, j) =>
          Math.hypot(exact[2 * j]! - values[2 * k]!, exact[2 * j + 1]! - values[2 * k + 1]!),
        );
        expectClose(Math.min(...distances), 0, 1e-8);
      }
    }
    operator.release();
  });

  it('never splits a conjugate pair of a real operator', () => {
    // Rotations of the plane by i, scaled by i: eigenvalues i·e^{±i·i}.
    const a = new Matrix(60, 60);
    for (let i = 0; i < 30; i++) {
      const [c, s] = [(i + 1) * Math.cos(i + 1), (i + 1) * Math.sin(i + 1)];
      a.data.set([c, -s], 2 * i * 60 + 2 * i);
      a.data.set([s, c], (2 * i + 1) * 60 + 2 * i);
    }
    const operator = matrixOperator(backend, a);
    for (const count of [1, 2, 3, 5]) {
      const { values, vectors } = eigs(backend, operator, { count });
      expect(values).toHaveLength(4 * Math.ceil(count / 2));
      for (let k = 0; k < values.length; k += 4) {
        expectClose(values[k]!, values[k + 2]!, 0);
        expectClose(values[k + 1]!, -values[k + 3]!, 0);
        expect(values[k + 1]!).toBeGreaterThan(0);
        expectClose(Math.hypot(values[k]!, values[k + 1]!), 30 - k / 4, 1e-9);
        for (let i = 0; i < 60; i++) expectClose(vectors.at(i, k / 2).re, vectors.at(i, k / 2 + 1).re, 1e-15);
      }
    }
    operator.release();
  });

  it('finds the values of a non-normal Toeplitz operator', () => {
    const n = 60;
    const { values, residuals, norm } = eigs(backend, toeplitz(n, -1.3, 2, -0.7), { count: 4, tolerance: 1e-13 });
    const exact = (k: number): number => 2 + 2 * Math.sqrt(1.3 * 0.7) * Math.cos((k * Math.PI) / (n + 1));
    expectValues(
      values,
      [1, 2, 3, 4].flatMap((k) => [exact(k), 0]),
      1e-7,
    );
    expect(Math.max(...residuals)).toBeLessThanOrEqual(1e-13 * norm);
  });

  it('finds every copy of a multiple eigenvalue, and zero', () => {
    const d = Float64Array.from({ length: 140 }, (_, i) => (i < 8 ? (i % 2 === 0 ? 0 : 3) : Math.cos(i)));
    const { values } = eigs(backend, diagonalOperator(d, 'complex'), { count: 4, which: 'largest-imaginary' });
    expectValues(values, [0, 3, 0, 3, 0, 3, 0, 3], 1e-10);
    expectValues(eigs(backend, diagonalOperator(new Float64Array(60)), { count: 2 }).values, [0, 0, 0, 0], 0);
    const nilpotent = eigs(backend, toeplitz(50, 0, 0, 1), { count: 1, maxRestarts: 3, onFailure: 'report' });
    expect(Math.hypot(nilpotent.values[0]!, nilpotent.values[1]!)).toBeLessThan(1);
  });

  it('gives all values of a small operator', () => {
    const a = randomMatrix('real', 7, 7, 3) as Matrix;
    const operator = matrixOperator(backend, a);
    const { values, residuals } = eigs(backend, operator, { count: 7 });
    expect(values).toHaveLength(14);
    expect(Math.max(...residuals)).toBeLessThan(1e-13);
    operator.release();
  });
});

eachBackend('svds', (backend) => {
  it.each(FIELDS.flatMap((field) => [[field, 70, 40] as const, [field, 40, 70] as const, [field, 45, 45] as const]))(
    'agrees with svd, %s %i×%i',
    (field, m, n) => {
      const a = randomMatrix(field, m, n, 8);
      const operator = matrixOperator(backend, a);
      const exact = [...singularValues(backend, a)];
      for (const which of ['largest', 'smallest'] as const) {
        const { values, u, v, residuals, norm } = svds(backend, operator, { count: 5, which, subspace: 25 });
        expectValues(values, (which === 'largest' ? exact : exact.toReversed()).slice(0, 5), 1e-9);
        expect([u.rows, u.columns, v.rows, v.columns]).toEqual([m, 5, n, 5]);
        expectClose(departureFromUnitary(u), 0, 1e-13);
        expectClose(departureFromUnitary(v), 0, 1e-13);
        expect(Math.max(...residuals)).toBeLessThanOrEqual(1e-10 * norm);
      }
      expectValues(svds(backend, operator, { count: Math.min(m, n) }).values, exact, 1e-12);
      operator.release();
    },
  );

  it('takes rank one, zero, and copies', () => {
    const [u, v] = [testNumbers(80, 1), testNumbers(60, 2)];
    const one = lowRankOperator(backend, new Matrix(80, 1, u), new Matrix(60, 1, v));
    const { values, residuals } = svds(backend, one, { count: 3 });
    expectValues(values, [Math.hypot(...u) * Math.hypot(...v), 0, 0], 1e-12);
    expect(Math.max(...residuals)).toBeLessThan(1e-12);
    one.release();
    const zero = operatorFromCallbacks({
      rows: 50,
      columns: 90,
      field: 'real',
      apply: (_x, y) => y.fill(0),
      applyAdjoint: (_x, y) => y.fill(0),
    });
    expectValues(svds(backend, zero, { count: 2 }).values, [0, 0], 0);
    const d = Float64Array.from({ length: 120 }, (_, i) => (i < 4 ? -2 : i / 120));
    expectValues(svds(backend, diagonalOperator(d), { count: 5 }).values, [2, 2, 2, 2, 119 / 120], 1e-10);
  });
});

describe('the same bits from both backends', () => {
  it('for all three, real and complex', () => {
    const results = [tsBackend, wasmBackend].map((backend) =>
      FIELDS.flatMap((field) => {
        const h = matrixOperator(backend, randomHermitian(field, 60, 2), { structure: 'hermitian' });
        const a = matrixOperator(backend, randomMatrix(field, 60, 60, 3));
        const b = matrixOperator(backend, randomMatrix(field, 50, 70, 4));
        const [x, y, z] = [
          eigsHermitian(backend, h, { count: 3 }),
          eigs(backend, a, { count: 3 }),
          svds(backend, b, { count: 3 }),
        ];
        for (const operator of [h, a, b]) operator.release();
        return [
          x.values,
          x.vectors.data,
          x.residuals,
          y.values,
          y.vectors.data,
          y.residuals,
          z.values,
          z.u.data,
          z.v.data,
        ].map(bitsOf);
      }),
    );
    expect(results[0]).toEqual(results[1]);
  });
});

eachBackend('failures of an iteration', (backend) => {
  const hard = diagonalOperator(Float64Array.from({ length: 2000 }, (_, i) => Math.cos(i)));

  it('throws with counts, or reports what it has', () => {
    const options = { count: 5, which: 'largest', subspace: 12, maxRestarts: 3 } as const;
    let caught: unknown;
    try {
      eigsHermitian(backend, hard, options);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(ConvergenceError);
    const { message, progress } = caught as ConvergenceError;
    expect(message).toMatch(
      /^eigsHermitian: 5 values must converge to 1e-10, but after 3 restarts and \d+ products only \d had\. Raise subspace/,
    );
    const partial = eigsHermitian(backend, hard, { ...options, onFailure: 'report' });
    expect(partial.products).toBe(progress!.iterations);
    expect(partial.converged.filter((flag) => flag)).toHaveLength(progress!.converged);
    expect(all(partial.converged)).toBe(false);
    expect(partial.values).toHaveLength(5);
    expect(partial.restarts).toBe(3);
    expect(() => eigs(backend, hard, { ...options, which: 'largest-real' })).toThrow(ConvergenceError);
    expect(() => svds(backend, hard, { ...options, which: 'largest' })).toThrow(ConvergenceError);
  });

  it('names the product that is not finite, and gives the memory back', () => {
    const before = backend.memory.bytesInUse;
    let calls = 0;
    const broken = operatorFromCallbacks(
      {
        rows: 30,
        columns: 30,
        field: 'real',
        structure: 'hermitian',
        apply: (x, y) => {
          y.set(x.map((value, i) => value * i));
          if (++calls === 7) y[3] = Number.NaN;
        },
      },
      { vectors: 0 },
    );
    expect(() => eigsHermitian(backend, broken)).toThrow(
      new NonFiniteError(
        'eigsHermitian: every product must be finite, but product 7 is not (apply: y must be finite, but y[3] is NaN). Look at what the operator does there.',
      ),
    );
    calls = 0;
    expect(() => eigs(backend, broken)).toThrow(/^eigs: every product must be finite, but product 7 is not/);
    calls = 0;
    expect(() => svds(backend, broken)).toThrow(/^svds: every product must be finite, but product 7 is not/);
    expect(backend.memory.bytesInUse).toBe(before);
  });

  it('lets an operator allocate while it is applied', () => {
    let inner: LinearOperator | null = null;
    const lazy = operatorFromCallbacks(
      {
        rows: 5,
        columns: 5,
        field: 'real',
        structure: 'hermitian',
        apply: (x, y) => {
          inner ??= matrixOperator(backend, randomHermitian('real', 5, 1));
          inner.apply(x, y);
        },
      },
      { vectors: 0 },
    );
    eigsHermitian(backend, lazy, { count: 2 });
    expect(inner!.apply(new Float64Array(5))).toHaveLength(5);
    inner!.release();
  });

  it('refuses what it cannot do', () => {
    const wide = matrixOperator(backend, randomMatrix('real', 2, 3, 1));
    const general = matrixOperator(backend, randomMatrix('real', 3, 3, 1));
    const oneWay = operatorFromCallbacks({ rows: 3, columns: 3, field: 'real', apply: (x, y) => y.set(x) });
    expect(() => eigsHermitian(backend, wide)).toThrow(ShapeError);
    expect(() => eigs(backend, wide)).toThrow(/^eigs: operator must be square, but it is 2×3\. Use svds/);
    expect(() => eigsHermitian(backend, general)).toThrow(/operator must be declared Hermitian, but it is general/);
    expect(() => svds(backend, oneWay)).toThrow(/operator must have an adjoint/);
    for (const options of [
      { count: 0 },
      { count: 4 },
      { tolerance: 0 },
      { tolerance: Number.NaN },
      { maxRestarts: -1 },
      { subspace: 2 },
      { subspace: 4 },
      { seed: -1n },
    ])
      expect(() => eigs(backend, general, options), JSON.stringify(Object.keys(options))).toThrow(DomainError);
    expect(() => eigs(backend, general, { which: 'smallest' as EigsWhich })).toThrow(
      /which must be largest-magnitude, /,
    );
    const huge = operatorFromCallbacks({ rows: 1e8, columns: 1e8, field: 'real', apply: () => {} }, { vectors: 0 });
    const before = backend.memory.bytesInUse;
    expect(() => eigs(backend, huge)).toThrow(CapacityError);
    expect(backend.memory.bytesInUse).toBe(before);
    wide.release();
    general.release();
  });
});

eachBackend('composed operators', (backend) => {
  it('singular values of a product that is never formed', () => {
    const [a, b]: AnyMatrix[] = [randomMatrix('complex', 50, 30, 1), randomMatrix('complex', 30, 60, 2)];
    const [A, B] = [matrixOperator(backend, a!), matrixOperator(backend, b!)];
    const ab = composeOperators(A, B);
    const found = svds(backend, ab, { count: 3 });
    const gram = eigs(backend, composeOperators(adjointOperator(ab), ab), { count: 3 });
    for (let k = 0; k < 3; k++) expectClose(gram.values[2 * k]!, found.values[k]! ** 2, 1e-8 * found.values[0]! ** 2);
    expect(found.u).toBeInstanceOf(ComplexMatrix);
    A.release();
    B.release();
  });
});
