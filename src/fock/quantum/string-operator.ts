import { checkInteger } from '../../core/checks.ts';
import { DomainError, ShapeError } from '../../core/errors.ts';
import { checkArray, checkFunction, checkMembers } from '../../core/kinds.ts';
import { checkFiniteMatrix } from '../../linalg/matrix/arguments.ts';
import { type AnyMatrix, ComplexMatrix } from '../../linalg/matrix/matrix.ts';
import { FockSpace } from '../fock-space.ts';
import type { MeasuredSector } from '../measurement.ts';
import { checkMatrix, checkSize } from './arguments.ts';
import { checkDense, toComplex } from './complex.ts';
import { checkBasis, type StringBasis } from './string-basis.ts';

/** c |string⟩ with c = re + i·im. */
export interface Term {
  /** The string reached, as token numbers. */
  readonly string: Int32Array;
  /** Re c. */
  readonly re: number;
  /** Im c. */
  readonly im: number;
}

/** A linear operator on Fock space, given by what it makes of a basis string: O|h⟩ = Σ_j c_j |h_j⟩. */
export interface StringOperator {
  /** Number of tokens. */
  readonly V: number;
  /** The terms of O|h⟩; their strings differ. */
  image(string: Int32Array): readonly Term[];
}

/** Refuses what is no operator on strings. @throws DomainError. */
export function checkStringOperator(where: string, name: string, value: unknown): void {
  checkMembers(where, name, value, 'an operator on strings', { V: 'number', image: 'function' });
}

/**
 * diag(α, A^(1), …, A^(M)) over the sectors 0 … M.
 *
 * @param blocks A^(n) is V^n×V^n, strings in the order of {@link FockSpace.indexInSector}; the first is 1×1 and holds α.
 * @throws ShapeError, NonFiniteError naming the block. Its `image` throws CutoffError for a string of more than M tokens.
 * @source Chen, §III (observables on the Fock space).
 */
export function sectorOperator(V: number, blocks: readonly AnyMatrix[]): StringOperator {
  const where = 'sectorOperator';
  checkInteger(where, 'V', V, 1);
  checkArray(where, 'blocks', blocks, 'matrices, one for each sector');
  checkInteger(where, 'the number of blocks', blocks.length, 1);
  const space = new FockSpace(V, blocks.length - 1);
  const columns = blocks.map((block, n) => columnsOf(checkedSquare(where, `blocks[${n}]`, block, V ** n)));
  return {
    V,
    image(string) {
      const column = space.indexInSector(string);
      return columns[string.length]![column]!.map(({ row, re, im }) => ({
        string: space.stringInSector(string.length, row),
        re,
        im,
      }));
    },
  };
}

/**
 * A_1 ⊗ … ⊗ A_n on sector n, 0 on all others.
 *
 * @param factors n matrices V×V; the first acts on the first token.
 * @throws ShapeError, NonFiniteError naming the factor.
 */
export function tensorProduct(V: number, factors: readonly AnyMatrix[]): StringOperator {
  checkInteger('tensorProduct', 'V', V, 1);
  checkArray('tensorProduct', 'factors', factors, 'matrices, one for each token');
  const columns = factors.map((factor, i) => columnsOf(checkedSquare('tensorProduct', `factors[${i}]`, factor, V)));
  return {
    V,
    image(string) {
      if (string.length !== factors.length) return [];
      let terms: Term[] = [{ string, re: 1, im: 0 }];
      for (const [site, token] of string.entries())
        terms = terms.flatMap((term) => replaceToken(term, site, columns[site]![token]!));
      return terms;
    },
  };
}

/**
 * A matrix on the last token: of sector n, or of whatever sector is occupied for `last-site`; 0 on all other strings.
 *
 * @throws ShapeError unless the matrix is V×V; NonFiniteError.
 */
