/** Weights that stay in their stored type: everything computed from them is what the same numbers in f32 give, to the last bit. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import type { Precision, RealBlock } from '../../src/backend/memory.ts';
import { CapacityError } from '../../src/core/errors.ts';
import { FrozenOperators, frozenActivations } from '../../src/dyson/frozen-operators.ts';
import { HeadChannels } from '../../src/dyson/head-channels.ts';
import { keyQueryProduct, outputValueProduct } from '../../src/dyson/head-products.ts';
import { runDyson } from '../../src/dyson/run-dyson.ts';
import type { LinearSteps } from '../../src/dyson/steps.ts';
import { TangentOperators } from '../../src/dyson/tangent-operators.ts';
import { activationNames } from '../../src/transformer/activations.ts';
import type { Checkpoint, Folder } from '../../src/transformer/checkpoint/checkpoint.ts';
import { openCheckpoint } from '../../src/transformer/checkpoint/open-checkpoint.ts';
import { trainLens } from '../../src/transformer/lens/train-lens.ts';
import { unembedHashes } from '../../src/transformer/lens/unembed-hash.ts';
import { logitLens } from '../../src/transformer/logit-lens.ts';
import { Model } from '../../src/transformer/model.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { residentBytes } from '../../src/transformer/resident-plan.ts';
import { traceForward } from '../../src/transformer/trace.ts';
import { loadWeights } from '../../src/transformer/weight-loader.ts';
import { weightBlocks } from '../../src/transformer/weights.ts';
import { eachBackend, wasmBackend } from '../support/backends.ts';
import { ggufBytes } from '../support/gguf-file.ts';
import { converted, ggufEntries } from '../support/gguf-model.ts';
import { DRAWN_TYPES, drawnBlocks, quantised } from '../support/gguf-quantise.ts';
import { testNumbers } from '../support/numbers.ts';
import { memoryFolder, type TinyOptions, tinyCheckpoint, tinyConfig, tinyTensors } from '../support/tiny-checkpoint.ts';
import { widenedCheckpoint } from '../support/widened-checkpoint.ts';

const IDS = [3, 1, 4, 1, 5, 9];

async function load(backend: Backend, checkpoint: Checkpoint, room?: number): Promise<Model> {
  const { weights, fingerprint } = await loadWeights(backend, checkpoint, {}, room);
  return new Model(backend, checkpoint, weights, fingerprint);
}

/** A map and its adjoint on a state of T×D. */
type LinearMap = { apply(x: RealBlock, y: RealBlock): void; applyAdjoint(x: RealBlock, y: RealBlock): void };

/** Everything that reads weights: passes, frozen and tangent maps with their adjoints, heads, lenses. */
function computed(model: Model) {
  const { config } = model;
  const { L, H, classes } = config;
  const passes = (['f32', 'f64'] as const).map((precision) =>
    traceForward(model, IDS, { precision, keep: activationNames(config) }),
  );
  const trace = passes[1]!;
  const frozen = new FrozenOperators(
    model,
    traceForward(model, IDS, { precision: 'f32', keep: frozenActivations(config) }),
  );
  const wide = new FrozenOperators(model, trace);
  const channels = new HeadChannels(wide);
  const tangent = new TangentOperators(model, trace);
  const stepsOf = (steps: LinearSteps): LinearMap[] =>
    steps.names.map((_, i) => ({
      apply: (x, y) => steps.apply(i, x, y, 1),
      applyAdjoint: (x, y) => steps.applyAdjoint(i, x, y, 1),
    }));
  const heads = channels.steps.flat().flatMap(({ map }) => (map === null ? [] : [map]));
  const inHeads = heads.map(
    (map): LinearMap => ({ apply: (x, y) => map.apply(x, y, 1), applyAdjoint: (x, y) => map.applyAdjoint(x, y, 1) }),
  );
  const result = {
    passes,
    frozen: appliedTo(model, 'f32', stepsOf(frozen)),
    maps: appliedTo(model, 'f64', [...stepsOf(wide), ...inHeads, ...stepsOf(tangent)]),
    dyson: runDyson(model, IDS, { precision: 'f64' }),
    heads: [outputValueProduct(model, L - 1, H - 1), keyQueryProduct(model, 0, 0)].map(({ left, right }) => [
      left.data,
      right.data,
    ]),
    hashes: unembedHashes(model),
    lens: classes === null ? logitLens(model, trace, 'blocks.0.resid_post') : null,
    trained:
      classes === null ? trainLens(model, [IDS, [2, 7, 1], [5, 5]], { steps: 2, batch: 1, every: 1 }).checks : null,
  };
  for (const held of [tangent, channels, wide, frozen]) held.release();
  return result;
}

function appliedTo({ backend: { memory }, config }: Model, precision: Precision, maps: readonly LinearMap[]) {
  return memory.scope(() => {
    const length = IDS.length * config.D;
    const [x, y] = [memory.allocate(precision, length), memory.allocate(precision, length)] as [RealBlock, RealBlock];
    x.view().set(testNumbers(length, 3));
    return maps.flatMap((map) =>
      [map.apply, map.applyAdjoint].map((run) => {
        run(x, y);
        return y.view().slice();
      }),
    );
  });
}

async function expectAsWidened(backend: Backend, folder: Folder): Promise<void> {
  const checkpoint = await openCheckpoint(folder);
  const [stored, wide] = [await load(backend, checkpoint), await load(backend, widenedCheckpoint(checkpoint))];
  expect(computed(stored)).toEqual(computed(wide));
  const held = [...weightBlocks(stored.weights)].map((block) => block.view().byteLength);
  const planned = Object.values(await residentBytes(checkpoint));
  expect(planned.reduce((sum, size) => sum + size, 0)).toBe(held.reduce((sum, size) => sum + size, 0));
  stored.release();
  wide.release();
}

