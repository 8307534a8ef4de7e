import type { RealBlock } from '../backend/memory.ts';
import { checkInteger } from '../core/checks.ts';
import { CapacityError } from '../core/errors.ts';
import { Matrix } from '../linalg/index.ts';
import type { FrozenOperators } from './frozen-operators.ts';

/** Largest order for which a dense matrix is formed. */
export const LARGEST_DENSE_STEP = 2048;

/**
 * 1 + V^(step) as a dense matrix of order N·D, acting on the residual stream as a column (token by token).
 *
 * @throws DomainError unless `step` is that of a sublayer; CapacityError if N·D exceeds 2048.
 * @accuracy that of the trace's precision.
 * @cost N·D frozen sublayers; 8(N·D)² bytes.
 * @example
 * const matrix = denseStep(new FrozenOperators(model, trace), 0);
 */
export function denseStep(operators: FrozenOperators, step: number): Matrix {
  checkInteger('denseStep', 'step', step, 0, operators.S - 1);
  const { backend, config } = operators.model;
  const n = operators.T * config.D;
  if (n > LARGEST_DENSE_STEP) {
    throw new CapacityError(
      `denseStep: N·D must be at most ${LARGEST_DENSE_STEP}, but ${operators.T} tokens of width ${config.D} make ${n}. Shorten the prompt or use the operator.`,
      8 * n * n,
    );
  }
  const matrix = new Matrix(n, n);
  backend.memory.scope(() => {
    const { precision } = operators.trace;
    const count = Math.max(1, Math.min(n, Math.floor(2 ** 22 / n)));
    const x = backend.memory.allocate(precision, count * n) as RealBlock;
    const y = backend.memory.allocate(precision, count * n) as RealBlock;
    for (let first = 0; first < n; first += count) {
      const states = Math.min(count, n - first);
      const units = x.view().fill(0);
      for (let k = 0; k < states; k++) units[k * n + first + k] = 1;
      operators.apply(step, x, y, states);
      const images = y.view();
      for (let k = 0; k < states; k++) for (let i = 0; i < n; i++) matrix.data[i * n + first + k] = images[k * n + i]!;
    }
  });
  for (let i = 0; i < n; i++) matrix.data[i * (n + 1)]! += 1;
  return matrix;
}
