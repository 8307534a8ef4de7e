import { expect, it } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import { ConvergenceError, inNameOf } from '../../src/core/errors.ts';
import { linalg } from '../../src/index.ts';
import { eachBackend } from '../support/backends.ts';

const { Matrix, acceleration, randomMatrices } = linalg;
const BAD = new Matrix(3, 3, new Float64Array(9).fill(Number.NaN));
const WIDE = new Matrix(2, 3);

/** Functions whose work others do, on arguments that these check. */
const CALLS: Readonly<Record<string, (backend: Backend) => unknown>> = {
  polar: (backend) => linalg.polar(backend, BAD),
  matrixPower: (backend) => linalg.matrixPower(backend, BAD, 0.3),
  spectralRadius: (backend) => linalg.spectralRadius(backend, BAD),
  spectralAbscissa: (backend) => linalg.spectralAbscissa(backend, WIDE),
  norm2: (backend) => linalg.norm2(backend, BAD),
  pseudomode: (backend) => linalg.pseudomode(backend, BAD, 1),
  overlapMatrix: (backend) => randomMatrices.overlapMatrix(backend, BAD),
  fitMarchenkoPastur: (backend) => randomMatrices.fitMarchenkoPastur(backend, BAD),
  fitEllipticLaw: (backend) => randomMatrices.fitEllipticLaw(backend, BAD),
  andersonOfSequence: (backend) => acceleration.andersonOfSequence(backend, [[1], [2], [3]], { memory: 0 }),
};

eachBackend('errors name the function that was called', (backend) => {
  it.each(Object.entries(CALLS))('%s', (name, call) => {
    expect(() => call(backend)).toThrow(new RegExp(`^${name}: `));
  });

  it('inverse refuses what is singular to rounding, and takes what is only badly scaled', () => {
    const nearly = Matrix.fromRows([[1, 2, 3], [4, 5, 6], [7, 8, 9]]); // biome-ignore format: a matrix
    expect(() => linalg.inverse(backend, nearly)).toThrow(
      /^inverse: a must be regular, but it is singular to rounding/,
    );
    const scales = Matrix.fromRows([[1e300, 0], [0, 1e-300]]); // biome-ignore format: a matrix
    expect([...linalg.inverse(backend, scales).data]).toEqual([1 / 1e300, 0, 0, 1 / 1e-300]);
    const graded = Matrix.fromRows([[1, 1e12], [0, 1]]); // biome-ignore format: a matrix
    expect([...linalg.inverse(backend, graded).data]).toEqual([1, -1e12, 0, 1]);
  });
});

it('inNameOf keeps the class and the fields of an error, and leaves those of others alone', () => {
  const inner = new ConvergenceError('inner: a must converge, but it did not. Wait.', { iterations: 3, converged: 1 });
  expect(() =>
    inNameOf('outer', () => {
      throw inner;
    }),
  ).toThrow('outer: a must converge, but it did not. Wait.');
  expect(inner.progress).toEqual({ iterations: 3, converged: 1 });
  expect(() =>
    inNameOf('outer', () => {
      throw new TypeError('inner: no error of ours');
    }),
  ).toThrow('inner: no error of ours');
  expect(inNameOf('outer', () => 7)).toBe(7);
});
