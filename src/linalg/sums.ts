import type { Backend } from '../backend/backend.ts';
import { checkFinite, checkLength } from '../core/checks.ts';
import { DomainError } from '../core/errors.ts';
import { put } from './matrix/operands.ts';

/**
 * Σ x_i as if in twice the working precision: for sums whose terms cancel.
 *
 * @throws NonFiniteError naming an element; DomainError if the sum overflows.
 * @accuracy stable: |error| ≤ u|s| + n²u²·Σ|x_i| to first order, u = 2⁻⁵³.
 * @cost 8n floating-point operations.
 * @source T. Ogita, S. M. Rump, S. Oishi, SIAM J. Sci. Comput. 26 (2005) 1955, algorithm 4.4.
 * @example
 * accurateSum(backend, Float64Array.of(1, 1e100, 1, -1e100)); // 2
 */
export function accurateSum(backend: Backend, x: Float64Array): number {
  checkFinite('accurateSum', 'x', x);
  const { memory, kernels } = backend;
  return memory.scope(() => {
    const result = memory.allocate('f64', 1);
    kernels.compensatedSum({ x: put(backend, x), n: x.length, result });
    return checkedResult('accurateSum', result.view()[0]!);
  });
}

/**
 * Σ x_i·y_i as if in twice the working precision.
 *
 * @throws ShapeError unless x and y have one length; NonFiniteError naming an element; DomainError if |x_i| or |y_i| ≥ 2⁹⁹⁵ or
 * something else overflows.
 * @accuracy stable: |error| ≤ u|s| + n²u²·Σ|x_i y_i| to first order, unless a product underflows.
 * @cost 26n floating-point operations.
 * @source as {@link accurateSum}, algorithm 5.3.
 */
export function accurateDot(backend: Backend, x: Float64Array, y: Float64Array): number {
  checkLength('accurateDot', 'y', y, x.length);
  checkFinite('accurateDot', 'x', x);
  checkFinite('accurateDot', 'y', y);
  const { memory, kernels } = backend;
  return memory.scope(() => {
    const result = memory.allocate('f64', 1);
    kernels.compensatedDot({ x: put(backend, x), y: put(backend, y), n: x.length, result });
    return checkedResult('accurateDot', result.view()[0]!);
  });
}

function checkedResult(where: string, value: number): number {
  if (Number.isFinite(value)) return value;
  throw new DomainError(`${where}: the sum must be representable, but it overflows. Scale the terms.`);
}
