import { describe, expect, it } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import { KL_MEASURES, LENS_SCORES } from '../../src/backend/contract/lens.ts';
import type { Precision } from '../../src/backend/memory.ts';
import { eachBackend } from '../support/backends.ts';
import { expectSameBits, type PutGuarded, putReal as real } from '../support/guarded-blocks.ts';
import { expectClose, testNumbers } from '../support/numbers.ts';

/** Rows of logits, and as many laws to hold them against. */
function rowsAndLaws({ kernels }: Backend, put: PutGuarded, precision: Precision, rows: number, V: number) {
  const logits = real(put, precision, rows * V);
  logits.view().set(testNumbers(rows * V, 1).map((value) => 30 * value));
  const target = put('f64', testNumbers(rows * V, 2));
  const [p, logP] = [put('f64', rows * V), put('f64', rows * V)];
  for (let r = 0; r < rows; r++) kernels.logSoftmax({ logits: target.part(r * V, V), logP: logP.part(r * V, V), n: V });
  kernels.mapExp({ src: logP, dst: p, n: rows * V });
  return { logits, p, logP };
}

describe.each(['f32', 'f64'] as const)('lens kernels give the same bits from both backends, %s', (precision) => {
  it.each([
    [1, 1],
    [3, 2],
    [2, 7],
    [4, 64],
    [3, 511],
  ])('klBackward of %i rows over %i', (rows, V) => {
    expectSameBits((backend, put) => {
      const { logits, p, logP } = rowsAndLaws(backend, put, precision, rows, V);
      const measures = put('f64', 2 * rows);
      backend.kernels.klBackward({ logits, p, logP, measures, rows, V, weight: 0.125 });
      return [logits, measures];
    });
  });

  it.each([
    [0, 3],
    [1, 1],
    [3, 2],
    [2, 7],
    [4, 64],
    [3, 511],
  ])('lensScores of %i rows over %i', (rows, V) => {
    expectSameBits((backend, put) => {
      const { logits, p, logP } = rowsAndLaws(backend, put, precision, rows, V);
      const scores = put('f64', LENS_SCORES.length * rows);
      backend.kernels.lensScores({ logits, p, logP, scores, rows, V });
      return [logits, scores];
    });
  });

  it.each([1, 2, 5, 12])('normBackward of width %i', (D) => {
    expectSameBits(({ kernels }, put) => {
      const rows = 5;
      const [x, dy] = [real(put, precision, testNumbers(rows * D, 3)), real(put, precision, testNumbers(rows * D, 4))];
      const [gamma, beta, scale] = [put('f64', testNumbers(D, 5)), put('f64', D), put('f64', rows)];
      const [y, layer, rms] = [
        real(put, precision, rows * D),
        real(put, precision, rows * D),
        real(put, precision, rows * D),
      ];
      kernels.layerNorm({ x, gamma, beta, y, scale, rows, D, eps: 1e-5 });
      kernels.normBackward({ x, gamma, scale, dy, dx: layer, rows, D, centred: true });
      kernels.rmsNorm({ x, gamma, y, scale, rows, D, eps: 1e-5 });
      kernels.normBackward({ x, gamma, scale, dy, dx: rms, rows, D, centred: false });
      kernels.normBackward({ x, gamma, scale, dy, dx: dy, rows, D, centred: false });
      return [layer, rms, dy];
    });
  });

  it.each([1, 2, 9])('adamStep of %i', (n) => {
    expectSameBits(({ kernels }, put) => {
      const [x, g] = [real(put, precision, testNumbers(n, 6)), real(put, precision, testNumbers(n, 7))];
      const [m, v] = [real(put, precision, testNumbers(n, 8)), real(put, precision, testNumbers(n, 9).map(Math.abs))];
      for (let t = 1; t <= 3; t++) {
        const corrections = { correction1: 1 - 0.9 ** t, correction2: 1 - 0.999 ** t };
        kernels.adamStep({ x, m, v, g, n, rate: 1e-3, beta1: 0.9, beta2: 0.999, eps: 1e-8, ...corrections });
      }
      return [x, m, v];
    });
  });
});

eachBackend('lensScores', (backend) => {
  const { memory, kernels } = backend;

  it.each(['f32', 'f64'] as const)('has the bits of klBackward for KL and normaliser, %s', (precision) => {
    const [rows, V] = [4, 511];
    memory.scope(() => {
      const put: PutGuarded = (kind, data) => {
        const block = memory.allocate(kind, typeof data === 'number' ? data : data.length);
        if (typeof data !== 'number') (block.view() as Float64Array).set(data);
        return block;
      };
      const { logits, p, logP } = rowsAndLaws(backend, put, precision, rows, V);
      const [scores, measures] = [memory.allocate('f64', 3 * rows), memory.allocate('f64', 2 * rows)];
      kernels.lensScores({ logits, p, logP, scores, rows, V });
      kernels.klBackward({ logits, p, logP, measures, rows, V, weight: 1 });
      const column = (numbers: Float64Array, width: number, at: number) =>
        Array.from({ length: rows }, (_, r) => numbers[r * width + at]);
      for (const name of ['kl', 'logNormaliser'] as const) {
        expect(column(scores.view(), LENS_SCORES.length, LENS_SCORES[name])).toEqual(
          column(measures.view(), KL_MEASURES.length, KL_MEASURES[name]),
        );
      }
    });
  });

  it('gives the numbers of two rows on paper', () => {
    memory.scope(() => {
      // softmax(0, ln 2, 0, 0, 0) = (1, 2, 1, 1, 1)/6 against the uniform law; a law against itself.
      const [logits, p, logP] = [memory.allocate('f64', 10), memory.allocate('f64', 10), memory.allocate('f64', 10)];
      logits.view().set([0, Math.LN2, 0, 0, 0, 7, 7, 7, 7, 7]);
      p.view().fill(1 / 5);
      logP.view().fill(-Math.log(5));
      const scores = memory.allocate('f64', 6);
      kernels.lensScores({ logits, p, logP, scores, rows: 2, V: 5 });
      const [kl, normaliser, top, same, other, first] = scores.view();
      expectClose(kl!, Math.log(6 / 5) - Math.LN2 / 5, 1e-15);
      expectClose(normaliser!, Math.log(6), 1e-15);
      expect(top).toBe(1);
      expectClose(same!, 0, 1e-15);
      expectClose(other!, 7 + Math.log(5), 1e-14);
      expect(first).toBe(0);
    });
  });

  it.each([
    ['the lowest of equals', [1, 3, 3, 3, 2, 3, 0], 1],
    ['the first of zeros of unlike sign', [-1, -0, 0, -2, 0, -3, -1], 1],
    ['the last', [-9, -8, -7, -6, -5, -4, -3], 6],
    ['one inside a vector', [0, 1, 2, 3, 4, 5, 9, 7, 8, 8, 8], 6],
  ] as const)('names %s of the largest', (_, row, top) => {
    for (const precision of ['f32', 'f64'] as const) {
      memory.scope(() => {
        const V = row.length;
        const logits = precision === 'f32' ? memory.allocate('f32', V) : memory.allocate('f64', V);
        logits.view().set(row);
        const [p, logP] = [memory.allocate('f64', V), memory.allocate('f64', V)];
        p.view().fill(1 / V);
        logP.view().fill(-Math.log(V));
        const scores = memory.allocate('f64', 3);
        kernels.lensScores({ logits, p, logP, scores, rows: 1, V });
        expect(scores.view()[LENS_SCORES.top]).toBe(top);
      });
    }
  });
});
