import { describe, expect, it } from 'vitest';
import type { Activation } from '../../src/backend/contract/network.ts';
import { packedF32, packedLength } from '../../src/backend/contract/weights.ts';
import { eachBackend, tsBackend, wasmBackend } from '../support/backends.ts';
import { expectSameBits, putReal as real } from '../support/guarded-blocks.ts';
import { expectClose, maxError, testNumbers } from '../support/numbers.ts';

describe.each(['f32', 'f64'] as const)('network kernels give the same bits from both backends, %s', (precision) => {
  it.each([
    [1, 1, 1],
    [1, 7, 9],
    [4, 16, 8],
    [5, 33, 20],
    [9, 64, 31],
  ])('linear %i×%i×%i', (rows, k, n) => {
    expectSameBits(({ kernels }, put) => {
      const source = put('f32', testNumbers(k * n, 2));
      const packed = put('f32', packedLength(k, n));
      kernels.packInOut({ src: source, dst: packed, firstRow: 0, rows: k, stride: n, column: 0, k, n });
      const x = real(put, precision, testNumbers(rows * k, 3));
      const [y, z] = [real(put, precision, rows * n), real(put, precision, rows * n)];
      kernels.linear({ x, weights: packedF32(packed), bias: put('f32', testNumbers(n, 4)), y, rows, k, n });
      kernels.linear({ x, weights: packedF32(packed), bias: null, y: z, rows, k, n });
      return [packed, y, z];
    });
  });

  it.each([1, 2, 5, 12])('norms of width %i', (D) => {
    expectSameBits(({ kernels }, put) => {
      const rows = 6;
      const x = real(put, precision, testNumbers(rows * D, 5));
      const [gamma, beta] = [put('f64', testNumbers(D, 6)), put('f64', testNumbers(D, 7))];
      const ys = Array.from({ length: 5 }, () => real(put, precision, rows * D));
      const [layer, rms] = [put('f64', rows), put('f64', rows)];
      kernels.layerNorm({ x, gamma, beta, y: ys[0]!, scale: layer, rows, D, eps: 1e-5 });
      kernels.rmsNorm({ x, gamma, y: ys[1]!, scale: rms, rows, D, eps: 1e-5 });
      kernels.frozenNorm({ x, gamma, scale: layer, y: ys[2]!, rows, T: 3, D, centred: true });
      kernels.frozenNorm({ x, gamma, scale: rms, y: ys[3]!, rows, T: 3, D, centred: false });
      kernels.layerNorm({ x, gamma, beta: null, y: ys[4]!, scale: layer, rows, D, eps: 1e-5 });
      return [...ys, layer, rms];
    });
  });

  it.each([
    [1, 0, 1, 1, 1, 1],
    [3, 0, 2, 2, 3, 3],
    [5, 4, 4, 2, 8, 9],
    [5, 4, 4, 2, 8, 1],
    [2, 7, 6, 3, 10, 4],
    [9, 14, 2, 1, 37, 6],
    [18, 0, 4, 2, 16, 18],
    [18, 0, 4, 2, 16, 5],
    [3, 40, 2, 2, 5, 19],
  ])('attention of %i rows after %i, %i heads on %i, width %i, window %i', (T, first, H, G, K, window) => {
    for (const causal of [true, false])
      expectSameBits(({ kernels }, put) => {
        const capacity = Math.ceil((first + T) / 4) * 4;
        const q = real(put, precision, testNumbers(T * H * K, 8));
        const keysT = real(put, precision, G * K * capacity);
        const past = real(put, precision, testNumbers(first * G * K, 9));
        kernels.storeKeys({ keys: past, keysT, T: first, first: 0, G, K, capacity });
        kernels.storeKeys({ keys: real(put, precision, testNumbers(T * G * K, 10)), keysT, T, first, G, K, capacity });
        const values = real(put, precision, testNumbers(capacity * G * K, 11));
        const z = real(put, precision, T * H * K);
        const pattern = real(put, precision, H * T * (first + T));
        const shape = { T, first, H, G, K, capacity, scale: 1 / Math.sqrt(K), cap: 0, window, causal };
        const scratch = put('f64', 2 * capacity);
        kernels.attend({ q, keysT, values, z, pattern, scratch, slopes: null, ...shape });
        const slopes = put(
          'f64',
          Array.from({ length: H }, (_, h) => 2 ** -(h + 1)),
        );
        const [capped, biased, both] = Array.from({ length: 3 }, () => real(put, precision, T * H * K));
        for (const [out, cap, bias] of [
          [capped!, 0.75, null],
          [biased!, 0, slopes],
          [both!, 0.5, slopes],
        ] as const)
          kernels.attend({ q, keysT, values, z: out, pattern: null, scratch, slopes: bias, ...shape, cap });
        const frozen = real(put, precision, 2 * T * H * K);
        if (first === 0)
          kernels.attendFrozen({
            pattern,
            values: real(put, precision, testNumbers(2 * T * G * K, 12)),
            z: frozen,
            states: 2,
            T,
            H,
            G,
            K,
            causal,
          });
        return [keysT, z, pattern, frozen, capped!, biased!, both!];
      });
  });

  it('rotary positions, embedding, elementwise', () => {
    expectSameBits(({ kernels }, put) => {
      const [T, heads, K, D, V] = [5, 3, 6, 7, 19];
      const [cos, sin] = [put('f64', (T * K) / 2), put('f64', (T * K) / 2)];
      kernels.ropeTable({
        frequency: put('f64', [1, 0.1, 0.01]),
        cosTable: cos,
        sinTable: sin,
        first: 1000,
        T,
        half: K / 2,
      });
      const x = real(put, precision, testNumbers(T * heads * K, 13));
      kernels.ropeRotate({ x, cosTable: cos, sinTable: sin, rows: T, heads, K, R: K });
      const partly = real(put, precision, testNumbers(T * heads * 10, 18));
      kernels.ropeRotate({ x: partly, cosTable: cos, sinTable: sin, rows: T, heads, K: 10, R: K });
      const table = put('f32', packedLength(D, V));
      kernels.packOutIn({ src: put('f32', testNumbers(V * D, 14)), dst: table, firstColumn: 0, columns: V, k: D });
      const [embedded, bare] = [real(put, precision, 3 * D), real(put, precision, 3 * D)];
      kernels.embed({
        ids: put('i32', [0, 18, 9]),
        table: packedF32(table),
        positions: put('f32', testNumbers(9 * D, 15)),
        x: embedded,
        first: 2,
        T: 3,
        D,
      });
      kernels.embed({
        ids: put('i32', [1, 8, 7]),
        table: packedF32(table),
        positions: null,
        x: bare,
        first: 0,
        T: 3,
        D,
      });
      const product = real(put, precision, 10);
      kernels.multiply({
        x: real(put, precision, testNumbers(10, 16)),
        r: real(put, precision, testNumbers(4, 17)),
        y: product,
        n: 10,
        period: 4,
      });
      kernels.add({ x: real(put, precision, testNumbers(10, 18)), y: product, n: 10 });
      return [cos, sin, x, embedded, bare, product, partly];
    });
  });

  it.each(['gelu', 'gelu_tanh', 'silu', 'relu', 'gelu_bloom'] as Activation[])('gate %s', (activation) => {
    expectSameBits(({ kernels }, put) => {
      const z = real(put, precision, [...testNumbers(61, 19).map((v) => 6 * v), 0, -0, 800, -800, 40, -40]);
      const r = real(put, precision, z.length);
      kernels.gate({ z, r, n: z.length, activation });
      return [r];
    });
  });

  it.each([1, 2, 61])('soft cap of %i', (n) => {
    expectSameBits(({ kernels }, put) => {
      const x = real(put, precision, [...testNumbers(n, 20).map((v) => 90 * v), 0, -0, 1e30, -1e30]);
      const y = real(put, precision, x.length);
      kernels.softCap({ x, y, n: x.length, cap: 30 });
      return [y];
    });
  });

  it.each([1, 2, 511])('log-softmax over %i', (n) => {
    expectSameBits(({ kernels }, put) => {
      const logP = put('f64', n);
      kernels.logSoftmax({
        logits: real(
          put,
          precision,
          testNumbers(n, 20).map((v) => 30 * v),
        ),
        logP,
        n,
      });
      return [logP];
    });
  });
});

