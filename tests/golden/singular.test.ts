import { describe, it } from 'vitest';
import { ComplexMatrix, Matrix } from '../../src/linalg/matrix.ts';
import { singularValues } from '../../src/linalg/svd.ts';
import { eachBackend } from '../support/backends.ts';
import { frobenius, U } from '../support/dense-algebra.ts';
import { expectClose } from '../support/numbers.ts';
import cases from './singular.json' with { type: 'json' };

/** Singular values with 60 digits by mpmath, rounded once: see make-singular.py. */
eachBackend('singular values of given matrices', (backend) => {
  describe.each(cases)('$name, $field', ({ field, rows, columns, data, values }) => {
    const numbers = Float64Array.from(data);
    const a = field === 'real' ? new Matrix(rows, columns, numbers) : new ComplexMatrix(rows, columns, numbers);

    it('agree to c·n·u·‖a‖', () => {
      const found = singularValues(backend, a);
      const tolerance = 2 * Math.max(rows, columns) * U * frobenius(a);
      for (const [k, value] of values.entries()) expectClose(found[k]!, value, tolerance, `σ_${k}`);
    });
  });
});
