import { checkInteger } from '../core/checks.ts';
import { CapacityError } from '../core/errors.ts';
import { type LinearOperator, Matrix, toMatrix } from '../linalg/index.ts';
import type { LinearSteps } from './steps.ts';
import { propagator } from './sublayer-operator.ts';

/** Largest order for which a dense matrix is formed. */
export const LARGEST_DENSE = 2048;

/** Options of `densePropagator`. */
export interface DensePropagatorOptions {
  /** Only what this token's state makes of itself: the D×D block of its rows and columns. */
  readonly token?: number;
}

/**
 * The propagator P(to, from) as a dense matrix that acts on the residual stream as a column, token by token. Of frozen operators it is
 * the product of their 1 + V; of tangent ones the Jacobian of the real sublayers in between. It has order N·D, or D for one token. Where
 * attention is causal the matrix is block lower triangular: its eigenvalues are those of the tokens' own blocks together.
 *
 * @throws DomainError unless 0 ≤ from ≤ to ≤ S and the token is one of the prompt; CapacityError if the order exceeds 2048.
 * @accuracy that of the operators, in the trace's precision.
 * @cost as many products by all the steps as the order; 8 times its square in bytes.
 * @example
 * const jacobian = densePropagator(new TangentOperators(model, trace), 2 * layer, 2 * layer + 2, { token: 5 });
 */
export function densePropagator(
  operators: LinearSteps,
  from: number,
  to: number,
  { token }: DensePropagatorOptions = {},
): Matrix {
  const where = 'densePropagator';
  const { T } = operators;
  const { D } = operators.model.config;
  checkInteger(where, 'to', to, 0, operators.S);
  checkInteger(where, 'from', from, 0, to);
  if (token !== undefined) checkInteger(where, 'token', token, 0, T - 1);
  const n = token === undefined ? T * D : D;
  if (n > LARGEST_DENSE) {
    const what = token === undefined ? `${T} tokens of width ${D} make` : 'the width is';
    throw new CapacityError(
      `${where}: the order must be at most ${LARGEST_DENSE}, but ${what} ${n}. Take one token, shorten the prompt, or use the operator.`,
      8 * n * n,
    );
  }
  const operator = propagator(operators, from, to);
  return token === undefined ? (toMatrix(operator) as Matrix) : ownBlock(operator, token * D, D);
}

/** Columns that go through at once. */
const AT_ONCE = 16;

/** Rows and columns first … first + size of an operator. */
function ownBlock(operator: LinearOperator, first: number, size: number): Matrix {
  const block = new Matrix(size, size);
  for (let start = 0; start < size; start += AT_ONCE) {
    const count = Math.min(AT_ONCE, size - start);
    const units = new Float64Array(operator.columns * count);
    for (let k = 0; k < count; k++) units[(first + start + k) * count + k] = 1;
    const images = operator.applyMany(units, count);
    for (let i = 0; i < size; i++) {
      block.data.set(images.subarray((first + i) * count, (first + i + 1) * count), i * size + start);
    }
  }
  return block;
}
