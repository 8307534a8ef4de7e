import { Complex } from 'complex.js';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import { complexGemmWork, gemmWork } from '../../src/backend/contract/dense.ts';
import type { Block } from '../../src/backend/memory.ts';
import { CapacityError } from '../../src/core/errors.ts';
import {
  type AnyMatrix,
  ComplexMatrix,
  gram,
  gramInto,
  identity,
  Matrix,
  matrixVector,
  multiply,
  multiplyBatch,
  multiplyInto,
  type Operation,
} from '../../src/linalg/index.ts';
import { matrixLike } from '../../src/linalg/matrix/arguments.ts';
import { rowBlocks } from '../../src/linalg/matrix/row-blocks.ts';
import { eachBackend, wasmBackend } from '../support/backends.ts';
import { fixed, toNumber } from '../support/exact.ts';
import { expectClose, testNumbers } from '../support/numbers.ts';

const OPERATIONS: readonly Operation[] = ['none', 'transpose', 'conjugate-transpose'];
const U = 2 ** -53;

const real = (rows: number, columns: number, seed: number) =>
  new Matrix(rows, columns, testNumbers(rows * columns, seed));
const complex = (rows: number, columns: number, seed: number) =>
  new ComplexMatrix(rows, columns, testNumbers(2 * rows * columns, seed));

/** Parts of element (i, j) of op(a). */
function partsOf(a: AnyMatrix, op: Operation, i: number, j: number): [number, number] {
  const at = op === 'none' ? i * a.columns + j : j * a.columns + i;
  if (a.field === 'real') return [a.data[at]!, 0];
  return [a.data[2 * at]!, op === 'conjugate-transpose' ? -a.data[2 * at + 1]! : a.data[2 * at + 1]!];
}

/** Checks every part of c against sums of exact products, to k·u times the sum of the terms' moduli. */
function expectProduct(c: AnyMatrix, a: AnyMatrix, opA: Operation, b: AnyMatrix, opB: Operation, k: number): void {
  const width = c.field === 'real' ? 1 : 2;
  for (let i = 0; i < c.rows; i++) {
    for (let j = 0; j < c.columns; j++) {
      const [exact, size] = [[0n, 0n] as [bigint, bigint], [0, 0] as [number, number]];
      for (let p = 0; p < k; p++) {
        const [x, y] = [partsOf(a, opA, i, p), partsOf(b, opB, p, j)];
        exact[0] += (fixed(x[0]) * fixed(y[0]) - fixed(x[1]) * fixed(y[1])) >> 256n;
        exact[1] += (fixed(x[0]) * fixed(y[1]) + fixed(x[1]) * fixed(y[0])) >> 256n;
        size[0] += Math.abs(x[0] * y[0]) + Math.abs(x[1] * y[1]);
        size[1] += Math.abs(x[0] * y[1]) + Math.abs(x[1] * y[0]);
      }
      for (let part = 0; part < width; part++) {
        const computed = c.data[width * (i * c.columns + j) + part]!;
        const error = toNumber(exact[part]! - fixed(computed));
        expectClose(error, 0, (k + 2) * U * size[part]!, `part ${part} of (${i}, ${j})`);
      }
    }
  }
}

const dataOf = (backend: Backend, a: AnyMatrix, b: AnyMatrix) =>
  a.field === 'real' ? multiply(backend, a, b as Matrix).data : multiply(backend, a, b as ComplexMatrix).data;

