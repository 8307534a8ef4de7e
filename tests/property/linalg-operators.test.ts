import { Complex } from 'complex.js';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  addOperators,
  adjointOperator,
  composeOperators,
  diagonalOperator,
  identityOperator,
  type LinearOperator,
  lowRankOperator,
  matrixOperator,
  powerOperator,
  reflectionOperator,
  scaleOperator,
  shiftOperator,
  toMatrix,
} from '../../src/linalg/index.ts';
import { innerProduct, norm } from '../../src/linalg/matrix/vectors.ts';
import { eachBackend } from '../support/backends.ts';
import { adjoint, difference, frobenius, product, randomMatrix } from '../support/dense-algebra.ts';
import { testNumbers } from '../support/numbers.ts';

/** |⟨Ax, y⟩ − ⟨x, A†y⟩| relative to the lengths of what is multiplied. */
function adjointError(operator: LinearOperator, seed: number): number {
  const { rows, columns, width } = operator;
  const [x, y] = [testNumbers(columns * width, seed), testNumbers(rows * width, seed + 1)];
  const [ax, ay] = [operator.apply(x), operator.applyAdjoint(y)];
  const [left, right] = [innerProduct(ax, y, width), innerProduct(x, ay, width)];
  const size = norm(ax) * norm(y) + norm(x) * norm(ay);
  return size === 0 ? 0 : Math.hypot(left[0] - right[0], left[1] - right[1]) / size;
}

const parameters = fc.record({
  field: fc.constantFrom('real', 'complex'),
  n: fc.integer({ min: 1, max: 7 }),
  m: fc.integer({ min: 1, max: 7 }),
  seed: fc.integer({ min: 1, max: 1000 }),
  power: fc.integer({ min: 0, max: 3 }),
});

eachBackend('operators and their adjoints', (backend) => {
  it('⟨Ax, y⟩ = ⟨x, A†y⟩ for every kind and combination, and the adjoint has the adjoint matrix', () => {
    fc.assert(
      fc.property(parameters, ({ field, n, m, seed, power }) => {
        backend.memory.scope(() => {
          const factor = field === 'real' ? -1.5 : new Complex(0.5, -2);
          const width = field === 'real' ? 1 : 2;
          const a = matrixOperator(backend, randomMatrix(field, m, n, seed));
          const b = matrixOperator(backend, randomMatrix(field, n, n, seed + 1));
          const low = lowRankOperator(backend, randomMatrix(field, m, 2, seed), randomMatrix(field, n, 2, seed + 2));
          const diagonal = diagonalOperator(testNumbers(n * width, seed), field);
          const mirror = reflectionOperator(testNumbers(n * width, seed), field);
          const operators = [
            ...[a, b, low, diagonal, mirror, identityOperator(n, field)],
            composeOperators(a, diagonal, b),
            addOperators(a, low, a),
            scaleOperator(a, factor),
            shiftOperator(b, factor),
            shiftOperator(mirror, 0.3),
            powerOperator(b, power),
            adjointOperator(composeOperators(a, mirror)),
          ];
          for (const operator of operators) {
            expect(adjointError(operator, seed) <= 1e-13).toBe(true);
            const matrix = toMatrix(operator);
            const error = frobenius(difference(toMatrix(adjointOperator(operator)), adjoint(matrix)));
            expect(error <= 1e-14 * (1 + frobenius(matrix))).toBe(true);
          }
        });
      }),
      { numRuns: 15 },
    );
  });

  it('combinations have the combined matrices', () => {
    fc.assert(
      fc.property(parameters, ({ field, n, m, seed, power }) => {
        backend.memory.scope(() => {
          const [a, b] = [randomMatrix(field, m, n, seed), randomMatrix(field, n, n, seed + 1)];
          const [A, B] = [matrixOperator(backend, a), matrixOperator(backend, b)];
          const close = (operator: LinearOperator, matrix: ReturnType<typeof product>): void => {
            const error = frobenius(difference(toMatrix(operator), matrix));
            expect(error <= 1e-14 * (1 + frobenius(matrix)), `off by ${error}`).toBe(true);
          };
          const unit = toMatrix(identityOperator(n, field));
          close(composeOperators(A, B), product(a, b));
          close(
            addOperators(B, identityOperator(n, field)),
            difference(b, product(unit, toMatrix(scaleOperator(identityOperator(n, field), -1)))),
          );
          close(shiftOperator(B, 2.5), difference(b, toMatrix(scaleOperator(identityOperator(n, field), -2.5))));
          let expected = product(unit, unit);
          for (let k = 0; k < power; k++) expected = product(expected, b);
          close(powerOperator(B, power), expected);
        });
      }),
      { numRuns: 15 },
    );
  });
});