describe('weight conversion gives the same bits from both backends', () => {
  it('every binary16 and bfloat16 number', () => {
    const every = Uint16Array.from({ length: 65536 }, (_, i) => i);
    expectSameBits(({ kernels }, put) => {
      const [half, brain] = [put('f32', every.length), put('f32', every.length)];
      kernels.convertF16({ src: put('u16', every), dst: half, n: every.length });
      kernels.convertBf16({ src: put('u16', every), dst: brain, n: every.length });
      return [half, brain];
    });
  });

  it('finds the first number that is not finite', () => {
    for (const { kernels, memory } of [tsBackend, wasmBackend]) {
      memory.scope(() => {
        const block = memory.allocate('f32', 5);
        expect(kernels.firstNonFinite({ src: block, n: 5 })).toBe(-1);
        block.view().set([0, 1, 2, -Infinity, NaN]);
        expect(kernels.firstNonFinite({ src: block, n: 5 })).toBe(3);
        expect(kernels.firstNonFinite({ src: block, n: 3 })).toBe(-1);
      });
    }
  });
});

describe('values from outside', () => {
  // mpmath, 50 digits: 30·tanh(x/30).
  it('soft cap', () => {
    const [x, expected] = [
      [-90, -3.25, 0.5, 30, 200],
      [-29.851642610601914, -3.237345283176422, 0.49995370884715834, 22.847824678672946, 29.999902824349846],
    ] as const;
    const { memory, kernels } = tsBackend;
    memory.scope(() => {
      const block = memory.allocate('f64', x.length);
      block.view().set(x);
      kernels.softCap({ x: block, y: block, n: x.length, cap: 30 });
      for (const [i, value] of expected.entries()) expectClose(block.view()[i]!, value, 1e-15, `at ${x[i]}`);
    });
  });

  // mpmath, 50 digits: ½(1 + tanh(0.79788456 z(1 + 0.044715 z²))).
  it('the gate of BLOOM', () => {
    const { memory, kernels } = tsBackend;
    memory.scope(() => {
      const z = memory.allocate('f64', 2);
      z.view().set([0.7, -1.3]);
      kernels.gate({ z, r: z, n: 2, activation: 'gelu_bloom' });
      expectClose(z.view()[0]!, 0.757957335082297, 1e-15, 'at 0.7');
      expectClose(z.view()[1]!, 0.09697768302945742, 1e-15, 'at −1.3');
    });
  });
});

