import { Complex } from 'complex.js';
import type { ComplexPair } from '../../backend/contract/dense.ts';
import { checkInteger } from '../../core/checks.ts';
import { DomainError, NonFiniteError, ShapeError } from '../../core/errors.ts';
import { checkSquare } from '../matrix/arguments.ts';
import { addMultiple } from '../matrix/vectors.ts';
import { type ApplyVectors, LinearOperator, type OperatorForm, type OperatorStructure } from './linear-operator.ts';
import { nameAdjoint } from './resident-matrix.ts';

/** Combinations apply their parts when they are applied; they hold nothing, and releasing them does not release the parts. */
type Shape = Pick<OperatorForm, 'rows' | 'columns' | 'field' | 'structure'>;

function combined(shape: Shape, forward: ApplyVectors, back: ApplyVectors | null): LinearOperator {
  return new LinearOperator({
    ...shape,
    apply: (x, y) => forward(x, 1, y),
    applyMany: forward,
    ...(back === null
      ? {}
      : { applyAdjoint: (x: Float64Array, y: Float64Array) => back(x, 1, y), applyAdjointMany: back }),
  });
}

/** A₀ A₁ … A_k: the last one acts first. Unitary if all are. @throws DomainError for none; ShapeError, DomainError unless they fit. */
export function composeOperators(...operators: readonly LinearOperator[]): LinearOperator {
  const [first, last] = [operators[0], operators.at(-1)];
  if (first === undefined || last === undefined)
    throw new DomainError('composeOperators: operators must name at least one, but there is none.');
  for (const [i, operator] of operators.entries()) {
    checkSameField('composeOperators', first, `operator ${i}`, operator);
    const next = operators[i + 1];
    if (next !== undefined && next.rows !== operator.columns)
      throw new ShapeError(
        `composeOperators: operator ${i + 1} must have ${operator.columns} rows like operator ${i} columns, but it has ${next.rows}.`,
      );
  }
  const chain = (order: readonly LinearOperator[], adjoint: boolean): ApplyVectors => {
    return (x, count, y) => {
      const result = order.reduce(
        (z, operator) => (adjoint ? operator.applyAdjointMany(z, count) : operator.applyMany(z, count)),
        x,
      );
      y.set(result);
    };
  };
  const structure =
    operators.length === 1 ? first.structure : operators.every((a) => a.isUnitary) ? 'unitary' : 'general';
  const shape = { rows: first.rows, columns: last.columns, field: first.field, structure };
  const back = operators.every((a) => a.hasAdjoint) ? chain(operators, true) : null;
  return combined(shape, chain(operators.toReversed(), false), back);
}

/** A₀ + A₁ + …. Hermitian if all are. @throws as {@link composeOperators}. */
export function addOperators(...operators: readonly LinearOperator[]): LinearOperator {
  const [first] = operators;
  if (first === undefined) throw new DomainError('addOperators: operators must name at least one, but there is none.');
  for (const [i, operator] of operators.entries()) {
    checkSameField('addOperators', first, `operator ${i}`, operator);
    if (operator.rows !== first.rows || operator.columns !== first.columns)
      throw new ShapeError(
        `addOperators: operator ${i} must be ${first.rows}×${first.columns} like operator 0, but it is ${operator.rows}×${operator.columns}.`,
      );
  }
  const sum = (adjoint: boolean): ApplyVectors => {
    return (x, count, y) => {
      y.fill(0);
      for (const operator of operators) {
        const term = adjoint ? operator.applyAdjointMany(x, count) : operator.applyMany(x, count);
        addMultiple(y, [1, 0], term, 1);
      }
    };
  };
  const structure = operators.every((a) => a.isHermitian) ? 'hermitian' : 'general';
  return combined(
    { ...shapeOf(first), structure },
    sum(false),
    operators.every((a) => a.hasAdjoint) ? sum(true) : null,
  );
}

