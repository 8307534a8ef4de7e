import { Complex } from 'complex.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CapacityError, DomainError, NonFiniteError, ShapeError } from '../../src/core/errors.ts';
import { CutoffError, quantum } from '../../src/fock/index.ts';
import { ComplexMatrix, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { asComplex, product, randomMatrix } from '../support/dense-algebra.ts';
import { maxError } from '../support/numbers.ts';

const {
  addOperators,
  composeOperators,
  operatorBlock,
  operatorMatrix,
  scaleOperator,
  sectorOperator,
  StringBasis,
  tensorProduct,
  withBlock,
} = quantum;

/** diag(α, A^(1), …, A^(M)) of random blocks. */
const blocksOf = (V: number, M: number, seed: number) =>
  Array.from({ length: M + 1 }, (_, n) => randomMatrix('complex', V ** n, V ** n, seed + n));

/** Blocks along the diagonal of one matrix. */
function direct(blocks: readonly { readonly rows: number; readonly data: Float64Array }[]): ComplexMatrix {
  const order = blocks.reduce((sum, { rows }) => sum + rows, 0);
  const whole = new ComplexMatrix(order, order);
  let from = 0;
  for (const { rows, data } of blocks) {
    for (let i = 0; i < rows; i++)
      whole.data.set(data.subarray(2 * i * rows, 2 * (i + 1) * rows), 2 * ((from + i) * order + from));
    from += rows;
  }
  return whole;
}

describe('direct sums of blocks', () => {
  it('give back the blocks that they were made of', () => {
    for (const [V, M] of [
      [1, 3],
      [2, 4],
      [3, 2],
      [5, 2],
    ] as const) {
      const blocks = blocksOf(V, M, 7);
      const operator = sectorOperator(V, blocks);
      for (const [n, block] of blocks.entries()) expect(operatorBlock(operator, n).data).toEqual(asComplex(block).data);
      expect(() => operatorBlock(operator, M + 1)).toThrow(CutoffError);
    }
  });

  it('take another block in place of one, or beyond the last, and leave the others and the operator alone', () => {
    const blocks = blocksOf(2, 3, 1);
    const operator = sectorOperator(2, blocks);
    for (let n = 0; n <= 4; n++) {
      const other = randomMatrix(n % 2 === 0 ? 'real' : 'complex', 2 ** n, 2 ** n, 50);
      const changed = withBlock(operator, n, other);
      for (let m = 0; m <= Math.max(3, n); m++)
        expect(operatorBlock(changed, m).data).toEqual(asComplex(m === n ? other : blocks[m]!).data);
      expect(operatorBlock(withBlock(changed, n, other), n).data).toEqual(asComplex(other).data);
    }
    for (const [n, block] of blocks.entries()) expect(operatorBlock(operator, n).data).toEqual(asComplex(block).data);
    const zero = withBlock(operator, 2, new Matrix(4, 4));
    expect(zero.image(Int32Array.of(0, 1))).toEqual([]);
  });

  it('add, scale and compose as their dense matrices do', () => {
    const sizes = fc.record({
      V: fc.integer({ min: 1, max: 3 }),
      M: fc.integer({ min: 0, max: 3 }),
      seed: fc.nat(1000),
    });
    fc.assert(
      fc.property(sizes, ({ V, M, seed }) => {
        const [a, b, c] = [blocksOf(V, M, seed), blocksOf(V, M, seed + 10), blocksOf(V, M, seed + 20)];
        const [A, B, C] = [sectorOperator(V, a), sectorOperator(V, b), sectorOperator(V, c)];
        const [x, y, z] = [direct(a), direct(b), direct(c)];
        const all = StringBasis.sectors(V, 0, M);
        const matrixOf = (operator: quantum.StringOperator) => operatorMatrix(operator, all, all).data;
        const sum = x.data.map((value, i) => value + y.data[i]! + z.data[i]!);
        expect(maxError(matrixOf(addOperators(A, B, C)), sum)).toBeLessThanOrEqual(1e-14);
        expect(maxError(matrixOf(composeOperators(A, B)), product(x, y).data)).toBeLessThanOrEqual(1e-13);
        expect(maxError(matrixOf(composeOperators(A, B, C)), product(product(x, y), z).data)).toBeLessThanOrEqual(
          1e-12,
        );
        const factor = new Complex(0.5, -2);
        const scaled = product(direct(a.map(({ rows }) => identityTimes(rows, factor))), x).data;
        expect(maxError(matrixOf(scaleOperator(A, factor)), scaled)).toBeLessThanOrEqual(1e-14);
        // [A, B + C] − [A, B] − [A, C] = 0
        const minus = (operator: quantum.StringOperator) => scaleOperator(operator, -1);
        const commutator = (p: quantum.StringOperator, q: quantum.StringOperator) =>
          addOperators(composeOperators(p, q), minus(composeOperators(q, p)));
        const rest = addOperators(commutator(A, addOperators(B, C)), minus(commutator(A, B)), minus(commutator(A, C)));
        expect(maxError(matrixOf(rest), new Float64Array(2 * all.size ** 2))).toBeLessThanOrEqual(1e-12);
        for (let n = 0; n <= M; n++)
          expect(
            maxError(operatorBlock(composeOperators(A, B), n).data, product(a[n]!, b[n]!).data),
          ).toBeLessThanOrEqual(1e-13);
      }),
      { numRuns: 30 },
    );
  });

  it('leave out what cancels', () => {
    const A = sectorOperator(2, blocksOf(2, 2, 3));
    for (const string of [[], [1], [0, 1]])
      expect(addOperators(A, scaleOperator(A, -1)).image(Int32Array.from(string))).toEqual([]);
    expect(scaleOperator(A, 0).image(Int32Array.of(1))).toEqual([]);
    expect(composeOperators(A).image(Int32Array.of(1))).toEqual(A.image(Int32Array.of(1)));
  });
});

describe('operators that leave their sector', () => {
  const one = StringBasis.sectors(2, 1, 1);
  const two = StringBasis.sectors(2, 2, 2);
  const up = randomMatrix('complex', 4, 2, 5);
  const raise = quantum.operatorBetween(one, two, up);

  it('compose and add too', () => {
    const lower = randomMatrix('complex', 2, 4, 6);
    const down = quantum.operatorBetween(two, one, lower);
    expect(maxError(operatorBlock(composeOperators(down, raise), 1).data, product(lower, up).data)).toBeLessThanOrEqual(
      1e-14,
    );
    expect(maxError(operatorBlock(composeOperators(raise, down), 2).data, product(up, lower).data)).toBeLessThanOrEqual(
      1e-14,
    );
    expect(operatorMatrix(addOperators(raise, tensorProduct(2, [new Matrix(2, 2)])), one, two).data).toEqual(
      asComplex(up).data,
    );
  });

  it('have no block, and that is said; others that are wrong too', () => {
    expect(() => operatorBlock(raise, 1)).toThrow(DomainError);
    expect(() => operatorBlock(raise, -1)).toThrow('operatorBlock: n must be an integer of at least 0');
    expect(() => operatorBlock(raise, 13)).toThrow(CapacityError);
    expect(() => withBlock(raise, 400, new Matrix(1, 1))).toThrow(CapacityError);
    expect(() => withBlock(raise, 1, new Matrix(2, 3))).toThrow(
      'withBlock: matrix must be 2×2 for 1 tokens, but it is 2×3',
    );
    expect(() => withBlock(raise, 0, new Matrix(1, 1, Float64Array.of(NaN)))).toThrow(NonFiniteError);
    expect(() => scaleOperator(raise, Infinity)).toThrow('scaleOperator: factor must be finite');
    expect(() => addOperators(raise, tensorProduct(3, [new Matrix(3, 3)]))).toThrow(ShapeError);
    expect(() => composeOperators()).toThrow('composeOperators: operators must be one or more');
    expect(() => operatorMatrix(raise, StringBasis.sectors(2, 0, 12), StringBasis.sectors(2, 0, 12))).toThrow(
      CapacityError,
    );
  });
});

it('a matrix of an operator that names a string twice holds the sum', () => {
  const twice: quantum.StringOperator = { V: 2, image: (string) => [1, 2].map((re) => ({ string, re, im: -re })) };
  expect([...operatorBlock(twice, 1).data]).toEqual([3, -3, 0, 0, 0, 0, 3, -3]);
});

function identityTimes(n: number, { re, im }: Complex): ComplexMatrix {
  const matrix = new ComplexMatrix(n, n);
  for (let i = 0; i < n; i++) matrix.data.set([re, im], 2 * i * (n + 1));
  return matrix;
}
