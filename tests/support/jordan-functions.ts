import { expect } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import { DomainError } from '../../src/core/errors.ts';
import { expm } from '../../src/linalg/functions/expm.ts';
import { logm } from '../../src/linalg/functions/logm.ts';
import { sqrtm } from '../../src/linalg/functions/sqrtm.ts';
import { difference, frobenius, product, U } from './dense-algebra.ts';
import { type JordanKind, jordanMatrix } from './jordan-matrices.ts';
import { expectClose } from './numbers.ts';

/** Eigenvalues well off zero, and close to it. */
export const JORDAN_KINDS: readonly JordanKind[] = [
  { least: 0.2, pairs: false, coupled: false },
  { least: 0.2, pairs: false, coupled: true },
  { least: 0.2, pairs: true, coupled: true },
  { least: 1e-3, pairs: true, coupled: true },
];

/**
 * Holds ‖x² − a‖ ≤ 4·n·u·‖x‖² and ‖e^x − a‖ ≤ 16·n·u·(1 + ‖x‖²)·‖a‖, products by the test's own loops, for `count` matrices; the logarithm
 * counts where it is refused.
 *
 * @returns how many were refused.
 */
export function expectJordanFunctions(backend: Backend, kind: JordanKind, first: number, count: number): number {
  let refused = 0;
  for (let seed = first; seed < first + count; seed++) {
    const a = jordanMatrix(seed, kind);
    const n = a.rows;
    try {
      const { value } = sqrtm(backend, a, { negative: 'refuse' });
      expectClose(
        frobenius(difference(product(value, value), a)),
        0,
        4 * n * U * frobenius(value) ** 2,
        `√, seed ${seed}`,
      );
    } catch (error) {
      refused += Number(isRefusal(error));
    }
    try {
      const { value } = logm(backend, a, { negative: 'refuse' });
      const bound = 16 * n * U * (1 + frobenius(value) ** 2) * frobenius(a);
      expectClose(frobenius(difference(expm(backend, value).value, a)), 0, bound, `log, seed ${seed}`);
    } catch (error) {
      refused += Number(isRefusal(error));
    }
  }
  return refused;
}

/** @throws the error itself unless it says that there is no root or no logarithm. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof DomainError)) throw error;
  expect(error.message).toMatch(/^(sqrtm: a must have a square root|logm: a must (have a logarithm|be regular)), but /);
  return true;
}
