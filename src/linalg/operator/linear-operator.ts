import type { Width } from '../../backend/contract/hermitian.ts';
import { checkChoice, checkInteger, checkLength } from '../../core/checks.ts';
import { BackendError, DomainError, NonFiniteError, ShapeError } from '../../core/errors.ts';
import { checkApart } from '../matrix/operands.ts';
import { columnOf, firstNonFinite, setColumn } from '../matrix/vectors.ts';

/** What is known of an operator beside its numbers; for real operators Hermitian means symmetric and unitary orthogonal. */
export type OperatorStructure = (typeof STRUCTURES)[number];

const STRUCTURES = ['general', 'hermitian', 'unitary', 'hermitian-unitary'] as const;

/** y = A x: writes every element of y, leaves x alone. */
export type ApplyVector = (x: Float64Array, y: Float64Array) => void;
/** Y = A X for `count` vectors in the columns of a row-major X. */
export type ApplyVectors = (x: Float64Array, count: number, y: Float64Array) => void;

/** What an operator is made of. */
export interface OperatorForm {
  /** Number of rows: the length of A x. */
  readonly rows: number;
  /** Number of columns: the length of x. */
  readonly columns: number;
  /** Whether vectors are real, or complex and interleaved. */
  readonly field: 'real' | 'complex';
  /** Default `general`. */
  readonly structure?: OperatorStructure;
  /** y = A x. */
  readonly apply: ApplyVector;
  /** y = A†x, Aᵀx for real operators. A Hermitian operator needs none. */
  readonly applyAdjoint?: ApplyVector;
  /** Several vectors at once, where that is cheaper than one by one. */
  readonly applyMany?: ApplyVectors;
  /** The same for A†. */
  readonly applyAdjointMany?: ApplyVectors;
  /** Gives back what the operator holds. */
  readonly release?: () => void;
}

/**
 * A linear map known by what it does to vectors. Vectors are arrays of the caller: `columns` numbers for A x, interleaved pairs for
 * complex operators.
 */
export class LinearOperator {
  /** Number of rows: the length of A x. */
  readonly rows: number;
  /** Number of columns: the length of x. */
  readonly columns: number;
  /** Whether vectors are real, or complex and interleaved. */
  readonly field: 'real' | 'complex';
  /** What was declared of it. */
  readonly structure: OperatorStructure;
  readonly #form: OperatorForm;
  #released = false;

  /**
   * Takes the form at its word; {@link operatorFromCallbacks} checks what it declares.
   *
   * @throws DomainError if rows or columns are no counts, or field or structure are unknown. @throws ShapeError if it is declared Hermitian or unitary and is not square.
   */
  constructor(form: OperatorForm) {
    const { rows, columns, field, structure = 'general' } = form;
    checkInteger('LinearOperator', 'rows', rows, 0);
    checkInteger('LinearOperator', 'columns', columns, 0);
    checkChoice('LinearOperator', 'field', field, ['real', 'complex']);
    checkChoice('LinearOperator', 'structure', structure, STRUCTURES);
    if (structure !== 'general' && rows !== columns)
      throw new ShapeError(`LinearOperator: a ${structure} operator must be square, but it is ${rows}×${columns}.`);
    this.rows = rows;
    this.columns = columns;
    this.field = field;
    this.structure = structure;
    this.#form = form;
  }

  /** Numbers per element. */
  get width(): Width {
    return this.field === 'real' ? 1 : 2;
  }

  /** Whether it was declared Hermitian. */
  get isHermitian(): boolean {
    return this.structure === 'hermitian' || this.structure === 'hermitian-unitary';
  }

  /** Whether it was declared unitary. */
  get isUnitary(): boolean {
    return this.structure === 'unitary' || this.structure === 'hermitian-unitary';
  }

  /** Whether A†x can be asked for. */
  get hasAdjoint(): boolean {
    return this.isHermitian || this.#form.applyAdjoint !== undefined;
  }

  /**
   * A x, in y if that is given.
   *
   * @throws ShapeError unless x and y fit and lie apart. @throws NonFiniteError naming an element of x, or of the product.
   * @throws BackendError after {@link release}.
   */
  apply(x: Float64Array, y?: Float64Array): Float64Array {
    return this.#run('apply', false, x, 1, y);
  }

  /** A†x, in y if that is given; Aᵀx for a real operator. @throws as {@link apply}; DomainError if the operator has no adjoint. */
  applyAdjoint(x: Float64Array, y?: Float64Array): Float64Array {
    return this.#run('applyAdjoint', true, x, 1, y);
  }

  /** A X for the `count` columns of a row-major X: `rows` rows of `count` elements. @throws as {@link apply}. */
  applyMany(x: Float64Array, count: number, y?: Float64Array): Float64Array {
    checkInteger('applyMany', 'count', count, 0);
    return this.#run('applyMany', false, x, count, y);
  }

  /** A†X for the `count` columns of a row-major X. @throws as {@link applyAdjoint}. */
  applyAdjointMany(x: Float64Array, count: number, y?: Float64Array): Float64Array {
    checkInteger('applyAdjointMany', 'count', count, 0);
    return this.#run('applyAdjointMany', true, x, count, y);
  }

  /** Gives back what the operator holds in a backend's memory; combinations do not release their parts. Calling it twice is harmless. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#form.release?.();
  }

  #run(where: string, adjoint: boolean, x: Float64Array, count: number, y?: Float64Array): Float64Array {
    if (this.#released)
      throw new BackendError(`${where}: the operator must be in use, but it was released. Release it last.`);
    const [from, to] = adjoint ? [this.rows, this.columns] : [this.columns, this.rows];
    checkLength(where, 'x', x, from * count * this.width);
    const result = y ?? new Float64Array(to * count * this.width);
    if (y !== undefined) {
      checkLength(where, 'y', y, to * count * this.width);
      checkApart(where, 'y', y, [x]);
    }
    checkFiniteVector(where, 'x', x);
    this.#product(where, adjoint, x, count, result);
    checkFiniteVector(where, 'y', result);
    return result;
  }

  #product(where: string, adjoint: boolean, x: Float64Array, count: number, y: Float64Array): void {
    const transposed = adjoint && !this.isHermitian;
    const one = transposed ? this.#form.applyAdjoint : this.#form.apply;
    if (one === undefined)
      throw new DomainError(`${where}: the operator must have an adjoint, but none was given. Give it applyAdjoint.`);
    const many = transposed ? this.#form.applyAdjointMany : this.#form.applyMany;
    if (count === 1) one(x, y);
    else if (many !== undefined) many(x, count, y);
    else oneByOne(one, x, count, y, this.width);
  }
}

function oneByOne(one: ApplyVector, x: Float64Array, count: number, y: Float64Array, width: Width): void {
  if (count === 0) return;
  const [from, to] = [new Float64Array(x.length / count), new Float64Array(y.length / count)];
  for (let k = 0; k < count; k++) {
    columnOf(x, count, k, width, from);
    one(from, to);
    setColumn(y, count, k, width, to);
  }
}

function checkFiniteVector(where: string, name: string, x: Float64Array): void {
  const at = firstNonFinite(x);
  if (at < 0) return;
  throw new NonFiniteError(`${where}: ${name} must be finite, but ${name}[${at}] is ${String(x[at])}.`);
}