/** f A. Hermitian if A is and f is real. @throws NonFiniteError; DomainError if f is complex and A real. */
export function scaleOperator(a: LinearOperator, factor: number | Complex): LinearOperator {
  const f = pairOf('scaleOperator', 'factor', factor, a);
  const times = (adjoint: boolean): ApplyVectors => {
    const pair: ComplexPair = adjoint ? [f[0], -f[1]] : f;
    return (x, count, y) => {
      y.fill(0);
      addMultiple(y, pair, adjoint ? a.applyAdjointMany(x, count) : a.applyMany(x, count), a.width);
    };
  };
  const structure = scaledStructure(a, f);
  return combined({ ...shapeOf(a), structure }, times(false), a.hasAdjoint ? times(true) : null);
}

/** A†, Aᵀ for a real operator. @throws DomainError unless A has an adjoint. */
export function adjointOperator(a: LinearOperator): LinearOperator {
  if (!a.hasAdjoint)
    throw new DomainError('adjointOperator: a must have an adjoint, but none was given. Give it applyAdjoint.');
  const adjoint = combined(
    { rows: a.columns, columns: a.rows, field: a.field, structure: a.structure },
    (x, count, y) => void a.applyAdjointMany(x, count, y),
    (x, count, y) => void a.applyMany(x, count, y),
  );
  nameAdjoint(adjoint, a);
  return adjoint;
}

/** A + s·1. Hermitian if A is and s is real. @throws ShapeError unless A is square; otherwise as {@link scaleOperator}. */
export function shiftOperator(a: LinearOperator, shift: number | Complex): LinearOperator {
  checkSquare('shiftOperator', a, 'Only square operators can be shifted.');
  const s = pairOf('shiftOperator', 'shift', shift, a);
  const structure = a.isHermitian && s[1] === 0 ? 'hermitian' : 'general';
  return combined(
    { ...shapeOf(a), structure },
    (x, count, y) => {
      a.applyMany(x, count, y);
      addMultiple(y, s, x, a.width);
    },
    a.hasAdjoint
      ? (x, count, y) => {
          a.applyAdjointMany(x, count, y);
          addMultiple(y, [s[0], -s[1]], x, a.width);
        }
      : null,
  );
}

/** A^k, k ≥ 0: k products. Keeps the structure. @throws ShapeError unless A is square; DomainError unless k is a count. */
export function powerOperator(a: LinearOperator, exponent: number): LinearOperator {
  checkSquare('powerOperator', a, 'Only square operators have powers.');
  checkInteger('powerOperator', 'exponent', exponent, 0);
  const repeat = (adjoint: boolean): ApplyVectors => {
    return (x, count, y) => {
      let z = x;
      for (let k = 0; k < exponent; k++) z = adjoint ? a.applyAdjointMany(z, count) : a.applyMany(z, count);
      y.set(z);
    };
  };
  return combined({ ...shapeOf(a), structure: a.structure }, repeat(false), a.hasAdjoint ? repeat(true) : null);
}

function shapeOf({ rows, columns, field }: LinearOperator): Shape {
  return { rows, columns, field };
}

function scaledStructure(a: LinearOperator, [re, im]: ComplexPair): OperatorStructure {
  const unit = (re === 1 || re === -1) && im === 0;
  if (unit) return a.structure;
  return a.isHermitian && im === 0 ? 'hermitian' : 'general';
}

function pairOf(where: string, name: string, value: number | Complex, { field }: LinearOperator): ComplexPair {
  const [re, im]: ComplexPair = value instanceof Complex ? [value.re, value.im] : [value, 0];
  if (!Number.isFinite(re) || !Number.isFinite(im))
    throw new NonFiniteError(`${where}: ${name} must be finite, but it is ${String(value)}.`);
  if (field === 'complex' || im === 0) return [re, im];
  throw new DomainError(`${where}: ${name} must be real like a, but it is ${String(value)}. Make a complex.`);
}

function checkSameField(where: string, a: LinearOperator, name: string, b: LinearOperator): void {
  if (a.field === b.field) return;
  throw new DomainError(`${where}: ${name} must be ${a.field} like operator 0, but it is ${b.field}.`);
}
