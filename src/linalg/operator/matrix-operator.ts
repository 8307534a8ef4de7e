import type { Backend } from '../../backend/backend.ts';
import { checkFiniteMatrix, checkRoom } from '../matrix/arguments.ts';
import type { AnyMatrix } from '../matrix/matrix.ts';
import { checkDeclared, type DeclarationOptions } from './declared.ts';
import { LinearOperator, type OperatorStructure } from './linear-operator.ts';
import { nameResident, ResidentMatrix } from './resident-matrix.ts';

/** Options of `matrixOperator`. */
export interface MatrixOperatorOptions extends DeclarationOptions {
  /** Default `general`; anything else is checked as {@link operatorFromCallbacks} does. */
  readonly structure?: OperatorStructure;
}

/**
 * A matrix as an operator. Its numbers are copied once into the backend's memory and stay there until `release`, which the caller
 * owes; so a product costs no more than its arithmetic.
 *
 * @throws NonFiniteError naming an element; CapacityError; DomainError if the declared structure fails.
 * @accuracy products as {@link matrixVector} and {@link multiply}: the same bits one by one and many at a time.
 * @cost 2mn floating-point operations per vector, 8mn complex.
 * @example
 * const operator = matrixOperator(backend, Matrix.fromRows([[1, 2], [3, 4]]));
 * operator.apply(Float64Array.of(1, 1)); // 3, 7
 * operator.release();
 */
export function matrixOperator(
  backend: Backend,
  a: AnyMatrix,
  { structure = 'general', ...checks }: MatrixOperatorOptions = {},
): LinearOperator {
  checkFiniteMatrix('matrixOperator', 'a', a);
  checkRoom('matrixOperator', a, a.data.length);
  const [hold, resident] = backend.memory.scope((keep) => {
    const hold = keep(backend.memory.hold());
    return [hold, new ResidentMatrix(backend, hold, a)];
  });
  const operator = new LinearOperator({
    rows: a.rows,
    columns: a.columns,
    field: a.field,
    structure,
    apply: (x, y) => resident.product('none', x, 1, y),
    applyAdjoint: (x, y) => resident.product('conjugate-transpose', x, 1, y),
    applyMany: (x, count, y) => resident.product('none', x, count, y),
    applyAdjointMany: (x, count, y) => resident.product('conjugate-transpose', x, count, y),
    release: () => hold.release(),
  });
  nameResident(operator, resident, false);
  try {
    // The adjoint is right by construction.
    if (structure !== 'general') checkDeclared('matrixOperator', operator, checks);
  } catch (error) {
    operator.release();
    throw error;
  }
  return operator;
}
