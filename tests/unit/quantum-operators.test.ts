import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CapacityError, DomainError, NonFiniteError, ShapeError } from '../../src/core/errors.ts';
import { CutoffError, DiagonalState, FockSpace, quantum } from '../../src/fock/index.ts';
import { ComplexMatrix, Matrix } from '../../src/linalg/matrix/matrix.ts';
import { adjoint, asComplex, product, randomMatrix, scaled } from '../support/dense-algebra.ts';
import { maxError, testNumbers } from '../support/numbers.ts';

const { applyOperator, expectation, FactoredState, operatorMatrix, sectorOperator, StringBasis, tensorProduct } =
  quantum;

const pauliX = Matrix.fromRows([
  [0, 1],
  [1, 0],
]);
const pauliY = ComplexMatrix.fromRows([
  [0, [0, -1]],
  [[0, 1], 0],
]);
const pauliZ = Matrix.fromRows([
  [1, 0],
  [0, -1],
]);

describe('numbers of strings', () => {
  it('count up through the sectors', () => {
    const space = new FockSpace(3, 4);
    const all = StringBasis.sectors(3, 0, 4);
    expect(BigInt(all.size)).toBe(space.dimension);
    for (const [index, string] of all.strings.entries()) {
      expect(space.indexOf(string)).toBe(index);
      expect(space.stringAt(index)).toEqual(string);
      expect(space.stringInSector(string.length, space.indexInSector(string))).toEqual(string);
      expect(all.placeOf(string)).toBe(index);
    }
    expect(space.indexInSector([1, 0, 2])).toBe(11);
    expect(new FockSpace(1, 5).stringAt(5)).toEqual(new Int32Array(5));
  });

  it('go both ways in any space', () => {
    const spaces = fc.record({ N: fc.integer({ min: 1, max: 7 }), M: fc.integer({ min: 0, max: 12 }) });
    fc.assert(
      fc.property(spaces, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), ({ N, M }, part) => {
        const space = new FockSpace(N, M);
        const index = Math.floor(part * Number(space.dimension));
        return space.indexOf(space.stringAt(index)) === index;
      }),
    );
  });

  it('refuse what is outside', () => {
    const space = new FockSpace(2, 3);
    expect(() => space.indexOf([0, 1, 0, 1])).toThrow(CutoffError);
    expect(() => space.indexOf([0, 2])).toThrow('every token of the string must be an integer from 0 to 1');
    expect(() => space.stringAt(15)).toThrow('index must be an integer from 0 to 14');
    expect(() => space.stringInSector(2, 4)).toThrow('index must be an integer from 0 to 3');
    expect(() => new FockSpace(50257, 4).stringAt(0)).toThrow(CapacityError);
    expect(() => new FockSpace(2, 60).indexInSector(new Int32Array(60).fill(1))).toThrow(CapacityError);
  });
});

describe('StringBasis', () => {
  it('refuses repetition, unknown tokens and too many strings', () => {
    expect(() => new StringBasis(2, [[0], [0]])).toThrow('strings must differ, but (0) occurs twice');
    expect(() => new StringBasis(2, [[2]])).toThrow('every token of a string must be an integer from 0 to 1');
    expect(() => StringBasis.sectors(10, 0, 7)).toThrow(CapacityError);
    expect(() => new StringBasis(2, []).union(new StringBasis(3, []))).toThrow(ShapeError);
  });

  it('joins', () => {
    const both = new StringBasis(2, [[0], []]).union(new StringBasis(2, [[1], [0]]));
    expect(both.strings.map((string) => string.join(''))).toEqual(['0', '', '1']);
    expect(both.placeOf([1, 1])).toBe(-1);
  });
});

