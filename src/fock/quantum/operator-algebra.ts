import { Complex } from 'complex.js';
import { checkInteger } from '../../core/checks.ts';
import { DomainError, NonFiniteError, ShapeError } from '../../core/errors.ts';
import type { AnyMatrix, ComplexMatrix } from '../../linalg/matrix/matrix.ts';
import { checkDense } from './complex.ts';
import { checkSameTokens, StringBasis, stringKey } from './string-basis.ts';
import { operatorBetween, operatorMatrix, type StringOperator, type Term } from './string-operator.ts';

/**
 * Block A^(n) of an operator that keeps the sector of n tokens: V^n×V^n, strings in the order of {@link FockSpace.indexInSector}.
 * The inverse of {@link sectorOperator}, block by block.
 *
 * @throws DomainError unless n ≥ 0 is an integer, or if an image leaves the sector; CapacityError beyond 256 MiB; CutoffError as the
 * operator's `image`.
 * @accuracy exact.
 * @source Chen, §III (observables on the Fock space).
 * @example
 * const number = quantum.sectorOperator(2, [zero, one, two]);
 * quantum.operatorBlock(number, 2); // two, as a complex matrix
 */
export function operatorBlock(operator: StringOperator, n: number): ComplexMatrix {
  const strings = sectorOf('operatorBlock', operator.V, n);
  return operatorMatrix(operator, strings, strings);
}

/**
 * The operator with block n replaced: on strings of n tokens it is the matrix, on all others what it was. Of a direct sum it may be
 * a block beyond M.
 *
 * @param matrix V^n×V^n, as {@link operatorBlock} gives it.
 * @throws DomainError unless n ≥ 0 is an integer; ShapeError; NonFiniteError; CapacityError beyond 256 MiB.
 */
export function withBlock(operator: StringOperator, n: number, matrix: AnyMatrix): StringOperator {
  const where = 'withBlock';
  const strings = sectorOf(where, operator.V, n);
  if (matrix.rows !== strings.size || matrix.columns !== strings.size)
    throw new ShapeError(
      `${where}: matrix must be ${strings.size}×${strings.size} for ${n} tokens, but it is ${matrix.rows}×${matrix.columns}.`,
    );
  const block = operatorBetween(strings, strings, matrix);
  return { V: operator.V, image: (string) => (string.length === n ? block : operator).image(string) };
}

/**
 * A + B + …, block by block where they are direct sums. Terms that cancel to 0 are left out.
 *
 * @throws DomainError for no operator; ShapeError unless all have the same tokens. Its `image` throws what theirs throw.
 * @accuracy stable: each coefficient within (k − 1)·u times the sum of the moduli of its k terms.
 */
export function addOperators(...operators: readonly StringOperator[]): StringOperator {
  const V = tokensOf('addOperators', operators);
  return { V, image: (string) => collected(operators.flatMap((operator) => [...operator.image(string)])) };
}

/** c A. @throws NonFiniteError for a factor c that is not finite. @accuracy stable: one complex product. */
export function scaleOperator(operator: StringOperator, factor: number | Complex): StringOperator {
  const c = new Complex(factor);
  if (!Number.isFinite(c.re) || !Number.isFinite(c.im))
    throw new NonFiniteError(`scaleOperator: factor must be finite, but it is ${String(factor)}.`);
  return { V: operator.V, image: (string) => collected(operator.image(string).map((term) => times(c, term))) };
}

/**
 * The product A B …: the last operator acts first. Block by block where they are direct sums. Terms that cancel to 0 are left out.
 *
 * @throws DomainError for no operator; ShapeError unless all have the same tokens. Its `image` throws what theirs throw.
 * @accuracy stable: as a product of matrices, each coefficient within (k + 2)·u times the sum of the moduli of its k terms, for each factor.
 * @cost terms of the images times terms of theirs, factor by factor.
 */
export function composeOperators(...operators: readonly StringOperator[]): StringOperator {
  const V = tokensOf('composeOperators', operators);
  return {
    V,
    image(string) {
      let terms: readonly Term[] = [{ string, re: 1, im: 0 }];
      for (const operator of operators.toReversed())
        terms = collected(terms.flatMap((term) => operator.image(term.string).map((image) => times(term, image))));
      return terms;
    },
  };
}

/** Every string of n tokens. */
function sectorOf(where: string, V: number, n: number): StringBasis {
  checkInteger(where, 'n', n, 0);
  checkDense(where, 'the block', V ** n, V ** n);
  return StringBasis.sectors(V, n, n);
}

function tokensOf(where: string, operators: readonly StringOperator[]): number {
  const [first, ...others] = operators;
  if (first === undefined) throw new DomainError(`${where}: operators must be one or more, but there are none.`);
  for (const { V } of others) checkSameTokens(where, first.V, V);
  return first.V;
}

function times({ re, im }: { readonly re: number; readonly im: number }, term: Term): Term {
  return { string: term.string, re: re * term.re - im * term.im, im: re * term.im + im * term.re };
}

/** Terms of equal strings added, in the order in which the strings first come; without those that are 0. */
function collected(terms: readonly Term[]): Term[] {
  const sums = new Map<string, Term>();
  for (const term of terms) {
    const key = stringKey(term.string);
    const sum = sums.get(key);
    sums.set(key, sum === undefined ? term : { string: sum.string, re: sum.re + term.re, im: sum.im + term.im });
  }
  return [...sums.values()].filter(({ re, im }) => re !== 0 || im !== 0);
}
