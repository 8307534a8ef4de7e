import type { Backend } from '../../backend/backend.ts';
import { checkInteger } from '../../core/checks.ts';
import { DomainError, NonFiniteError, ShapeError } from '../../core/errors.ts';
import { checkFiniteMatrix, checkRoom, widthOf } from '../matrix/arguments.ts';
import type { AnyMatrix } from '../matrix/matrix.ts';
import { checkSameField } from '../matrix/operands.ts';
import { addMultiple, firstNonFinite, innerProduct, norm } from '../matrix/vectors.ts';
import { LinearOperator } from './linear-operator.ts';
import { ResidentMatrix } from './resident-matrix.ts';

/** x ↦ x. @throws DomainError unless n is a count. */
export function identityOperator(n: number, field: 'real' | 'complex' = 'real'): LinearOperator {
  checkInteger('identityOperator', 'n', n, 0);
  return new LinearOperator({
    rows: n,
    columns: n,
    field,
    structure: 'hermitian-unitary',
    apply: (x, y) => y.set(x),
    applyMany: (x, _count, y) => y.set(x),
  });
}

/**
 * x ↦ (d_0 x_0, d_1 x_1, …). Hermitian if every d_i is real.
 *
 * @param d n numbers, or n interleaved complex ones.
 * @throws NonFiniteError naming an element; ShapeError if complex d has an odd length.
 * @accuracy real: rounded once. @cost n multiplications.
 */
export function diagonalOperator(d: Float64Array, field: 'real' | 'complex' = 'real'): LinearOperator {
  checkFiniteNumbers('diagonalOperator', 'd', d);
  const width = field === 'real' ? 1 : 2;
  if (d.length % width !== 0)
    throw new ShapeError(`diagonalOperator: d must hold pairs of numbers, but its length is ${d.length}.`);
  const own = d.slice();
  const real = field === 'real' || own.every((value, i) => i % 2 === 0 || value === 0);
  const times = (sign: number) => (x: Float64Array, y: Float64Array) => {
    if (width === 1) for (let i = 0; i < own.length; i++) y[i] = own[i]! * x[i]!;
    else {
      for (let i = 0; i < own.length; i += 2) {
        const [re, im] = [own[i]!, sign * own[i + 1]!];
        y[i] = re * x[i]! - im * x[i + 1]!;
        y[i + 1] = re * x[i + 1]! + im * x[i]!;
      }
    }
  };
  return new LinearOperator({
    rows: own.length / width,
    columns: own.length / width,
    field,
    structure: real ? 'hermitian' : 'general',
    apply: times(1),
    applyAdjoint: times(-1),
  });
}

/**
 * U V† for U m×r and V n×r, both kept in the backend's memory until `release`.
 *
 * @throws ShapeError unless U and V have as many columns; DomainError unless they are over one field; NonFiniteError; CapacityError.
 * @accuracy two products, each as {@link matrixVector}. @cost 2r(m + n) floating-point operations per vector, four times that complex.
 * @example
 * lowRankOperator(backend, Matrix.fromRows([[1], [2]]), Matrix.fromRows([[3], [4]])).apply(Float64Array.of(1, 1)); // 7, 14
 */
export function lowRankOperator(backend: Backend, u: AnyMatrix, v: AnyMatrix): LinearOperator {
  checkSameField('lowRankOperator', u, 'v', v);
  if (u.columns !== v.columns)
    throw new ShapeError(`lowRankOperator: v must have ${u.columns} columns like u, but it has ${v.columns}.`);
  checkFiniteMatrix('lowRankOperator', 'u', u);
  checkFiniteMatrix('lowRankOperator', 'v', v);
  checkRoom('lowRankOperator', u, u.data.length + v.data.length);
  const [hold, left, right] = backend.memory.scope((keep) => {
    const hold = keep(backend.memory.hold());
    return [hold, new ResidentMatrix(backend, hold, u), new ResidentMatrix(backend, hold, v)];
  });
  const rank = u.columns * widthOf(u);
  const through =
    (inner: ResidentMatrix, outer: ResidentMatrix) => (x: Float64Array, count: number, y: Float64Array) => {
      const middle = new Float64Array(rank * count);
      inner.product('conjugate-transpose', x, count, middle);
      outer.product('none', middle, count, y);
    };
  const [forward, back] = [through(right, left), through(left, right)];
  return new LinearOperator({
    rows: u.rows,
    columns: v.rows,
    field: u.field,
    apply: (x, y) => forward(x, 1, y),
    applyAdjoint: (x, y) => back(x, 1, y),
    applyMany: forward,
    applyAdjointMany: back,
    release: () => hold.release(),
  });
}

/**
 * The reflection x ↦ x − 2v⟨v, x⟩/⟨v, v⟩: Hermitian and unitary.
 *
 * @param v n numbers, or n interleaved complex ones; not all 0.
 * @throws NonFiniteError naming an element; DomainError if v is 0.
 * @cost 4n floating-point operations per vector, 16n complex.
 */
export function reflectionOperator(v: Float64Array, field: 'real' | 'complex' = 'real'): LinearOperator {
  checkFiniteNumbers('reflectionOperator', 'v', v);
  const width = field === 'real' ? 1 : 2;
  const length = norm(v);
  if (length === 0)
    throw new DomainError('reflectionOperator: v must not be 0, but it is. It has to name a direction.');
  const unit = v.map((value) => value / length);
  return new LinearOperator({
    rows: v.length / width,
    columns: v.length / width,
    field,
    structure: 'hermitian-unitary',
    apply: (x, y) => {
      const [re, im] = innerProduct(unit, x, width);
      y.set(x);
      addMultiple(y, [-2 * re, -2 * im], unit, width);
    },
  });
}

function checkFiniteNumbers(where: string, name: string, x: Float64Array): void {
  const at = firstNonFinite(x);
  if (at >= 0) throw new NonFiniteError(`${where}: ${name} must be finite, but ${name}[${at}] is ${String(x[at])}.`);
}