describe('operators', () => {
  const bell = FactoredState.pure(2, [
    { text: [0, 0], amplitude: Math.SQRT1_2 },
    { text: [1, 1], amplitude: Math.SQRT1_2 },
  ]);

  it('have the expectations of the Bell state', () => {
    for (const [operator, value] of [
      [pauliX, 1],
      [pauliY, -1],
      [pauliZ, 1],
    ] as const) {
      const [re, im] = expectation(tensorProduct(2, [operator, operator]), bell);
      expect(maxError([re, im], [value, 0])).toBeLessThanOrEqual(1e-15);
    }
    expect(expectation(tensorProduct(2, [pauliZ, pauliX]), bell)).toEqual([0, 0]);
    expect(expectation(tensorProduct(2, [pauliZ]), bell)).toEqual([0, 0]);
  });

  it('act alike on all three forms of a state', () => {
    const start = DiagonalState.ofMixture(2, [
      { tokens: [0, 1], weight: 0.25 },
      { tokens: [1, 1], weight: 0.75 },
    ]);
    const rotate = tensorProduct(2, [pauliX, pauliY]);
    const matrix = quantum.toMatrixState(start);
    const images = [start, matrix].map((state) => quantum.toMatrixState(applyOperator(rotate, state)));
    expect(images[0]!.basis.strings).toEqual(images[1]!.basis.strings);
    expect(images[0]!.matrix.data).toEqual(images[1]!.matrix.data);
    expect(quantum.dephase(images[0]!).string(0)).toEqual(Int32Array.of(1, 0));
    expect([...quantum.dephase(images[0]!).weight]).toEqual([0.25, 0.75]);
    for (const state of [start, matrix])
      expect(expectation(tensorProduct(2, [pauliZ, pauliZ]), state)).toEqual([0.5, 0]);
  });

  it('act as dense complex matrices, also on mixtures of lengths', () => {
    const basis = StringBasis.sectors(2, 0, 1);
    const operator = randomMatrix('complex', 3, 3, 1);
    const factor = scaled(randomMatrix('complex', 3, 2, 2), 0.5);
    const rho = product(factor, adjoint(factor));
    const onStrings = quantum.operatorBetween(basis, basis, operator);
    const image = product(product(operator, rho), adjoint(operator));
    const mean = product(operator, rho);
    const states = [new quantum.FactoredState(basis, asComplex(factor)), new quantum.MatrixState(basis, rho)];
    for (const state of states) {
      const found = quantum.toMatrixState(applyOperator(onStrings, state));
      expect(found.basis.strings).toEqual(basis.strings);
      expect(maxError(found.matrix.data, image.data)).toBeLessThanOrEqual(1e-15);
      const trace = [0, 1].map((part) => mean.data[part]! + mean.data[8 + part]! + mean.data[16 + part]!);
      expect(maxError(expectation(onStrings, state), trace)).toBeLessThanOrEqual(1e-15);
    }
  });

  it('are dense matrices over the sectors', () => {
    const blocks = [0, 1, 2].map((n) => new ComplexMatrix(2 ** n, 2 ** n, testNumbers(2 * 4 ** n, n + 1)));
    const all = StringBasis.sectors(2, 0, 2);
    const dense = operatorMatrix(sectorOperator(2, blocks), all, all);
    let offset = 0;
    for (const block of blocks) {
      for (let i = 0; i < all.size; i++) {
        for (let j = 0; j < block.columns; j++) {
          const inside = i >= offset && i < offset + block.rows;
          const expected = inside ? block.at(i - offset, j) : { re: 0, im: 0 };
          expect(dense.at(i, offset + j)).toMatchObject({ re: expected.re, im: expected.im });
        }
      }
      offset += block.rows;
    }
    const product = operatorMatrix(tensorProduct(2, [pauliY, pauliZ]), StringBasis.sectors(2, 2, 2), all);
    expect([product.at(3, 2).im, product.at(5, 0).im, product.at(6, 1).im, product.at(4, 3).im]).toEqual([
      -1, 1, -1, 1,
    ]);
  });

  it('refuse what does not fit', () => {
    expect(() => tensorProduct(2, [pauliX, new Matrix(3, 3)])).toThrow('factors[1] must be 2×2, but it is 3×3');
    expect(() => sectorOperator(2, [new Matrix(1, 1), pauliX, pauliX])).toThrow('blocks[2] must be 4×4, but it is 2×2');
    expect(() => tensorProduct(2, [new Matrix(2, 2, Float64Array.of(1, NaN, 0, 1))])).toThrow(NonFiniteError);
    expect(() => applyOperator(sectorOperator(2, [new Matrix(1, 1), pauliX]), bell)).toThrow(CutoffError);
    expect(() => applyOperator(tensorProduct(3, [new Matrix(3, 3)]), bell)).toThrow(ShapeError);
    const one = StringBasis.sectors(2, 1, 1);
    expect(() => operatorMatrix(tensorProduct(2, [pauliX]), one, new StringBasis(2, [[0]]))).toThrow(
      "every image must lie in the strings of 'to', but that of (0) has (1)",
    );
    expect(() => quantum.operatorBetween(one, one, new Matrix(3, 2))).toThrow('matrix must be 2×2');
    expect(() => quantum.channelOfOperators('none', [])).toThrow(DomainError);
  });
});
