import { it } from 'vitest';
import { quantum } from '../../src/fock/index.ts';
import { ComplexMatrix } from '../../src/linalg/matrix/matrix.ts';
import { eachBackend } from '../support/backends.ts';
import { expectNorm } from '../support/diamond.ts';
import golden from './diamond.json' with { type: 'json' };

/** Watrous' programme in CVXPY, solved by Clarabel: see make-diamond.py. */
eachBackend('the diamond norm', (backend) => {
  it.each(golden.cases)('of $name, $d to $D, is what Clarabel finds', ({ d, D, choi, norm, spread }) => {
    const map = new quantum.Channel(d, D, new ComplexMatrix(D * d, D * d, Float64Array.from(choi)));
    expectNorm(quantum.diamondNorm(backend, map), norm, 3e-8 + spread);
  });
});
