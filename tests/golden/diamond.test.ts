import { expect, it } from 'vitest';
import { quantum } from '../../src/fock/index.ts';
import { ComplexMatrix } from '../../src/linalg/matrix/matrix.ts';
import { eachBackend, wasmBackend } from '../support/backends.ts';
import { expectNorm } from '../support/diamond.ts';
import golden from './diamond.json' with { type: 'json' };

/** Watrous' programme in CVXPY, solved by Clarabel: see make-diamond.py. */
eachBackend('the diamond norm', (backend) => {
  it.each(golden.cases)('of $name, $d to $D, is what Clarabel finds', ({ d, D, choi, norm, spread }) => {
    const map = new quantum.Channel(d, D, new ComplexMatrix(D * d, D * d, Float64Array.from(choi)));
    expectNorm(quantum.diamondNorm(backend, map), norm, 3e-8 + spread);
  });
});

it('the diamond norm of two channels of dimension 8 is what SCS finds', () => {
  const [a, b] = [golden.eight.a, golden.eight.b].map((kraus) =>
    quantum.Channel.ofKraus(kraus.map((k) => new ComplexMatrix(8, 8, Float64Array.from(k)))),
  );
  const steps: number[] = [];
  const found = quantum.diamondNorm(wasmBackend, a!, b!, { onProgress: (progress) => steps.push(progress.steps) });
  expectNorm(found, golden.eight.norm, 1e-6);
  expect(steps.length).toBe(found.steps + 1);
});
