/** Weights that stay in their stored type: everything computed from them is what the same numbers in f32 give, to the last bit. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import type { Folder } from '../../src/transformer/checkpoint/checkpoint.ts';
import { openCheckpoint } from '../../src/transformer/checkpoint/open-checkpoint.ts';
import { residentBytes } from '../../src/transformer/resident-plan.ts';
import { weightBlocks } from '../../src/transformer/weights.ts';
import { eachBackend, wasmBackend } from '../support/backends.ts';
import { DRAWN_TYPES } from '../support/gguf-quantise.ts';
import { type TinyOptions, tinyCheckpoint } from '../support/tiny-checkpoint.ts';
import { computed, drawnModel, loadModel } from '../support/weight-readers.ts';
import { widenedCheckpoint } from '../support/widened-checkpoint.ts';

async function expectAsWidened(backend: Backend, folder: Folder): Promise<void> {
  const checkpoint = await openCheckpoint(folder);
  const [stored, wide] = [
    await loadModel(backend, checkpoint),
    await loadModel(backend, widenedCheckpoint(checkpoint)),
  ];
  expect(computed(stored)).toEqual(computed(wide));
  const held = [...weightBlocks(stored.weights)].map((block) => block.view().byteLength);
  const planned = Object.values(await residentBytes(checkpoint));
  expect(planned.reduce((sum, size) => sum + size, 0)).toBe(held.reduce((sum, size) => sum + size, 0));
  stored.release();
  wide.release();
}

const GGUF = { family: 'llama', D: 32, H: 4, G: 2, F: 64, V: 21, L: 2 } as const satisfies TinyOptions;

eachBackend('resident weights', (backend) => {
  it.each([
    { family: 'gpt2', dtype: 'BF16', D: 12, H: 4, F: 21, V: 19 },
    { family: 'gpt2', dtype: 'F16', D: 9, H: 3, tied: false },
    { family: 'llama', dtype: 'BF16', G: 1, attentionBias: true, mlpBias: true },
    { family: 'gpt_neox', dtype: 'F16', D: 24, H: 4 },
    { family: 'post_norm_encoder', dtype: 'BF16', D: 12, H: 4 },
  ] as const satisfies TinyOptions[])('%o', async (options) => {
    await expectAsWidened(backend, tinyCheckpoint(options));
  });

  it.each(['Q8_0', 'Q4_1'])('%s', async (dtype) => {
    await expectAsWidened(
      backend,
      drawnModel(GGUF, () => dtype),
    );
  });

  it.each(['Q8_0', 'Q5_1'])('%s with heads of whole blocks', async (dtype) => {
    await expectAsWidened(
      backend,
      drawnModel({ ...GGUF, K: 32, L: 1 }, () => dtype),
    );
  });

  it('a type for each matrix', async () => {
    const types = ['BF16', 'Q8_0', 'F32', 'Q5_1', 'F16', 'IQ4_NL', 'Q4_0', 'Q5_0'];
    await expectAsWidened(
      backend,
      drawnModel(GGUF, (_, i) => types[i % types.length]!),
    );
  });

  it('keys in f32 beside queries in bfloat16', async () => {
    await expectAsWidened(
      backend,
      drawnModel(GGUF, (name) => (name.includes('attn_k') ? 'F32' : 'BF16')),
    );
  });
});

describe('resident weights [wasm]', () => {
  it.each(DRAWN_TYPES.filter((type) => /_K$|XS$/.test(type)))('%s', async (dtype) => {
    const options = { family: 'llama', D: 256, H: 2, G: 1, F: 256, V: 24, L: 1 } as const;
    await expectAsWidened(
      wasmBackend,
      drawnModel(options, () => dtype),
    );
  });

  it.each([
    { H: 2, G: 2 },
    { H: 4, G: 1 },
    { H: 4, G: 2 },
    { H: 3, G: 3, K: 256 },
    { H: 6, G: 2, K: 128 },
  ])('Q4_K, whose blocks reach over heads or not: %o', async (sizes) => {
    const options = { family: 'llama', D: 256, F: 256, V: 24, L: 1, ...sizes } as const;
    await expectAsWidened(
      wasmBackend,
      drawnModel(options, () => 'Q4_K'),
    );
  });

  it('of random models are what the same numbers in f32 give', async () => {
    const types = ['F32', 'F16', 'BF16', 'Q8_0', 'Q4_0', 'Q4_1', 'Q5_0', 'Q5_1', 'IQ4_NL'];
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          heads: fc.integer({ min: 1, max: 3 }),
          F: fc.integer({ min: 1, max: 3 }),
          V: fc.integer({ min: 10, max: 40 }),
        }),
        fc.array(fc.constantFrom(...types), { minLength: 1, maxLength: 9 }),
        async ({ heads, F, V }, dtypes) => {
          const options = { family: 'llama', D: 32 * heads, H: 2 * heads, G: heads, F: 32 * F, V, L: 1 } as const;
          await expectAsWidened(
            wasmBackend,
            drawnModel(options, (_, i) => dtypes[i % dtypes.length]!),
          );
        },
      ),
      { numRuns: 8, seed: 20261201 },
    );
  });
});

eachBackend('parked weights', (backend) => {
  const folders = {
    'a type for each matrix': drawnModel(GGUF, (_, i) => ['BF16', 'Q8_0', 'F32', 'Q4_1'][i % 4]!),
    'fused and stored [in, out]': tinyCheckpoint({ family: 'gpt2', dtype: 'F16', D: 9, H: 3, tied: false }),
  };

  it.each(Object.keys(folders) as (keyof typeof folders)[])(
    '%s: without room, and with room for some',
    async (name) => {
      const before = backend.memory.bytesInUse;
      const checkpoint = await openCheckpoint(folders[name]);
      const whole = await loadModel(backend, checkpoint);
      const taken = backend.memory.bytesInUse - before;
      for (const room of [0, Math.floor(taken / 3)]) {
        const parked = await loadModel(backend, checkpoint, {}, { room });
        expect(backend.memory.bytesInUse - before - taken).toBeLessThan(taken - (room === 0 ? taken / 3 : 0));
        expect(computed(parked)).toEqual(computed(whole));
        parked.release();
        expect(backend.memory.bytesInUse - before).toBe(taken);
      }
      whole.release();
      expect(backend.memory.bytesInUse).toBe(before);
    },
  );
});

describe('the resident size', () => {
  it.each([
    ['BF16', 1.01],
    ['Q8_0', 1.07],
    ['Q4_0', 1.02],
    ['Q4_K', 1.02],
  ] as const)(
    'of %s is at most %f times that of the stored tensors, and in the types that it names',
    async (dtype, most) => {
      const options = { family: 'llama', D: 256, H: 2, G: 1, F: 512, V: 1024, L: 1 } as const;
      const checkpoint = await openCheckpoint(drawnModel(options, () => dtype));
      const stored = [...checkpoint.tensors.values()].reduce((sum, { begin, end }) => sum + end - begin, 0);
      const { F32, F64, ...matrices } = await residentBytes(checkpoint);
      // One panel of 512 rows that is widened does not grow with the model.
      const panel = 4 * 8 * (512 + (dtype === 'Q4_K' ? 256 : dtype === 'BF16' ? 1 : 32));
      expect([F32, Object.keys(matrices)]).toEqual([panel, [dtype]]);
      expect(F64! + matrices[dtype]!).toBeLessThanOrEqual(most * stored);
      expect(matrices[dtype]!).toBeGreaterThan(0.9 * stored);
    },
  );
});