export function lastSiteOperator(V: number, matrix: AnyMatrix, sector: MeasuredSector = 'last-site'): StringOperator {
  checkInteger('lastSiteOperator', 'V', V, 1);
  const columns = columnsOf(checkedSquare('lastSiteOperator', 'matrix', matrix, V));
  return {
    V,
    image(string) {
      if (string.length === 0 || (sector !== 'last-site' && string.length !== sector)) return [];
      const site = string.length - 1;
      return replaceToken({ string, re: 1, im: 0 }, site, columns[string[site]!]!);
    },
  };
}

/** The projector onto the strings for which a predicate holds. */
export function projectorOnto(V: number, holds: (string: Int32Array) => boolean): StringOperator {
  checkInteger('projectorOnto', 'V', V, 1);
  checkFunction('projectorOnto', 'holds', holds);
  return { V, image: (string) => (holds(string) ? [{ string, re: 1, im: 0 }] : []) };
}

/**
 * A matrix between some strings: column j is the image of string j of `from` over the strings of `to`; 0 on all other strings.
 *
 * @throws ShapeError unless the matrix has a column for each string of `from` and a row for each of `to`; NonFiniteError.
 */
export function operatorBetween(from: StringBasis, to: StringBasis, matrix: AnyMatrix): StringOperator {
  checkBasis('operatorBetween', 'from', from);
  checkBasis('operatorBetween', 'to', to);
  checkMatrix('operatorBetween', 'matrix', matrix);
  if (matrix.columns !== from.size || matrix.rows !== to.size || from.V !== to.V)
    throw new ShapeError(
      `operatorBetween: matrix must be ${to.size}×${from.size} over one set of tokens, but it is ${matrix.rows}×${matrix.columns}, with ${from.V} and ${to.V} tokens.`,
    );
  checkFiniteMatrix('operatorBetween', 'matrix', matrix);
  const columns = columnsOf(toComplex(matrix));
  return {
    V: from.V,
    image(string) {
      const column = from.placeOf(string);
      return column < 0 ? [] : columns[column]!.map(({ row, re, im }) => ({ string: to.strings[row]!, re, im }));
    },
  };
}

/**
 * The dense matrix of an operator between some strings; what it maps out of `to` is an error.
 *
 * @throws DomainError for an image that is not in `to`; CapacityError beyond 256 MiB.
 */
export function operatorMatrix(operator: StringOperator, from: StringBasis, to: StringBasis): ComplexMatrix {
  checkStringOperator('operatorMatrix', 'operator', operator);
  checkBasis('operatorMatrix', 'from', from);
  checkBasis('operatorMatrix', 'to', to);
  checkDense('operatorMatrix', 'the matrix', to.size, from.size);
  const matrix = new ComplexMatrix(to.size, from.size);
  for (const [column, string] of from.strings.entries()) {
    for (const { string: image, re, im } of operator.image(string)) {
      const row = to.placeOf(image);
      if (row < 0)
        throw new DomainError(
          `operatorMatrix: every image must lie in the strings of 'to', but that of (${string.join(', ')}) has (${image.join(', ')}).`,
        );
      const at = 2 * (row * from.size + column);
      matrix.data[at]! += re;
      matrix.data[at + 1]! += im;
    }
  }
  return matrix;
}

/** Elements of a column that are not 0. */
type Column = readonly { readonly row: number; readonly re: number; readonly im: number }[];

function columnsOf({ rows, columns, data }: ComplexMatrix): Column[] {
  return Array.from({ length: columns }, (_, j) =>
    Array.from({ length: rows }, (_, row) => ({
      row,
      re: data[2 * (row * columns + j)]!,
      im: data[2 * (row * columns + j) + 1]!,
    })).filter(({ re, im }) => re !== 0 || im !== 0),
  );
}

/** A term with one of its tokens replaced by all that a column makes of it. */
function replaceToken(term: Term, site: number, column: Column): Term[] {
  return column.map(({ row, re, im }) => {
    const string = Int32Array.from(term.string);
    string[site] = row;
    return { string, re: term.re * re - term.im * im, im: term.re * im + term.im * re };
  });
}

function checkedSquare(where: string, name: string, matrix: AnyMatrix, n: number): ComplexMatrix {
  checkSize(where, name, matrix, n, n);
  return toComplex(matrix);
}
