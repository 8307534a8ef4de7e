import { expect, it } from 'vitest';
import { CapacityError, DomainError, NonFiniteError } from '../../src/core/errors.ts';
import { eig } from '../../src/linalg/eigen/eig.ts';
import { realSchur, reorderSchur, schur } from '../../src/linalg/eigen/schur.ts';
import { solveTriangular } from '../../src/linalg/factorisations/triangular.ts';
import { expm } from '../../src/linalg/functions/expm.ts';
import { logm } from '../../src/linalg/functions/logm.ts';
import { matrixPower } from '../../src/linalg/functions/matrix-power.ts';
import { sqrtm } from '../../src/linalg/functions/sqrtm.ts';
import { eigsHermitian } from '../../src/linalg/iterative/eigs-hermitian.ts';
import { randomizedSvd } from '../../src/linalg/iterative/randomized.ts';
import { ComplexArray } from '../../src/linalg/matrix/complex-array.ts';
import { type AnyMatrix, ComplexMatrix, identity, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { LinearOperator } from '../../src/linalg/operator/linear-operator.ts';
import { identityOperator } from '../../src/linalg/operator/simple-operators.ts';
import { toMatrix } from '../../src/linalg/operator/to-matrix.ts';
import { gram, matrixVector, multiply } from '../../src/linalg/products.ts';
import { smallestSingularValues } from '../../src/linalg/resolvent/resolvent.ts';
import { svdByJacobi } from '../../src/linalg/svd/jacobi-svd.ts';
import { eachBackend } from '../support/backends.ts';
import { departureFromUnitary, randomHermitian, randomMatrix, U } from '../support/dense-algebra.ts';
import { expectClose } from '../support/numbers.ts';

const A = Matrix.fromRows([
  [1, 2],
  [3, 4],
]);

eachBackend('options that are none', (backend) => {
  const wrong = 'other' as never;
  it.each<[string, () => unknown]>([
    ['eig: vectors must be none, right, left or both', () => eig(backend, A, { vectors: wrong })],
    ['eig: onFailure must be throw or report', () => eig(backend, A, { onFailure: wrong })],
    ['multiply: opA must be none, transpose or conjugate-transpose', () => multiply(backend, A, A, { opA: wrong })],
    ['multiply: opB must be none, transpose or conjugate-transpose', () => multiply(backend, A, A, { opB: wrong })],
    ['matrixVector: op must be', () => matrixVector(backend, A, Float64Array.of(1, 1), wrong)],
    ['gram: of must be columns or rows', () => gram(backend, A, wrong)],
    ['solveTriangular: triangle must be lower or upper', () => solveTriangular(backend, A, A, { triangle: wrong })],
    ['solveTriangular: side must be', () => solveTriangular(backend, A, A, { triangle: 'lower', side: wrong })],
    ['solveTriangular: op must be', () => solveTriangular(backend, A, A, { triangle: 'lower', op: wrong })],
    ['sqrtm: negative must be complex or refuse', () => sqrtm(backend, identity(2), { negative: wrong })],
    ['logm: negative must be complex or refuse', () => logm(backend, identity(2), { negative: wrong })],
    ['matrixPower: negative must be', () => matrixPower(backend, A, 2, { negative: wrong })],
    ['eigsHermitian: onFailure must be', () => eigsHermitian(backend, identityOperator(3), { onFailure: wrong })],
    ['LinearOperator: field must be', () => new LinearOperator({ rows: 1, columns: 1, field: wrong, apply() {} })],
    [
      'LinearOperator: structure must be general, hermitian, unitary or hermitian-unitary',
      () => new LinearOperator({ rows: 1, columns: 1, field: 'real', structure: wrong, apply() {} }),
    ],
  ])('%s', (message, call) => {
    expect(call).toThrow(DomainError);
    expect(call).toThrow(message);
  });

  it('a Schur form over the wrong field', () => {
    const form = realSchur(backend, A) as never;
    expect(() => reorderSchur(backend, form, [1])).toThrow('reorderSchur: t must be complex, but it is real.');
    expect(() => smallestSingularValues(backend, form, Float64Array.of(0, 0))).toThrow('t must be complex');
  });

  it('numbers that are none', () => {
    expect(() => ComplexArray.from(['1' as never])).toThrow(DomainError);
    expect(() => ComplexArray.from([[1] as never])).toThrow(DomainError);
  });
});

it('what no memory holds is refused with its bytes before it is allocated', () => {
  for (const [make, bytes] of [
    [() => new Matrix(1e5, 1e5), 8e10],
    [() => new ComplexMatrix(1e9, 1e9), 16e18],
    [() => identity(1e6), 8e12],
    [() => toMatrix(identityOperator(1e6), { maxBytes: Number.POSITIVE_INFINITY }), 8e12],
  ] as const) {
    expect(make).toThrow(CapacityError);
    try {
      make();
    } catch (error) {
      expect((error as CapacityError).bytes).toBe(bytes);
    }
  }
});

eachBackend('results beyond f64 and what is 0 to rounding', (backend) => {
  const huge = randomMatrix('real', 30, 30, 1) as Matrix;
  const largest = huge.data.reduce((size, x) => Math.max(size, Math.abs(x)), 0);
  for (let k = 0; k < huge.data.length; k++) huge.data[k] = (huge.data[k]! / largest) * 1.7e308;

  it('a Schur form or eigenvalue', () => {
    const before = backend.memory.bytesInUse;
    for (const call of [eig, schur, realSchur] as const) {
      expect(() => call(backend, huge), call.name).toThrow(DomainError);
      expect(() => call(backend, huge), call.name).toThrow('must be below 1.8e308 in size, but it overflows');
    }
    expect(backend.memory.bytesInUse).toBe(before);
  });

  it('an exponential or a power', () => {
    const hermitian = Matrix.fromRows([
      [1, 1e300],
      [1e300, 2],
    ]);
    expect(() => expm(backend, hermitian)).toThrow(/^expm: e\^a must stay below 1\.8e308, but an eigenvalue overflows/);
    const tiny = Matrix.fromRows([
      [1e-310, 2e-310],
      [3e-310, 1e-310],
    ]);
    for (const p of [-1, -1.5, -2]) {
      expect(() => matrixPower(backend, tiny, p)).toThrow(/^matrixPower: a\^p must stay below 1\.8e308/);
    }
  });

  it('sketches of an operator', () => {
    expect(() => randomizedSvd(backend, identityOperator(1e9), { rank: 2 })).toThrow(CapacityError);
  });

  it('a logarithm', () => {
    const singular = multiply(
      backend,
      randomMatrix('real', 6, 3, 5) as Matrix,
      randomMatrix('real', 3, 6, 6) as Matrix,
    );
    for (const a of [singular, ComplexMatrix.fromReal(singular), gram(backend, singular)] as AnyMatrix[]) {
      expect(() => logm(backend, a)).toThrow(/^logm: a must be regular, but eigenvalue \d of 6 is 0 to rounding/);
    }
    // On a diagonal an eigenvalue of any size is exact.
    for (const [above, below] of [
      [1, 0],
      [0, 1],
      [0, 0],
    ] as const) {
      const { value } = logm(
        backend,
        Matrix.fromRows([
          [1, above],
          [below, 1e-30],
        ]),
        { negative: 'refuse' },
      );
      expectClose(value.at(1, 1), Math.log(1e-30), 1e-13);
      expectClose(value.at(0, 1), (above * Math.log(1e-30)) / (1e-30 - 1), 1e-13);
      expectClose(value.at(1, 0), (below * Math.log(1e-30)) / (1e-30 - 1), 1e-13);
    }
  });

  it('reorderSchur names the factor', () => {
    const form = schur(backend, A);
    form.q.data[0] = Number.NaN;
    expect(() => reorderSchur(backend, form, [1])).toThrow(NonFiniteError);
    expect(() => reorderSchur(backend, form, [1])).toThrow('the real part of q[0, 0] is NaN');
  });
});

eachBackend('Hermitian arguments', (backend) => {
  it.each(['real', 'complex'] as const)('every negative eigenvalue has the argument +π, %s', (field) => {
    for (const n of [2, 3, 5, 16, 40]) {
      const a = randomHermitian(field, n, n);
      const { values } = eig(backend, a);
      const negative = values.filter((re, k) => k % 2 === 0 && re < 0).length;
      const traceOf = (m: AnyMatrix): number[] => {
        if (m.field === 'real') return [m.toRows().reduce((sum, row, i) => sum + row[i]!, 0), 0];
        return [0, 1].map((part) => m.toRows().reduce((sum, row, i) => sum + row[2 * i + part]!, 0));
      };
      const logarithm = logm(backend, a);
      expect(logarithm.method).toBe('spectral');
      expectClose(traceOf(logarithm.value)[1]!, Math.PI * negative, 1e-12 * n, 'Im tr log a');
      const root = sqrtm(backend, a);
      expect(root.method).toBe('spectral');
      const below = values.reduce((sum, re, k) => (k % 2 === 0 && re < 0 ? sum + Math.sqrt(-re) : sum), 0);
      expectClose(traceOf(root.value)[1]!, below, 1e-12 * n, 'Im tr √a');
      if (negative > 0) expect(() => logm(backend, a, { negative: 'refuse' })).toThrow('negative real eigenvalue');
      if (negative > 0) expect(() => sqrtm(backend, a, { negative: 'refuse' })).toThrow('negative real eigenvalue');
    }
  });
});

eachBackend('one-sided Jacobi', (backend) => {
  it.each(['real', 'complex'] as const)('rotations do not stretch, %s', (field) => {
    const a = randomMatrix(field, 96, 96, 3);
    const { u, v } = svdByJacobi(backend, a);
    expectClose(departureFromUnitary(u), 0, 8 * 96 * U);
    expectClose(departureFromUnitary(v), 0, 8 * 96 * U);
  });
});