eachBackend('products', (backend) => {
  it.each([
    [1, 1, 1],
    [2, 3, 4],
    [7, 13, 5],
    [4, 5, 270],
    [19, 3, 65],
  ])('real and complex %i×%i×%i are within (k+2)u|A||B| of the exact product, under every operation', (m, n, k) => {
    for (const opA of OPERATIONS) {
      for (const opB of OPERATIONS) {
        const [shapeA, shapeB] = [opA === 'none' ? [m, k] : [k, m], opB === 'none' ? [k, n] : [n, k]] as const;
        const [a, b] = [real(shapeA[0]!, shapeA[1]!, 1), real(shapeB[0]!, shapeB[1]!, 2)];
        expectProduct(multiply(backend, a, b, { opA, opB }), a, opA, b, opB, k);
        const [x, y] = [complex(shapeA[0]!, shapeA[1]!, 3), complex(shapeB[0]!, shapeB[1]!, 4)];
        expectProduct(multiply(backend, x, y, { opA, opB }), x, opA, y, opB, k);
      }
    }
  });

  it('numbers by hand', () => {
    const [a, b] = [
      Matrix.fromRows([
        [1, 2],
        [3, 4],
      ]),
      Matrix.fromRows([
        [5, 6],
        [7, 8],
      ]),
    ];
    expect(multiply(backend, a, b).toRows()).toEqual([
      [19, 22],
      [43, 50],
    ]);
    const c = Matrix.fromRows([
      [1, 1],
      [1, 1],
    ]);
    multiplyInto(backend, c, a, b, { alpha: 2, beta: -1, opA: 'transpose' });
    expect(c.toRows()).toEqual([
      [51, 59],
      [75, 87],
    ]);
    const i = ComplexMatrix.fromRows([[new Complex(0, 1)]]);
    expect(multiply(backend, i, i).toRows()).toEqual([[-1, 0]]);
    expect(multiply(backend, i, i, { opA: 'conjugate-transpose' }).toRows()).toEqual([[1, 0]]);
    const d = ComplexMatrix.fromRows([[new Complex(1, 1)]]);
    multiplyInto(backend, d, i, i, { alpha: new Complex(0, 2), beta: new Complex(0, 1) });
    expect(d.toRows()).toEqual([[-1, -1]]);
    expect([...matrixVector(backend, a, Float64Array.of(1, 10))]).toEqual([21, 43]);
    expect([...matrixVector(backend, a, Float64Array.of(1, 10), 'transpose')]).toEqual([31, 42]);
    expect([...matrixVector(backend, i, Float64Array.of(3, 4), 'conjugate-transpose')]).toEqual([4, -3]);
    expect(gram(backend, a).toRows()).toEqual([
      [10, 14],
      [14, 20],
    ]);
    expect(gram(backend, a, 'rows').toRows()).toEqual([
      [5, 11],
      [11, 25],
    ]);
    expect(gram(backend, ComplexMatrix.fromRows([[[0, 1], 2]])).toRows()).toEqual([
      [1, 0, 0, -2],
      [0, 2, 4, 0],
    ]);
    expect(multiplyBatch(backend, [a, b], [b, a]).map((p) => p.toRows()[0])).toEqual([
      [19, 22],
      [23, 34],
    ]);
    expect(multiplyBatch(backend, [], [])).toEqual([]);
    expect(
      multiplyBatch(backend, [i, i], [i, ComplexMatrix.fromRows([[2]])]).map((p) => p.at(0, 0).toString()),
    ).toEqual(['-1', '2i']);
    const e = Matrix.fromRows([
      [1, 9],
      [1, 1],
    ]);
    gramInto(backend, e, a, { of: 'rows', alpha: 2, beta: -1 });
    expect(e.toRows()).toEqual([
      [9, 21],
      [21, 49],
    ]);
  });

  it('β = 0 does not read C, and an empty sum is zero', () => {
    const c = new Matrix(1, 1, Float64Array.of(Number.NaN));
    multiplyInto(backend, c, new Matrix(1, 0), new Matrix(0, 1));
    expect(c.data[0]).toBe(0);
    expect(multiply(backend, new ComplexMatrix(1, 0), new ComplexMatrix(0, 2)).data).toEqual(new Float64Array(4));
    expect(multiply(backend, new Matrix(0, 3), new Matrix(3, 2)).rows).toBe(0);
  });

  it('laws: identity, transpose of a product, columns and rows by themselves, Gram matrix, batch', () => {
    const size = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(size, size, size, fc.integer({ min: 1, max: 1e6 }), fc.boolean(), (m, n, k, seed, isReal) => {
        const make = isReal ? real : complex;
        const [a, b]: [AnyMatrix, AnyMatrix] = [make(m, k, seed), make(k, n, seed + 1)];
        const product = dataOf(backend, a, b);
        const one = isReal ? identity(k) : ComplexMatrix.fromReal(identity(k));
        expect(dataOf(backend, a, one)).toEqual(a.data);
        // A row of the product alone has the bits it has in the whole.
        const width = isReal ? 1 : 2;
        const row = make(1, k, seed);
        row.data.set(a.data.subarray(width * (m - 1) * k));
        expect(dataOf(backend, row, b)).toEqual(product.slice(width * (m - 1) * n));
        // (AB)ᵀ = BᵀAᵀ, bit for bit: the same products in the same order.
        const op = 'transpose';
        const mirrored = isReal
          ? multiply(backend, b as Matrix, a as Matrix, { opA: op, opB: op })
          : multiply(backend, b as ComplexMatrix, a as ComplexMatrix, { opA: op, opB: op });
        for (let j = 0; j < n; j++) expect(mirrored.data[width * j * m]).toBe(product[width * j]);
        const x = b.data.slice(0, 0);
        expect(matrixVector(backend, make(m, 0, seed), x)).toEqual(new Float64Array(width * m));
        const column = make(k, 1, seed + 2);
        expect(matrixVector(backend, a, column.data)).toEqual(dataOf(backend, a, column));
        const squares = isReal ? gram(backend, a as Matrix) : gram(backend, a as ComplexMatrix);
        for (let j = 0; j < k; j++) expect(squares.data[width * j * (k + 1)]).toBeGreaterThan(0);
        expect(multiplyBatch(backend, [a], [b])[0]!.data).toEqual(product);
        const update = make(k, k, seed + 3);
        for (let i = 0; i < k; i++) {
          if (!isReal) update.data[2 * i * (k + 1) + 1] = 0;
          for (let j = i + 1; j < k; j++) {
            const [low, high] = [width * (j * k + i), width * (i * k + j)];
            update.data[high] = update.data[low]!;
            if (!isReal) update.data[high + 1] = -update.data[low + 1]!;
          }
        }
        const expected = make(k, k, seed + 3);
        expected.data.set(update.data);
        multiplyInto(backend, expected, a, a, { opA: 'conjugate-transpose', alpha: -0.5, beta: 3 });
        gramInto(backend, update, a, { alpha: -0.5, beta: 3 });
        for (let i = 0; i < k; i++) {
          const row = (data: Float64Array): Float64Array => data.subarray(width * i * k, width * (i * k + i) + 1);
          expect(row(update.data)).toEqual(row(expected.data));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('bad input is named', () => {
    const { bytesInUse } = backend.memory;
    const [a, b] = [real(2, 3, 1), real(3, 2, 2)];
    expect(() => multiply(backend, a, a)).toThrow('op(b) must have 3 rows like op(a) columns, but it has 2');
    expect(() => multiplyInto(backend, real(3, 3, 1), a, b)).toThrow('c must be 2×2, but it is 3×3');
    const nan = real(3, 2, 1);
    nan.data[3] = Number.NaN;
    expect(() => multiply(backend, a, nan)).toThrow('b must be finite, but b[1, 1] is NaN');
    const infinite = complex(2, 2, 1);
    infinite.data[7] = Infinity;
    expect(() => gram(backend, infinite)).toThrow('the imaginary part of a[1, 1] is Infinity');
    expect(() => matrixVector(backend, a, Float64Array.of(1, Number.NaN, 0))).toThrow('x[0, 1] is NaN');
    for (let at = 0; at < 7; at++) {
      const row = new Matrix(1, 7);
      row.data[at] = -Infinity;
      expect(() => multiply(backend, row, new Matrix(7, 1))).toThrow(`a[0, ${at}] is -Infinity`);
    }
    expect(() => matrixVector(backend, a, new Float64Array(2))).toThrow('x must have 3 elements');
    const square = real(2, 2, 1);
    expect(() => multiplyInto(backend, square, square, real(2, 2, 2))).toThrow('c must not overlap an input');
    const shared = new Float64Array(7);
    const [low, high] = [new Matrix(2, 2, shared.subarray(0, 4)), new Matrix(2, 2, shared.subarray(3))];
    expect(() => multiplyInto(backend, low, square, high)).toThrow('overlap');
    expect(() => multiply(backend, a, complex(3, 2, 1) as never)).toThrow('b must be real like a');
    expect(() => multiply(backend, a, b, { alpha: new Complex(1, 1) })).toThrow('alpha must be real');
    expect(() => multiply(backend, a, b, { alpha: Number.NaN })).toThrow('alpha must be finite');
    expect(() => multiplyBatch(backend, [a], [])).toThrow('b must have 1 matrices');
    expect(() => multiplyBatch(backend, [a, b], [b, a])).toThrow('a[1] must be 2×3, but it is 3×2');
    expect(() => multiplyBatch<AnyMatrix>(backend, [a], [complex(3, 2, 1)])).toThrow(
      'multiplyBatch: b[0] must be real like a[0], but it is complex.',
    );
    expect(() => gramInto(backend, real(2, 2, 1), a)).toThrow('gramInto: c must be 3×3, but it is 2×2.');
    expect(() => gramInto(backend, square, square)).toThrow('c must not overlap an input');
    expect(() => gramInto(backend, real(3, 3, 1), a, { beta: Number.NaN })).toThrow('beta must be finite');
    expect(() => gramInto(backend, complex(3, 3, 1), a)).toThrow('c must be real like a');
    expect(backend.memory.bytesInUse).toBe(bytesInUse);
  });
});

it('a large product runs in blocks of rows, and has the bits of one call', () => {
  const [rows, inner, columns] = [300, 500, 2000];
  for (const [width, like] of [
    [1, new Matrix(0, 0)],
    [2, new ComplexMatrix(0, 0)],
  ] as const) {
    const [m, n] = [rows, columns / width];
    const make = (r: number, s: number, step: number): AnyMatrix =>
      matrixLike<AnyMatrix>(
        like,
        r,
        s,
        Float64Array.from({ length: width * r * s }, (_, i) => ((i * step) % 1009) / 512 - 1),
      );
    const [a, b, c] = [make(inner, m, 7919), make(inner, n, 6007), make(m, n, 5003)];
    const work = width === 1 ? gemmWork('f64', m, n, inner) : complexGemmWork(m, n, inner);
    const { kernels, memory } = wasmBackend;
    const whole = memory.scope(() => {
      const [x, y, z] = [a, b, c].map(({ data }) => {
        const block = memory.allocate('f64', data.length);
        block.view().set(data);
        return block;
      }) as [Block<'f64'>, Block<'f64'>, Block<'f64'>];
      const space = memory.allocate('f64', work);
      const shape = { opA: 'transpose', opB: 'none', m, n, k: inner, lda: m, ldb: n, ldc: n } as const;
      if (width === 1) kernels.gemm({ shape, alpha: 2, a: x, b: y, beta: 3, c: z, work: space });
      else kernels.complexGemm({ shape, alpha: [2, 0], a: x, b: y, beta: [3, 0], c: z, work: space });
      return z.view().slice();
    });
    let calls = 0;
    const counted: Backend = {
      ...wasmBackend,
      memory,
      kernels: {
        ...kernels,
        gemm: (...args) => {
          calls++;
          kernels.gemm(...args);
        },
        complexGemm: (...args) => {
          calls++;
          kernels.complexGemm(...args);
        },
      },
    };
    multiplyInto(counted, c, a, b, { opA: 'transpose', alpha: 2, beta: 3 });
    expect(calls).toBeGreaterThan(1);
    expect(c.data.every((value, at) => Object.is(value, whole[at]))).toBe(true);
  }
});

it('blocks of rows cover all rows in order', () => {
  expect(rowBlocks(0, 1e9)).toEqual([]);
  expect(rowBlocks(10, 0)).toEqual([[0, 10]]);
  expect(rowBlocks(301, 5e6)).toEqual([
    [0, 75],
    [75, 75],
    [150, 75],
    [225, 76],
  ]);
  for (const [first, count] of rowBlocks(5000, 1e12))
    expect([first % 1, count <= 96, count > 0]).toEqual([0, true, true]);
});

it('a request beyond the memory fails before anything is allocated', () => {
  const backend = { kind: 'wasm' } as Backend;
  expect(() => gram(backend, new Matrix(1, 30_000))).toThrow(
    /must need at most 4294967296 bytes of memory, but 1×30000/,
  );
  expect(() => multiply(backend, new Matrix(30_000, 1), new Matrix(1, 30_000))).toThrow(CapacityError);
});
