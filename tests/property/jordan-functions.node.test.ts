import { expect, it } from 'vitest';
import { wasmBackend } from '../support/backends.ts';
import { expectJordanFunctions, JORDAN_KINDS } from '../support/jordan-functions.ts';

it.each(JORDAN_KINDS)('2,500 of Q J Qᵀ, %o', (kind) => {
  const refused = expectJordanFunctions(wasmBackend, kind, 1000, 2500);
  // Of 5,000: couplings 10⁴ times the eigenvalue leave too little of it.
  expect(refused).toBeLessThanOrEqual(kind.least < 0.1 ? 75 : 25);
});
