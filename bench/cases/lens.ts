/** Kernels of tuned lenses and their training, at GPT-2-small's width and vocabulary. */
import { KL_MEASURES, LENS_SCORES } from '../../src/backend/contract/lens.ts';
import type { Precision } from '../../src/index.ts';
import type { Case } from '../case.ts';
import { numbersOf, put, putReal, randomNumbers } from './blocks.ts';

const [D, V, ROWS] = [768, 50_257, 8];

export const lensCases: readonly Case[] = (['f32', 'f64'] as const).flatMap((precision) => [
  klCase(precision),
  scoresCase(precision),
  normCase(precision, 256),
  adamCase(precision),
]);

function klCase(precision: Precision): Case {
  return {
    group: 'lens',
    name: `klBackward ${precision} ${ROWS}×${V}`,
    precision,
    work: { amount: ROWS * V, unit: 'M elements/s' },
    prepare(backend) {
      const from = randomNumbers(ROWS * V, 1, -8, 8);
      const logits = putReal(backend, precision, from);
      const [p, logP] = [put(backend, 'f64', ROWS * V), put(backend, 'f64', randomNumbers(ROWS * V, 2, -12, -9))];
      backend.kernels.mapExp({ src: logP, dst: p, n: ROWS * V });
      const measures = put(backend, 'f64', ROWS * KL_MEASURES.length);
      return {
        run: () => {
          logits.view().set(from);
          backend.kernels.klBackward({ logits, p, logP, measures, rows: ROWS, V, weight: 1 / ROWS });
        },
        outputs: () => [
          { name: 'gradient', data: numbersOf(logits) },
          { name: 'measures', data: numbersOf(measures) },
        ],
      };
    },
  };
}

/** What klBackward does but for the gradient, and the largest logit. */
function scoresCase(precision: Precision): Case {
  return {
    group: 'lens',
    name: `lensScores ${precision} ${ROWS}×${V}`,
    precision,
    work: { amount: ROWS * V, unit: 'M elements/s' },
    prepare(backend) {
      const logits = putReal(backend, precision, randomNumbers(ROWS * V, 1, -8, 8));
      const [p, logP] = [put(backend, 'f64', ROWS * V), put(backend, 'f64', randomNumbers(ROWS * V, 2, -12, -9))];
      backend.kernels.mapExp({ src: logP, dst: p, n: ROWS * V });
      const scores = put(backend, 'f64', ROWS * LENS_SCORES.length);
      return {
        run: () => backend.kernels.lensScores({ logits, p, logP, scores, rows: ROWS, V }),
        outputs: () => [{ name: 'scores', data: numbersOf(scores) }],
      };
    },
  };
}

function normCase(precision: Precision, rows: number): Case {
  return {
    group: 'lens',
    name: `normBackward ${precision} ${rows}×${D}`,
    precision,
    work: { amount: rows * D, unit: 'M elements/s' },
    prepare(backend) {
      const x = putReal(backend, precision, randomNumbers(rows * D, 3));
      const dy = putReal(backend, precision, randomNumbers(rows * D, 4));
      const dx = putReal(backend, precision, rows * D);
      const gamma = put(backend, 'f64', randomNumbers(D, 5));
      const scale = put(backend, 'f64', randomNumbers(rows, 6, 0.5, 2));
      return {
        run: () => backend.kernels.normBackward({ x, gamma, scale, dy, dx, rows, D, centred: true }),
        outputs: () => [{ name: 'dx', data: numbersOf(dx) }],
      };
    },
  };
}

function adamCase(precision: Precision): Case {
  const n = D * D;
  const options = { rate: 1e-3, beta1: 0.9, beta2: 0.999, correction1: 0.1, correction2: 1e-3, eps: 1e-8 };
  return {
    group: 'lens',
    name: `adamStep ${precision} ${n}`,
    precision,
    work: { amount: n, unit: 'M elements/s' },
    prepare(backend) {
      const start = [randomNumbers(n, 7), randomNumbers(n, 8), randomNumbers(n, 9, 0, 1)];
      const [x, m, v] = start.map((data) => putReal(backend, precision, data));
      const g = putReal(backend, precision, randomNumbers(n, 10));
      return {
        run: () => {
          for (const [i, block] of [x!, m!, v!].entries()) block.view().set(start[i]!);
          backend.kernels.adamStep({ x: x!, m: m!, v: v!, g, n, ...options });
        },
        outputs: () => [{ name: 'x', data: numbersOf(x!) }],
      };
    },
  };
}
