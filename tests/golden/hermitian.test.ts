import { describe, it } from 'vitest';
import { eigenvaluesHermitian } from '../../src/linalg/eigen/eigh.ts';
import { ComplexMatrix, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { eachBackend } from '../support/backends.ts';
import { frobenius, U } from '../support/dense-algebra.ts';
import { expectClose } from '../support/numbers.ts';
import cases from './hermitian.json' with { type: 'json' };

/** Eigenvalues with 50 digits by mpmath, rounded once: see make-hermitian.py. */
eachBackend('eigenvalues of integer matrices', (backend) => {
  describe.each(cases)('$field, order $n', ({ field, n, data, values }) => {
    const numbers = Float64Array.from(data);
    const a = field === 'real' ? new Matrix(n, n, numbers) : new ComplexMatrix(n, n, numbers);

    it('agree to c·n·u·‖a‖', () => {
      const found = eigenvaluesHermitian(backend, a);
      for (const [k, value] of values.entries()) expectClose(found[k]!, value, 2 * n * U * frobenius(a), `λ_${k}`);
    });
  });
});
