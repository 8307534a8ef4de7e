import { expect } from 'vitest';
import type { quantum } from '../../src/fock/index.ts';
import { expectClose } from './numbers.ts';

/** Both bounds on their sides of the norm, and within 1e-7 of each other. */
export function expectNorm(found: quantum.DiamondNorm, norm: number, slack = 1e-12): void {
  const { value, lower, upper, converged } = found;
  const says = `${lower} ≤ ${norm} ≤ ${upper}`;
  expect(lower <= norm * (1 + slack) && upper >= norm * (1 - slack), says).toBe(true);
  expect(converged && upper - lower <= 1e-7 * upper, says).toBe(true);
  expectClose(value, norm, 1e-7 * norm);
}
