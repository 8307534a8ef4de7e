import { describe, expect, it } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import { exponentialWork } from '../../src/backend/contract/matrix-functions.ts';
import { expm } from '../../src/linalg/functions/expm.ts';
import { logm } from '../../src/linalg/functions/logm.ts';
import { matrixPower } from '../../src/linalg/functions/matrix-power.ts';
import { sqrtm } from '../../src/linalg/functions/sqrtm.ts';
import type { AnyMatrix } from '../../src/linalg/matrix/matrix.ts';
import { tsBackend, wasmBackend } from '../support/backends.ts';
import { grcar, random, randomComplex } from '../support/gallery.ts';
import { expectSameBits } from '../support/guarded-blocks.ts';
import { bitsOf, testNumbers } from '../support/numbers.ts';

/** A quasi-triangular matrix of order n with rows `ld` apart: 2×2 blocks at every third place of a real one. */
function quasiTriangular(width: 1 | 2, n: number, ld: number, seed: number): Float64Array {
  const data = testNumbers(width * n * ld, seed);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) data.fill(0, (i * ld + j) * width, (i * ld + j + 1) * width);
    data[(i * ld + i) * width]! += 3;
  }
  if (width === 2) return data;
  for (let i = 0; i + 1 < n; i += 3) {
    data[(i + 1) * ld + i] = i % 2 === 0 ? -0.75 : 0.5;
    data[i * ld + i + 1] = i % 2 === 0 ? 1.25 : -2;
    data[(i + 1) * ld + i + 1] = i % 4 === 0 ? -0.1 : data[i * ld + i]!;
    data[i * ld + i] = data[(i + 1) * ld + i + 1]!;
  }
  return data;
}

/** The same, real, with nearly real pairs: one element of each 2×2 block over `ratio`. */
function lopsided(n: number, seed: number, ratio: number): Float64Array {
  const data = quasiTriangular(1, n, n, seed);
  for (let i = 0; i + 1 < n; i += 3) {
    data[i % 2 === 0 ? n * (i + 1) + i : n * i + i + 1]! /= ratio;
  }
  return data;
}

const SHAPES: [number, number][] = [
  [1, 1],
  [1, 4],
  [2, 1],
  [3, 2],
  [5, 7],
  [8, 8],
  [13, 6],
];

describe.each([1, 2] as const)('kernels of matrix functions give the same bits, width %i', (width) => {
  it.each(SHAPES)('solveSylvester, %i × %i', (m, n) => {
    expectSameBits(({ kernels }, put) => {
      const [a, b] = [put('f64', quasiTriangular(width, m, m + 2, 1)), put('f64', quasiTriangular(width, n, n + 1, 2))];
      const right = testNumbers(width * m * (n + 3), 3);
      const [c, d, status] = [put('f64', right), put('f64', right), put('i32', 2)] as const;
      status.view()[0] = kernels.solveSylvester({ width, m, n, a, lda: m + 2, b, ldb: n + 1, c, ldc: n + 3, floor: 0 });
      status.view()[1] = kernels.solveSylvester({
        width,
        m,
        n,
        a,
        lda: m + 2,
        b: null,
        ldb: 0,
        c: d,
        ldc: n + 3,
        floor: 0,
      });
      return [c, d, status];
    });
  });

  it('solveSylvester counts the elements without a solution', () => {
    expectSameBits(({ kernels }, put) => {
      const zero = put('f64', width * 9);
      const [c, status] = [put('f64', new Float64Array(width * 9).fill(1e-3)), put('i32', 2)] as const;
      status.view()[0] = kernels.solveSylvester({
        width,
        m: 3,
        n: 3,
        a: zero,
        lda: 3,
        b: zero,
        ldb: 3,
        c,
        ldc: 3,
        floor: 1,
      });
      c.view().fill(2);
      status.view()[1] = kernels.solveSylvester({
        width,
        m: 3,
        n: 3,
        a: zero,
        lda: 3,
        b: zero,
        ldb: 3,
        c,
        ldc: 3,
        floor: 1,
      });
      expect([...status.view()]).toEqual([0, 9]);
      return [c, status];
    });
  });

  it.each([
    [1, 4],
    [2, 1e-9],
    [3, 0.01],
    [5, 0.08],
    [7, 0.3],
    [8, 1],
    [13, 3],
    [16, 200],
  ])('exponential, n = %i, elements up to %d', (n, size) => {
    expectSameBits(({ kernels }, put) => {
      const length = width * n * n;
      const numbers = testNumbers(length, 5).map((x) => x * size);
      const work = exponentialWork(n, width);
      const blocks = [];
      for (const [before, square] of [
        [0, 0],
        [0, 1],
        [3, 1],
      ] as const) {
        const [a, x, info] = [put('f64', numbers), put('f64', length), put('f64', 2)];
        const [powers, parts, vectors] = [put('f64', 4 * length), put('f64', 3 * length), put('f64', 2 * n + 20)];
        const scratch = { powers, parts, vectors, pivots: put('i32', n), work: put('f64', work) };
        expect(kernels.exponential({ width, n, before, square, a, x, info, ...scratch })).toBe(0);
        blocks.push(x, info);
      }
      return blocks;
    });
  });

  it.each([1, 2, 3, 4, 5, 9, 17, 34])('triangularRoot, n = %i', (n) => {
    expectSameBits(({ kernels }, put) => {
      const [t, status] = [put('f64', quasiTriangular(width, n, n + 3, 4)), put('i32', 1)] as const;
      status.view()[0] = kernels.triangularRoot({ width, n, t, ld: n + 3, floor: 0 });
      return [t, status];
    });
  });
});

