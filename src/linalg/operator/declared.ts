import type { Width } from '../../backend/contract/hermitian.ts';
import { checkInteger } from '../../core/checks.ts';
import { DomainError } from '../../core/errors.ts';
import { checkWord64 } from '../../core/philox.ts';
import { innerProduct, norm, randomVector } from '../matrix/vectors.ts';
import { LinearOperator, type OperatorForm, type OperatorStructure } from './linear-operator.ts';

/** How what an operator declares is checked. */
export interface DeclarationOptions {
  /** Pairs of random vectors; default 2. 0 checks nothing. */
  readonly vectors?: number;
  /** Seed of the vectors; default 0n. */
  readonly seed?: bigint;
  /** Largest relative failure; default 1e-10. Operators that compute in f32 need about 1e-5. */
  readonly tolerance?: number;
}

/**
 * An operator from functions. What it declares is checked on a few random vectors x, y, once:
 *
 *     adjoint:    |⟨Ax, y⟩ − ⟨x, A†y⟩| ≤ tolerance·(‖Ax‖‖y‖ + ‖x‖‖A†y‖)
 *     Hermitian:  the same with A for A†
 *     unitary:    |‖Ax‖ − ‖x‖| ≤ tolerance·‖x‖, and likewise for A†, where there is one
 *
 * @throws DomainError saying by how much it fails. @throws NonFiniteError if a product is not finite.
 * @throws ShapeError as {@link LinearOperator}.
 * @cost two products, and two with the adjoint, per pair of vectors.
 * @example
 * const doubled = operatorFromCallbacks({ rows: 3, columns: 3, field: 'real', structure: 'hermitian',
 *   apply: (x, y) => y.set(x.map((value) => 2 * value)) });
 */
export function operatorFromCallbacks(form: OperatorForm, options: DeclarationOptions = {}): LinearOperator {
  const operator = new LinearOperator(form);
  checkDeclared('operatorFromCallbacks', operator, options);
  return operator;
}

/**
 * The same operator with a structure declared, and checked as {@link operatorFromCallbacks} does. The operator it was made of stays
 * the owner of what it holds.
 *
 * @throws as {@link operatorFromCallbacks}.
 * @example
 * const gram = declareStructure(composeOperators(adjointOperator(operator), operator), 'hermitian');
 */
export function declareStructure(
  operator: LinearOperator,
  structure: OperatorStructure,
  options: DeclarationOptions = {},
): LinearOperator {
  const declared = new LinearOperator({
    rows: operator.rows,
    columns: operator.columns,
    field: operator.field,
    structure,
    apply: (x, y) => void operator.apply(x, y),
    applyMany: (x, count, y) => void operator.applyMany(x, count, y),
    ...(operator.hasAdjoint
      ? {
          applyAdjoint: (x, y) => void operator.applyAdjoint(x, y),
          applyAdjointMany: (x, count, y) => void operator.applyAdjointMany(x, count, y),
        }
      : {}),
  });
  checkDeclared('declareStructure', declared, options);
  return declared;
}

/** The checks of {@link operatorFromCallbacks}. */
export function checkDeclared(
  where: string,
  operator: LinearOperator,
  { vectors = 2, seed = 0n, tolerance = 1e-10 }: DeclarationOptions,
): void {
  checkInteger(where, 'vectors', vectors, 0);
  checkWord64(where, 'seed', seed);
  if (!(tolerance > 0 && tolerance < 1))
    throw new DomainError(`${where}: tolerance must be between 0 and 1, but it is ${String(tolerance)}.`);
  if (!operator.hasAdjoint && !operator.isUnitary) return;
  const { rows, columns, width } = operator;
  for (let pair = 0; pair < vectors; pair++) {
    const x = randomVector(columns * width, seed, 2 * pair);
    const y = randomVector(rows * width, seed, 2 * pair + 1);
    const ax = operator.apply(x);
    if (operator.isUnitary) checkLength(where, 'A', x, ax, tolerance);
    if (!operator.hasAdjoint) continue;
    const ay = operator.applyAdjoint(y);
    if (operator.isUnitary) checkLength(where, 'A†', y, ay, tolerance);
    const failure = adjointFailure(x, ax, y, ay, width);
    if (failure <= tolerance) continue;
    const [claim, other] = operator.isHermitian ? ['Hermitian', 'A'] : ['consistent with its adjoint', 'A†'];
    throw new DomainError(
      `${where}: the operator must be ${claim} to ${tolerance}, but |⟨Ax,y⟩−⟨x,${other}y⟩| is ${failure.toExponential(1)} of ‖Ax‖‖y‖+‖x‖‖${other}y‖ for random x, y. Correct it, or declare less.`,
    );
  }
}

function checkLength(where: string, name: string, x: Float64Array, ax: Float64Array, tolerance: number): void {
  const length = norm(x);
  const failure = length === 0 ? 0 : Math.abs(norm(ax) - length) / length;
  if (failure <= tolerance) return;
  throw new DomainError(
    `${where}: the operator must be unitary to ${tolerance}, but |‖${name}x‖−‖x‖| is ${failure.toExponential(1)}·‖x‖ for a random x. Correct it, or declare less.`,
  );
}

/** |⟨Ax, y⟩ − ⟨x, A†y⟩| / (‖Ax‖‖y‖ + ‖x‖‖A†y‖), 0 if both vanish. */
function adjointFailure(x: Float64Array, ax: Float64Array, y: Float64Array, ay: Float64Array, width: Width): number {
  // Unit vectors first: products of norms could overflow.
  const [nx, ny, nax, nay] = [norm(x), norm(y), norm(ax), norm(ay)];
  const size = Math.max(nax / nx, nay / ny);
  if (!(size > 0)) return 0;
  const unit = (v: Float64Array, length: number): Float64Array => v.map((value) => value / length);
  const left = innerProduct(unit(ax, size * nx), unit(y, ny), width);
  const right = innerProduct(unit(x, nx), unit(ay, size * ny), width);
  const difference = norm(Float64Array.of(left[0] - right[0], left[1] - right[1]));
  return difference / (nax / nx / size + nay / ny / size);
}
