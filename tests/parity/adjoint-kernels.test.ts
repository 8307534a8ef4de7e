import { describe, expect, it } from 'vitest';
import type { Activation } from '../../src/backend/contract/network.ts';
import { packedF32, packedLength } from '../../src/backend/contract/weights.ts';
import type { Precision, RealBlock } from '../../src/backend/memory.ts';
import { tsBackend } from '../support/backends.ts';
import { expectSameBits, type PutGuarded } from '../support/guarded-blocks.ts';
import { expectClose, testNumbers } from '../support/numbers.ts';

const real = (put: PutGuarded, precision: Precision, data: ArrayLike<number> | number): RealBlock =>
  precision === 'f32' ? put('f32', data) : put('f64', data);

const HEADS = [
  { T: 1, H: 1, G: 1, K: 1 },
  { T: 3, H: 2, G: 2, K: 3 },
  { T: 5, H: 4, G: 2, K: 8 },
  { T: 4, H: 6, G: 3, K: 10 },
  { T: 9, H: 2, G: 1, K: 5 },
].flatMap((shape) => [true, false].map((causal) => ({ ...shape, causal })));

describe.each(['f32', 'f64'] as const)('transposed kernels give the same bits from both backends, %s', (precision) => {
  it.each([
    [1, 1, 1],
    [3, 7, 9],
    [4, 16, 8],
    [5, 33, 20],
    [35, 6, 31],
  ])('linearTransposed %i×%i×%i', (rows, k, n) => {
    expectSameBits(({ kernels }, put) => {
      const packed = put('f32', packedLength(k, n));
      kernels.packInOut({
        src: put('f32', testNumbers(k * n, 2)),
        dst: packed,
        firstRow: 0,
        rows: k,
        stride: n,
        column: 0,
        k,
        n,
      });
      const y = real(put, precision, rows * k);
      kernels.linearTransposed({
        x: real(put, precision, testNumbers(rows * n, 3)),
        weights: packedF32(packed),
        y,
        rows,
        k,
        n,
      });
      return [y];
    });
  });

  it.each(HEADS)('attendFrozenAdjoint %o', (shape) => {
    const { T, H, G, K } = shape;
    expectSameBits(({ kernels }, put) => {
      const v = real(put, precision, 2 * T * G * K);
      const pattern = real(put, precision, testNumbers(H * T * T, 4));
      kernels.attendFrozenAdjoint({
        pattern,
        z: real(put, precision, testNumbers(2 * T * H * K, 5)),
        v,
        states: 2,
        ...shape,
      });
      return [v];
    });
  });

  it.each([1, 2, 5, 12])('frozenNormAdjoint of width %i', (D) => {
    expectSameBits(({ kernels }, put) => {
      const [x, gamma] = [real(put, precision, testNumbers(6 * D, 5)), put('f64', testNumbers(D, 6))];
      const [y, z] = [real(put, precision, 6 * D), real(put, precision, 6 * D)];
      const scale = put('f64', [0.5, 1.5, 3]);
      kernels.frozenNormAdjoint({ x, gamma, scale, y, rows: 6, T: 3, D, centred: true });
      kernels.frozenNormAdjoint({ x, gamma, scale, y: z, rows: 6, T: 3, D, centred: false });
      return [y, z];
    });
  });
});

describe('derivative kernels give the same bits from both backends', () => {
  it.each([1, 2, 5, 12])('normTangent of width %i', (D) => {
    expectSameBits(({ kernels }, put) => {
      const [x, dx] = [put('f64', testNumbers(3 * D, 1)), put('f64', testNumbers(6 * D, 2))];
      const [gamma, scale] = [put('f64', testNumbers(D, 3)), put('f64', [0.5, 1.5, 3])];
      return [true, false].flatMap((centred) =>
        [true, false].map((transposed) => {
          const dy = put('f64', 6 * D);
          kernels.normTangent({ x, gamma, scale, dx, dy, rows: 6, T: 3, D, centred, transposed });
          return dy;
        }),
      );
    });
  });

  it.each(['gelu', 'gelu_tanh', 'silu', 'relu', 'gelu_bloom'] as Activation[])('activationSlope %s', (activation) => {
    expectSameBits(({ kernels }, put) => {
      const z = put('f64', [...testNumbers(61, 19).map((v) => 6 * v), 0, -0, 800, -800, 40, -40]);
      const r = put('f64', z.length);
      kernels.activationSlope({ z, r, n: z.length, activation });
      return [r];
    });
  });

  it.each(HEADS.flatMap((shape) => [0, 0.7].map((cap) => ({ ...shape, cap }))))('attention %o', ({ cap, ...shape }) => {
    const { T, H, G, K } = shape;
    expectSameBits(({ kernels }, put) => {
      const [queries, keys] = [T * H * K, T * G * K];
      const at = {
        q: put('f64', testNumbers(queries, 1)),
        k: put('f64', testNumbers(keys, 2)),
        v: put('f64', testNumbers(keys, 3)),
        pattern: put('f64', testNumbers(H * T * T, 4)),
        scale: 0.4,
        cap,
      };
      const scratch = put('f64', T);
      const changes = [2 * queries, 2 * keys, 2 * keys].map((n, i) => put('f64', testNumbers(n, 5 + i)));
      const [dq, dk, dv] = changes as [(typeof changes)[0], (typeof changes)[0], (typeof changes)[0]];
      const dz = put('f64', 2 * queries);
      kernels.attendTangent({ ...at, dq, dk, dv, dz, scratch, states: 2, ...shape });
      const back = [2 * queries, 2 * keys, 2 * keys].map((n) => put('f64', n));
      kernels.attendCotangent({ ...at, dz, dq: back[0]!, dk: back[1]!, dv: back[2]!, scratch, states: 2, ...shape });
      return [dz, ...back];
    });
  });
});

describe('slopes of the activations', () => {
  // mpmath, 50 digits: diff of the activation at 0.7 and −1.3.
  it.each([
    ['gelu', 0.9766141011336599, -0.12597868507653923],
    ['gelu_tanh', 0.9763572186561039, -0.12587806978401672],
    ['silu', 0.8233867834733425, -0.004622854252336912],
    ['relu', 1, 0],
    ['gelu_bloom', 0.9763572183550374, -0.12587806976645946],
  ] as const)('%s', (activation, above, below) => {
    const { memory, kernels } = tsBackend;
    memory.scope(() => {
      const z = memory.allocate('f64', 2);
      z.view().set([0.7, -1.3]);
      kernels.activationSlope({ z, r: z, n: 2, activation });
      expectClose(z.view()[0]!, above, 1e-15, 'at 0.7');
      expectClose(z.view()[1]!, below, 1e-15, 'at −1.3');
      expect(z.length).toBe(2);
    });
  });
});
