import { Complex } from 'complex.js';
import { expect, it } from 'vitest';
import { ComplexArray } from '../../src/linalg/matrix/complex-array.ts';
import { ComplexMatrix, identity, Matrix } from '../../src/linalg/matrix/matrix.ts';

it('matrices are row-major over the array they are given', () => {
  const data = Float64Array.of(1, 2, 3, 4, 5, 6);
  const matrix = new Matrix(2, 3, data);
  expect([matrix.at(0, 2), matrix.at(1, 0)]).toEqual([3, 4]);
  data[5] = 9;
  expect(matrix.toRows()).toEqual([
    [1, 2, 3],
    [4, 5, 9],
  ]);
  expect(Matrix.fromRows(matrix.toRows()).data).toEqual(data);
  expect(identity(2).data).toEqual(Float64Array.of(1, 0, 0, 1));
});

it('complex scalars come out as complex.js numbers', () => {
  const matrix = ComplexMatrix.fromRows([[new Complex(1, 2), [3, 4], 5]]);
  expect(matrix.data).toEqual(Float64Array.of(1, 2, 3, 4, 5, 0));
  expect(matrix.at(0, 1).mul(matrix.at(0, 0)).equals(new Complex(-5, 10))).toBe(true);
  expect(ComplexMatrix.fromReal(new Matrix(1, 2, Float64Array.of(7, 8))).toRows()).toEqual([[7, 0, 8, 0]]);
});

it('shapes are checked', () => {
  expect(() => new Matrix(2, 2, new Float64Array(3))).toThrow('data must have 4 elements, but it has 3');
  expect(() => new ComplexMatrix(1, 1, new Float64Array(1))).toThrow('data must have 2 elements');
  expect(() => new Matrix(-1, 2)).toThrow('rows must be an integer');
  expect(() => Matrix.fromRows([[1], [1, 2]])).toThrow('row 1 has 2');
  expect(() => identity(2).at(0, 2)).toThrow('j must be an integer from 0 to 1');
});

it('a complex array is a view of interleaved numbers', () => {
  const data = Float64Array.of(1, 2, 3, -4);
  const array = new ComplexArray(data);
  data[0] = 7;
  expect([array.length, array.at(0), array.at(1).im]).toEqual([2, new Complex(7, 2), -4]);
  expect([...array].map(String)).toEqual(['7 + 2i', '3 - 4i']);
  expect(ComplexArray.from(array)).toEqual(array);
  expect(ComplexArray.from([[1, 2], 3]).toPairs()).toEqual([
    [1, 2],
    [3, 0],
  ]);
  expect(() => array.at(2)).toThrow('ComplexArray.at: i must be an integer from 0 to 1');
  expect(() => new ComplexArray(new Float64Array(3))).toThrow('must have two elements for each number, but it has 3.');
});
