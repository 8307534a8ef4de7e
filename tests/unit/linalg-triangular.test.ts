import { expect, it } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import {
  type AnyMatrix,
  ComplexMatrix,
  Matrix,
  multiply,
  type Operation,
  solveTriangular,
  type TriangularOptions,
} from '../../src/linalg/index.ts';
import { eachBackend } from '../support/backends.ts';
import { testNumbers } from '../support/numbers.ts';

const U = 2 ** -53;

/** The part of a that a solve may look at, with ones on the diagonal where `unit`. */
function triangleOf<M extends AnyMatrix>(a: M, { triangle, unit = false }: TriangularOptions): M {
  const width = a.field === 'real' ? 1 : 2;
  const t = (a.field === 'real' ? new Matrix(a.rows, a.rows) : new ComplexMatrix(a.rows, a.rows)) as M;
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < a.rows; j++) {
      const at = width * (i * a.rows + j);
      if (i === j && unit) t.data[at] = 1;
      else if (triangle === 'lower' ? j <= i : j >= i) t.data.set(a.data.subarray(at, at + width), at);
    }
  }
  return t;
}

function moduli(a: AnyMatrix): Matrix {
  if (a.field === 'real') return new Matrix(a.rows, a.columns, a.data.map(Math.abs));
  const m = new Matrix(a.rows, a.columns);
  for (let i = 0; i < m.data.length; i++) m.data[i] = Math.hypot(a.data[2 * i]!, a.data[2 * i + 1]!);
  return m;
}

/** |op(T) X − B| ≤ c·n·u·|op(T)||X| element by element. */
function expectSolved(
  backend: Backend,
  t: AnyMatrix,
  x: AnyMatrix,
  b: AnyMatrix,
  options: TriangularOptions,
  c: number,
): void {
  const { side = 'left', op = 'none' } = options;
  const times = (l: AnyMatrix, r: AnyMatrix, ops: { opA?: Operation; opB?: Operation }) =>
    l.field === 'real' ? multiply(backend, l, r as Matrix, ops) : multiply(backend, l, r as ComplexMatrix, ops);
  const product = (m: AnyMatrix, y: AnyMatrix) =>
    side === 'left' ? times(m, y, { opA: op }) : times(y, m, { opB: op });
  const [residual, bound] = [product(t, x), product(moduli(t), moduli(x))];
  for (let i = 0; i < b.data.length; i++) residual.data[i]! -= b.data[i]!;
  moduli(residual).data.forEach((error, i) => {
    const allowed = c * (t.rows + 1) * U * bound.data[i]!;
    expect(error <= allowed, `element ${i}: ${error} > ${allowed}`).toBe(true);
  });
}

eachBackend('triangular solves', (backend) => {
  it.each([1, 2, 3, 4, 7, 33])(
    'order %i: the residual is within rounding for every side, triangle and operation',
    (n) => {
      for (const triangle of ['lower', 'upper'] as const) {
        for (const side of ['left', 'right'] as const) {
          for (const op of ['none', 'transpose', 'conjugate-transpose'] as const) {
            for (const unit of [false, true]) {
              const options = { triangle, side, op, unit };
              const [rows, columns] = side === 'left' ? [n, 5] : [5, n];
              const a = new Matrix(n, n, testNumbers(n * n, 1));
              const b = new Matrix(rows, columns, testNumbers(rows * columns, 2));
              const x = solveTriangular(backend, a, b, options);
              expectSolved(backend, triangleOf(a, options), x, b, options, 2);
              const ac = new ComplexMatrix(n, n, testNumbers(2 * n * n, 3));
              const bc = new ComplexMatrix(rows, columns, testNumbers(2 * rows * columns, 4));
              const xc = solveTriangular(backend, ac, bc, options);
              expectSolved(backend, triangleOf(ac, options), xc, bc, options, 6);
            }
          }
        }
      }
    },
  );

  it('numbers by hand; the other triangle is not used', () => {
    const a = Matrix.fromRows([
      [2, 99],
      [3, 4],
    ]);
    const b = Matrix.fromRows([[2], [11]]);
    expect(solveTriangular(backend, a, b, { triangle: 'lower' }).toRows()).toEqual([[1], [2]]);
    expect(solveTriangular(backend, a, b, { triangle: 'lower', unit: true }).toRows()).toEqual([[2], [5]]);
    const i = ComplexMatrix.fromRows([[[0, 2]]]);
    const four = ComplexMatrix.fromRows([[4]]);
    expect(solveTriangular(backend, i, four, { triangle: 'upper' }).toRows()).toEqual([[0, -2]]);
    expect(solveTriangular(backend, i, four, { triangle: 'upper', op: 'conjugate-transpose' }).toRows()).toEqual([
      [0, 2],
    ]);
    expect(solveTriangular(backend, new Matrix(0, 0), new Matrix(0, 3), { triangle: 'lower' }).columns).toBe(3);
  });

  it('graded matrices keep their digits: 1e±150 on the diagonal', () => {
    const diagonal = [1e150, 1e-150, 3, -1e-150];
    const a = new Matrix(4, 4);
    for (const [k, value] of diagonal.entries()) a.data[5 * k] = value;
    const x = solveTriangular(backend, a, new Matrix(4, 1, Float64Array.from(diagonal)), { triangle: 'lower' });
    for (const value of x.data) expect(Math.abs(value - 1)).toBeLessThan(3e-16);
  });

  it('bad input is named', () => {
    const { bytesInUse } = backend.memory;
    const [a, b] = [
      Matrix.fromRows([
        [1, 0],
        [1, 0],
      ]),
      new Matrix(2, 1),
    ];
    expect(() => solveTriangular(backend, a, b, { triangle: 'lower' })).toThrow('a[1, 1] is 0');
    expect(() => solveTriangular(backend, new Matrix(2, 3), b, { triangle: 'lower' })).toThrow(
      'a must be square, but it is 2×3',
    );
    expect(() => solveTriangular(backend, a, new Matrix(3, 1), { triangle: 'lower' })).toThrow(
      'b must have 2 rows like a, but it has 3',
    );
    expect(() => solveTriangular(backend, a, b, { triangle: 'lower', side: 'right' })).toThrow('b must have 2 columns');
    b.data[1] = Number.NaN;
    expect(() => solveTriangular(backend, a, b, { triangle: 'lower', unit: true })).toThrow('b[1, 0] is NaN');
    expect(backend.memory.bytesInUse).toBe(bytesInUse);
  });
});
