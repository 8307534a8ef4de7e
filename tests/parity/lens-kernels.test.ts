import { describe, it } from 'vitest';
import { expectSameBits, putReal as real } from '../support/guarded-blocks.ts';
import { testNumbers } from '../support/numbers.ts';

describe.each(['f32', 'f64'] as const)('lens kernels give the same bits from both backends, %s', (precision) => {
  it.each([
    [1, 1],
    [3, 2],
    [2, 7],
    [4, 64],
    [3, 511],
  ])('klBackward of %i rows over %i', (rows, V) => {
    expectSameBits(({ kernels }, put) => {
      const from = real(put, precision, rows * V);
      from.view().set(testNumbers(rows * V, 1).map((value) => 30 * value));
      const target = put('f64', testNumbers(rows * V, 2));
      const [p, logP, measures] = [put('f64', rows * V), put('f64', rows * V), put('f64', 2 * rows)];
      for (let r = 0; r < rows; r++)
        kernels.logSoftmax({ logits: target.part(r * V, V), logP: logP.part(r * V, V), n: V });
      kernels.mapExp({ src: logP, dst: p, n: rows * V });
      kernels.klBackward({ logits: from, p, logP, measures, rows, V, weight: 0.125 });
      return [from, measures];
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
