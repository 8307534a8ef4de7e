import type { RealBlock } from '../backend/memory.ts';
import { checkInteger } from '../core/checks.ts';
import { LinearOperator } from '../linalg/index.ts';
import { type LinearSteps, realBlock } from './steps.ts';

/**
 * V^(step) as a real operator of linalg on residual streams X (T×D, row by row), with its transpose. It computes in the precision of
 * the trace. It holds nothing of its own: release the operators when it is no longer in use.
 *
 * @throws DomainError unless `step` is one of the operators' steps.
 * @cost one step per product.
 */
export function sublayerOperator(operators: LinearSteps, step: number): LinearOperator {
  checkInteger('sublayerOperator', 'step', step, 0, operators.S - 1);
  return streamOperator(
    operators,
    (x, y, states) => operators.apply(step, x, y, states),
    (x, y, states) => operators.applyAdjoint(step, x, y, states),
  );
}

/**
 * The restricted propagator P(to, from) = (1 + V^(to−1)) … (1 + V^(from)): what becomes of a change of the state before step `from`
 * by the time it stands before step `to` (`to` = S: at the end). P(l, l) = 1. linalg's `toMatrix` forms it, and `logm` of that
 * matrix is the Magnus-type generator.
 *
 * @throws DomainError unless 0 ≤ from ≤ to ≤ S.
 * @cost to − from steps per product.
 * @source Dyson paper, eq. 6.
 */
export function propagator(operators: LinearSteps, from: number, to: number): LinearOperator {
  checkInteger('propagator', 'to', to, 0, operators.S);
  checkInteger('propagator', 'from', from, 0, to);
  const { kernels } = operators.model.backend;
  const run = (adjoint: boolean) => (x: RealBlock, y: RealBlock, states: number) => {
    const image = realBlock(operators, x.length);
    y.view().set(x.view());
    for (let i = 0; i < to - from; i++) {
      if (adjoint) operators.applyAdjoint(to - 1 - i, y, image, states);
      else operators.apply(from + i, y, image, states);
      kernels.add({ x: image, y, n: x.length });
    }
  };
  return streamOperator(operators, run(false), run(true));
}

type StackedMap = (x: RealBlock, y: RealBlock, states: number) => void;

/** A linear map of stacked states as an operator on vectors of T·D. */
function streamOperator(operators: LinearSteps, forward: StackedMap, back: StackedMap): LinearOperator {
  const { memory } = operators.model.backend;
  const n = operators.T * operators.model.config.D;
  const many = (map: StackedMap) => (x: Float64Array, count: number, y: Float64Array) => {
    memory.scope(() => {
      const [from, to] = [realBlock(operators, n * count), realBlock(operators, n * count)];
      copyTransposed(x, from.view(), n, count);
      map(from, to, count);
      copyTransposed(to.view(), y, count, n);
    });
  };
  const [apply, applyAdjoint] = [many(forward), many(back)];
  return new LinearOperator({
    rows: n,
    columns: n,
    field: 'real',
    apply: (x, y) => apply(x, 1, y),
    applyMany: apply,
    applyAdjoint: (x, y) => applyAdjoint(x, 1, y),
    applyAdjointMany: applyAdjoint,
  });
}

/** to = fromᵀ for a rows×columns `from`. */
function copyTransposed(from: ArrayLike<number>, to: Float32Array | Float64Array, rows: number, columns: number): void {
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) to[j * rows + i] = from[i * columns + j]!;
}