eachBackend('attention', (backend) => {
  it.each([
    { cap: 0, causal: true, window: 3, sloped: true },
    { cap: 0.8, causal: true, window: 9, sloped: false },
    { cap: 0.8, causal: false, window: 2, sloped: false },
    { cap: 0, causal: false, window: 9, sloped: true },
    { cap: 1.5, causal: false, window: 4, sloped: true },
  ])('is its formula: %o', ({ cap, causal, window, sloped }) => {
    const [T, first, H, G, K, capacity] = [5, 2, 4, 2, 3, 12] as const;
    const width = first + T;
    const [queries, keys, values] = [T * H * K, width * G * K, capacity * G * K].map((n, i) => testNumbers(n, 30 + i));
    const slopes = sloped ? [0.5, 0.25, 0.125, 1] : null;
    const expected: number[] = [];
    for (let h = 0; h < H; h++)
      for (let t = 0; t < T; t++) {
        const scores = Array.from({ length: width }, (_, j) => {
          const away = j - first - t;
          if (Math.abs(away) >= window || (causal && away > 0)) return -Infinity;
          let s = 0;
          for (let c = 0; c < K; c++) s += queries![(t * H + h) * K + c]! * keys![(j * G + (h >> 1)) * K + c]!;
          s *= 2;
          return (cap > 0 ? cap * Math.tanh(s / cap) : s) + (slopes?.[h] ?? 0) * away;
        });
        const total = scores.reduce((sum, s) => sum + Math.exp(s), 0);
        expected.push(...scores.map((s) => Math.exp(s) / total));
      }
    backend.memory.scope(() => {
      const put = (numbers: ArrayLike<number>) => {
        const block = backend.memory.allocate('f64', numbers.length);
        block.view().set(numbers);
        return block;
      };
      const keysT = put(new Float64Array(G * K * capacity));
      backend.kernels.storeKeys({ keys: put(keys!), keysT, T: width, first: 0, G, K, capacity });
      const [z, pattern, scratch] = [T * H * K, H * T * width, 2 * capacity].map((n) => put(new Float64Array(n)));
      const bias = slopes === null ? null : put(slopes);
      const shape = { T, first, H, G, K, capacity, scale: 2, cap, window, causal };
      const blocks = { q: put(queries!), keysT, values: put(values!), z: z!, pattern: pattern!, scratch: scratch! };
      backend.kernels.attend({ ...blocks, slopes: bias, ...shape });
      expectClose(maxError(pattern!.view(), expected), 0, 1e-15, 'pattern');
    });
  });
});
