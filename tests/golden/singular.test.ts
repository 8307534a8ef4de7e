import { describe, it } from 'vitest';
import { type AnyMatrix, ComplexMatrix, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { svdByJacobi } from '../../src/linalg/svd/jacobi-svd.ts';
import { singularValues } from '../../src/linalg/svd/svd.ts';
import { eachBackend } from '../support/backends.ts';
import { frobenius, U } from '../support/dense-algebra.ts';
import { expectClose } from '../support/numbers.ts';
import cases from './singular.json' with { type: 'json' };

type Given = (typeof cases)[number];

function matrixOf({ field, rows, columns, data }: Given): AnyMatrix {
  const numbers = Float64Array.from(data);
  return field === 'real' ? new Matrix(rows, columns, numbers) : new ComplexMatrix(rows, columns, numbers);
}

/** Singular values with 60 digits by mpmath, rounded once: see make-singular.py. */
eachBackend('singular values of given matrices', (backend) => {
  describe.each(cases)('$name, $field', (given) => {
    const { rows, columns, values } = given;
    const a = matrixOf(given);

    it('agree to c·n·u·‖a‖', () => {
      const found = singularValues(backend, a);
      const tolerance = 2 * Math.max(rows, columns) * U * frobenius(a);
      for (const [k, value] of values.entries()) expectClose(found[k]!, value, tolerance, `σ_${k}`);
    });
  });

  it.each(cases.filter(({ name }) => name.endsWith('graded')))(
    'by Jacobi, $name, $field: to a relative 1e-14',
    (given) => {
      const { values } = svdByJacobi(backend, matrixOf(given));
      for (const [k, value] of given.values.entries()) expectClose(values[k]! / value, 1, 1e-14, `σ_${k}`);
    },
  );
});