it.each([1, 1e4, 1e9, 1e18, 1e30])('2×2 blocks with elements %d apart: small residual, same bits', (ratio) => {
  expectSameBits(({ kernels }, put) => {
    const [n, a, b, right] = [8, lopsided(8, 1, ratio), lopsided(8, 2, ratio), testNumbers(64, 3)];
    const x = put('f64', right);
    expect(
      kernels.solveSylvester({
        width: 1,
        m: n,
        n,
        a: put('f64', a),
        lda: n,
        b: put('f64', b),
        ldb: n,
        c: x,
        ldc: n,
        floor: 0,
      }),
    ).toBe(0);
    let [worst, size] = [0, 0];
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let rest = right[i * n + j]!;
        for (let k = 0; k < n; k++) rest -= a[i * n + k]! * x.view()[k * n + j]! + x.view()[i * n + k]! * b[k * n + j]!;
        worst = Math.max(worst, Math.abs(rest));
        size = Math.max(size, Math.abs(x.view()[i * n + j]!));
      }
    }
    expect(worst / size).toBeLessThan(1e-14);
    return [x];
  });
});

it.each([
  [1, 1],
  [1, 7],
  [2, 8],
  [3, 13],
  [5, 33],
])('weightedSum of %i arrays of %i numbers', (count, length) => {
  expectSameBits(({ kernels }, put) => {
    const [c, x, y] = [
      put('f64', testNumbers(count, 1)),
      put('f64', testNumbers(count * (length + 1), 2)),
      put('f64', length),
    ];
    kernels.weightedSum({ count, length, coefficients: c!, x: x!, stride: length + 1, y: y! });
    kernels.weightedSum({ count, length, coefficients: c!, x: x!, stride: length + 1, y: x! });
    return [x!, y!];
  });
});

describe('whole functions give the same bits', () => {
  const matrices: readonly (readonly [string, AnyMatrix])[] = [
    ['real', random(12, 1)],
    ['complex', randomComplex(12, 2)],
    ['Grcar, above the order of exact norms and of one kernel call', grcar(70)],
  ];
  it.each(matrices)('%s', (_title, a) => {
    const functions: readonly ((backend: Backend) => { readonly value: AnyMatrix })[] = [
      (backend) => expm(backend, a),
      (backend) => logm(backend, a),
      (backend) => sqrtm(backend, a),
      (backend) => matrixPower(backend, a, 7 / 3),
    ];
    for (const f of functions) expect(bitsOf(f(wasmBackend).value.data)).toEqual(bitsOf(f(tsBackend).value.data));
  });
});
