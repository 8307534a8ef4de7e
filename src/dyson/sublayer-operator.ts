import type { RealBlock } from '../backend/memory.ts';
import { checkInteger } from '../core/checks.ts';
import { LinearOperator } from '../linalg/index.ts';
import type { FrozenOperators } from './frozen-operators.ts';

/**
 * V^(step) as a real operator of linalg on residual streams X (T×D, row by row). It has no adjoint, and computes in the precision of
 * the trace. It holds nothing of its own: release the frozen operators when it is no longer in use.
 *
 * @throws DomainError unless `step` is that of a sublayer.
 * @cost one frozen sublayer per product.
 */
export function sublayerOperator(operators: FrozenOperators, step: number): LinearOperator {
  checkInteger('sublayerOperator', 'step', step, 0, operators.S - 1);
  const { backend, config } = operators.model;
  const { precision } = operators.trace;
  const { memory } = backend;
  const n = operators.T * config.D;
  return new LinearOperator({
    rows: n,
    columns: n,
    field: 'real',
    apply: (x, y) =>
      memory.scope(() => {
        const from = memory.allocate(precision, n);
        const to = memory.allocate(precision, n);
        from.view().set(x);
        operators.apply(step, from as RealBlock, to as RealBlock, 1);
        y.set(to.view());
      }),
  });
}