/** A llama in GGUF; `dtypeOf` says how the matrices are stored. */
function drawnModel(options: TinyOptions, dtypeOf: (name: string, index: number) => string): Folder {
  const config = tinyConfig(options);
  let state = 7;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24;
  const tensors = [...tinyTensors(options).values()].map((tensor, i) => {
    const { name, shape, values } = converted(tensor, config);
    const dtype = shape.length === 1 ? 'F32' : dtypeOf(name, i);
    const bytes = DRAWN_TYPES.includes(dtype)
      ? drawnBlocks(dtype, values.length, 0.1, random)
      : quantised(dtype, values);
    return { name, shape, dtype, bytes };
  });
  return memoryFolder(new Map([['model', ggufBytes({ entries: ggufEntries(config), tensors })]]), 'model');
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
      const whole = await load(backend, checkpoint);
      const taken = backend.memory.bytesInUse - before;
      for (const room of [0, Math.floor(taken / 3)]) {
        const parked = await load(backend, checkpoint, room);
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

const STREAMED = {
  'a type for each matrix': drawnModel({ ...GGUF, L: 4 }, (_, i) => ['BF16', 'Q8_0', 'F32', 'Q4_1'][i % 4]!),
  'heads of neighbouring pairs in GGUF': drawnModel({ ...GGUF, K: 32, L: 4 }, () => 'Q8_0'),
  K_quants: drawnModel({ family: 'llama', D: 256, H: 2, G: 1, F: 256, V: 24, L: 3 }, () => 'Q4_K'),
  'fused and stored [in, out]': tinyCheckpoint({ family: 'gpt2', dtype: 'F16', D: 9, H: 3, tied: false }),
  'fused by heads': tinyCheckpoint({ family: 'gpt_neox', dtype: 'BF16', D: 24, H: 4, L: 4 }),
  'F32 in shards': tinyCheckpoint({ family: 'llama', G: 1, shards: 3 }),
  'an encoder': tinyCheckpoint({ family: 'post_norm_encoder', dtype: 'BF16', D: 12, H: 4, L: 5 }),
};

/** The least budget under which a checkpoint opens. */
async function leastMemory(backend: Backend, checkpoint: Checkpoint): Promise<number> {
  const refusal = await loadWeights(backend, checkpoint, { memory: 1 }).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(CapacityError);
  return (refusal as CapacityError).bytes!;
}

eachBackend('streamed weights', (backend) => {
  const names = Object.keys(STREAMED) as (keyof typeof STREAMED)[];
  const quick = names.filter((name) => name !== 'K_quants' || backend.kind !== 'ts');

  it.each(quick)('%s: all that is computed', async (name) => {
    const before = backend.memory.bytesInUse;
    const checkpoint = await openCheckpoint(STREAMED[name]);
    const least = await leastMemory(backend, checkpoint);
    expect(backend.memory.bytesInUse).toBe(before);
    const whole = await load(backend, checkpoint);
    const taken = backend.memory.bytesInUse - before;
    const expected = computed(whole);
    for (const memory of [least, Math.floor((least + (8 / 7) * taken) / 2)]) {
      const { weights, fingerprint, streamedBytes } = await loadWeights(backend, checkpoint, { memory });
      const streamed = new Model(backend, checkpoint, weights, fingerprint);
      expect(streamedBytes).toBeGreaterThan(0);
      expect(backend.memory.bytesInUse - before - taken).toBeLessThanOrEqual(memory);
      expect(computed(streamed)).toEqual(expected);
      streamed.release();
      expect(backend.memory.bytesInUse - before).toBe(taken);
    }
    whole.release();
  });

  it('parked and streamed together', async () => {
    const checkpoint = await openCheckpoint(STREAMED['a type for each matrix']);
    const whole = await load(backend, checkpoint);
    const memory = Math.ceil(1.5 * (await leastMemory(backend, checkpoint)));
    const { weights, fingerprint } = await loadWeights(backend, checkpoint, { memory }, 2000);
    const mixed = new Model(backend, checkpoint, weights, fingerprint);
    expect(computed(mixed)).toEqual(computed(whole));
    for (const model of [whole, mixed]) model.release();
  });

  it('none, where the budget holds the model', async () => {
    const checkpoint = await openCheckpoint(STREAMED['an encoder']);
    const { weights, fingerprint, streamedBytes } = await loadWeights(backend, checkpoint, { memory: 1e8 });
    expect(streamedBytes).toBe(0);
    new Model(backend, checkpoint, weights, fingerprint).release();
  });

  it('are refused where files can only be waited for, and a budget that is no number of bytes', async () => {
    const folder = STREAMED['F32 in shards'];
    const before = backend.memory.bytesInUse;
    const memory = await leastMemory(backend, await openCheckpoint(folder));
    const waiting: Folder = {
      ...folder,
      open: async (name) => {
        const source = await folder.open(name);
        return source === null ? null : { size: source.size, read: source.read };
      },
    };
    await expect(openModel(waiting, { backend, memory })).rejects.toThrow(
      /^openModel: memory must hold the whole model where files cannot be read at once/,
    );
    await expect(openModel(folder, { backend, memory: 0.5 })).rejects.toThrow(
      'openModel: memory must be a positive whole number of bytes, but it is 0.5.',
    );
    expect(backend.memory.bytesInUse).toBe(before);
    const model = await openModel(folder, { backend, memory });
    expect(model.warnings.at(-1)).toMatch(/^\d+\.\d MB of weights are read from their files in every sweep/);
    model.release();
  });
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
