import { expect, it } from 'vitest';
import { traceStages } from '../../src/analyses/trace-stages.ts';
import type { Backend } from '../../src/backend/backend.ts';
import { unitCount } from '../../src/transformer/config.ts';
import { lensRows } from '../../src/transformer/lens/lens-rows.ts';
import { rowsAtOnce } from '../../src/transformer/lens/lens-sizes.ts';
import { tunedLens } from '../../src/transformer/lens/look.ts';
import { type Translator, zeroLens } from '../../src/transformer/lens/tuned-lens.ts';
import { lensOf, lensStages, logitLens } from '../../src/transformer/logit-lens.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { traceForward } from '../../src/transformer/trace.ts';
import { eachBackend } from '../support/backends.ts';
import { expectClose, testNumbers } from '../support/numbers.ts';
import { tinyCheckpoint } from '../support/tiny-checkpoint.ts';

const D = 8;

function translator(seed: number, affine = true): Translator {
  return {
    weight: affine ? Float32Array.from(testNumbers(D * D, seed)) : null,
    bias: Float32Array.from(testNumbers(D, seed + 1)),
  };
}

function streamsOf(rows: number, precision: 'f32' | 'f64'): Float32Array | Float64Array {
  const numbers = testNumbers(rows * D, 5);
  return precision === 'f32' ? Float32Array.from(numbers) : Float64Array.from(numbers);
}

const tiny = (backend: Backend, family: 'gpt2' | 'llama' | 'post_norm_encoder', V = 13) =>
  openModel(tinyCheckpoint({ family, D, H: 2, L: 1, V }), { backend });

eachBackend('lensRows', (backend) => {
  for (const family of ['gpt2', 'llama', 'post_norm_encoder'] as const) {
    for (const precision of ['f32', 'f64'] as const) {
      it(`gives every row the bits that it has alone, ${family}, ${precision}`, async () => {
        const model = await tiny(backend, family);
        const rows = rowsAtOnce(model) + 7;
        const units = unitCount(model.config);
        const streams = streamsOf(rows, precision);
        const [first, second] = [translator(1), translator(3, false)];
        // Runs of one and of many, across the end of a chunk.
        const translatorOf = (row: number) => (row % 11 < 3 ? null : row % 11 === 5 ? second : first);
        for (const options of [{}, { translatorOf }]) {
          const together = lensRows(model, streams, rows, options);
          expect(together).toHaveLength(rows * units);
          for (let r = 0; r < rows; r++) {
            const alone = lensRows(model, streams.slice(r * D, (r + 1) * D), 1, {
              translatorOf: () => options.translatorOf?.(r) ?? null,
            });
            expect(together.subarray(r * units, (r + 1) * units)).toEqual(alone);
          }
        }
        expect(lensRows(model, streams, rows).subarray(-units)).toEqual(lensOf(model, streams.slice(-D)));
        model.release();
      });
    }
  }

  it('moves a row by A h + b first', async () => {
    const model = await tiny(backend, 'gpt2');
    const [h, map] = [streamsOf(3, 'f64'), translator(7)];
    const moved = Float64Array.from({ length: 3 * D }, (_, at) => {
      const [row, o] = [Math.floor(at / D), at % D];
      let sum = h[at]! + map.bias[o]!;
      for (let i = 0; i < D; i++) sum += map.weight![o * D + i]! * h[row * D + i]!;
      return sum;
    });
    const [found, expected] = [lensRows(model, h, 3, { translatorOf: () => map }), lensRows(model, moved, 3)];
    for (let i = 0; i < found.length; i++) expectClose(found[i]!, expected[i]!, 1e-12);
    model.release();
  });

  it('takes memory for some rows only, and gives it back', async () => {
    const model = await tiny(backend, 'llama', 512);
    const { memory } = model.backend;
    const before = memory.bytesInUse;
    let most = 0;
    const counting = (rows: number) => {
      most = 0;
      lensRows(model, streamsOf(rows, 'f32'), rows, {
        translatorOf: () => {
          most = Math.max(most, memory.bytesInUse - before);
          return null;
        },
      });
      return most;
    };
    const few = counting(rowsAtOnce(model));
    expect(few).toBeGreaterThan(0);
    expect(counting(6 * rowsAtOnce(model))).toBe(few);
    expect(memory.bytesInUse).toBe(before);
    model.release();
  });

  it('refuses what is no rows of D finite numbers', async () => {
    const model = await tiny(backend, 'gpt2');
    expect(() => lensRows(model, streamsOf(2, 'f32'), 0)).toThrow(
      'lensRows: rows must be an integer of at least 1, but it is 0.',
    );
    expect(() => lensRows(model, streamsOf(2, 'f32'), 3)).toThrow(
      'lensRows: streams must have 24 elements, but it has 16.',
    );
    expect(() => lensRows(model, Float64Array.of(...new Array(7).fill(0), Number.NaN), 1)).toThrow(
      'lensRows: streams must be finite, but streams[7] is NaN.',
    );
    model.release();
  });
});

eachBackend('the stages of a trace', (backend) => {
  it('have the logits that each lens gives at one stage, in whatever order they are asked for', async () => {
    const model = await openModel(tinyCheckpoint({ family: 'llama', D, H: 2, L: 130, F: 4, V: 13 }), { backend });
    const stages = lensStages(model.config);
    expect(stages.length).toBeGreaterThan(rowsAtOnce(model));
    const trace = traceForward(model, [3, 1, 4], { precision: 'f64', keep: stages });
    const lens = { ...zeroLens(model, 'affine'), translators: new Map([['blocks.1.resid_mid', translator(5)]]) };
    for (const each of [null, lens]) {
      const { logitsOf } = traceStages(model, trace, each);
      const order = [stages.length - 1, ...stages.keys(), 4, 255, 3, 258, 0];
      for (const stage of order) {
        const name = stages[stage]!;
        const alone = each === null ? logitLens(model, trace, name) : tunedLens(model, each, trace, name);
        expect(logitsOf(stage), name).toEqual(alone);
      }
    }
    model.release();
  });
});
