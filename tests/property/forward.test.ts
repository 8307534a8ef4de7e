import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activationNames } from '../../src/transformer/activations.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { Session } from '../../src/transformer/session.ts';
import { activationOf, traceForward } from '../../src/transformer/trace.ts';
import { eachBackend, tsBackend, wasmBackend } from '../support/backends.ts';
import { bitsOf, maxError } from '../support/numbers.ts';
import { TEXTBOOK, textbookForward } from '../support/textbook-forward.ts';
import { arbitraryPass, LANGUAGE_MODELS, type TinyOptions, tinyCheckpoint } from '../support/tiny-checkpoint.ts';

/** A random model and a prompt of 1 to 9 tokens. */
const cases = arbitraryPass(LANGUAGE_MODELS, 9);

const SETTINGS = { numRuns: 25, seed: 20261121 };

eachBackend('forward pass', (backend) => {
  it('is the textbook pass on random models', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryPass(TEXTBOOK, 9), async ({ options, ids }) => {
        const model = await openModel(tinyCheckpoint(options), { backend });
        const expected = textbookForward(options, ids);
        const keep = [...expected.stream.keys(), 'blocks.*.attn.pattern', 'logits'];
        const [exact, fast] = [
          traceForward(model, ids, { precision: 'f64', keep }),
          traceForward(model, ids, { keep }),
        ];
        for (const [name, rows] of expected.stream) {
          expect(maxError(activationOf(exact, name).data, rows.flat())).toBeLessThan(1e-10);
          expect(maxError(activationOf(fast, name).data, rows.flat())).toBeLessThan(1e-3);
        }
        expected.patterns.forEach((heads, i) => {
          expect(maxError(activationOf(exact, `blocks.${i}.attn.pattern`).data, heads.flat(2))).toBeLessThan(1e-11);
        });
        expect(maxError(activationOf(exact, 'logits').data, expected.logits.flat())).toBeLessThan(1e-9);
        model.release();
      }),
      SETTINGS,
    );
  });

  it.each(['f32', 'f64'] as const)(
    'gives a prefix the same bits alone, in a longer prompt and through the cache, %s',
    async (precision) => {
      await fc.assert(
        fc.asyncProperty(cases, fc.nat(8), async ({ options, ids }, cut) => {
          const model = await openModel(tinyCheckpoint(options), { backend });
          const length = 1 + (cut % ids.length);
          const keep = activationNames(model.config).filter((name) => !name.endsWith('pattern'));
          const whole = traceForward(model, ids, { precision, keep });
          const alone = traceForward(model, ids.slice(0, length), { precision, keep });
          const session = new Session(model, { precision });
          const parts = [ids.slice(0, length - 1), ids.slice(length - 1, length), ids.slice(length)].filter(
            (part) => part.length > 0,
          );
          const cached = parts.map((part) => session.append(part, { keep: new Set(keep) }).activations);
          for (const name of keep) {
            const all = bitsOf(activationOf(whole, name).data);
            const prefix = bitsOf(activationOf(alone, name).data);
            expect(all.subarray(0, prefix.length)).toEqual(prefix);
            expect(concatenated(cached.map((activations) => bitsOf(activations.get(name)!.data)))).toEqual(all);
          }
          session.rewind(length);
          expect(session.ids).toEqual(ids.slice(0, length));
          session.release();
          model.release();
        }),
        SETTINGS,
      );
    },
  );

  it('gives all its memory back', async () => {
    const before = backend.memory.bytesInUse;
    const model = await openModel(tinyCheckpoint({ family: 'llama', dtype: 'BF16' }), { backend });
    traceForward(model, [1, 2, 3], { keep: ['embed'] });
    model.release();
    expect(backend.memory.bytesInUse).toBe(before);
    expect(() => model.weights).toThrow('released');
  });
});

describe('forward pass', () => {
  it.each([
    { family: 'gpt2', D: 12, H: 4 },
    { family: 'gpt_neo', D: 12, H: 4, L: 3, window: 2 },
    { family: 'gpt_neox', D: 24, H: 4, rotary: 4 },
    { family: 'gpt_neox', D: 24, H: 4, rotary: 6, parallel: false },
    { family: 'llama', H: 6, G: 2, K: 10, D: 9, F: 17 },
  ] as TinyOptions[])('gives the same bits from both backends: %o', async (options) => {
    for (const precision of ['f32', 'f64'] as const) {
      const traces = await Promise.all(
        [tsBackend, wasmBackend].map(async (backend) => {
          const model = await openModel(tinyCheckpoint(options), { backend });
          return traceForward(model, [3, 1, 4, 1, 5], { precision, keep: activationNames(model.config) });
        }),
      );
      for (const [name, { data }] of traces[0]!.activations)
        expect(bitsOf(activationOf(traces[1]!, name).data)).toEqual(bitsOf(data));
    }
  });
});

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
