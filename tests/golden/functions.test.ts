import { expect, it } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import { expm } from '../../src/linalg/functions/expm.ts';
import { logm } from '../../src/linalg/functions/logm.ts';
import { sqrtm } from '../../src/linalg/functions/sqrtm.ts';
import { type AnyMatrix, ComplexMatrix, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { eachBackend } from '../support/backends.ts';
import { difference, frobenius, U } from '../support/dense-algebra.ts';
import { expectClose } from '../support/numbers.ts';
import cases from './functions.json' with { type: 'json' };

const FUNCTIONS: Record<string, (backend: Backend, a: AnyMatrix) => { readonly value: AnyMatrix }> = {
  exp: expm,
  log: logm,
  sqrt: sqrtm,
};
/** Relative errors where no condition number is stored: well-conditioned matrices, and triangles whose exact diagonals save digits. */
const UNCONDITIONED = 1e-13;

function matrixOf(field: string, n: number, data: readonly number[]): AnyMatrix {
  const numbers = Float64Array.from(data);
  return field === 'real' ? new Matrix(n, n, numbers) : new ComplexMatrix(n, n, numbers);
}

/** Values with 60 digits by mpmath, rounded once: see make-functions.py. */
eachBackend('functions of matrices on record', (backend) => {
  it.each(cases.map((given) => [`${given.function} of ${given.title}`, given] as const))('%s', (_title, given) => {
    const { n, condition } = given;
    const { value } = FUNCTIONS[given.function]!(backend, matrixOf(given.field, n, given.data));
    const expected = matrixOf(given.valueField, n, given.value);
    if (given.field === 'real') expect(value.field).toBe(given.valueField);
    const error = frobenius(difference(value, expected)) / frobenius(expected);
    expectClose(error, 0, condition === null ? UNCONDITIONED : 4 * n * U * Math.max(condition, 1));
  });
});
