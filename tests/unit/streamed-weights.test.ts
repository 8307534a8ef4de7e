/** Weights that stay in their files: everything computed from them has the same bits, and a sweep reads each of them once. */
import { expect, it } from 'vitest';
import { FrozenOperators, frozenActivations } from '../../src/dyson/frozen-operators.ts';
import { HeadChannels } from '../../src/dyson/head-channels.ts';
import { selectActivations } from '../../src/transformer/activations.ts';
import type { Folder } from '../../src/transformer/checkpoint/checkpoint.ts';
import { openCheckpoint } from '../../src/transformer/checkpoint/open-checkpoint.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { Session } from '../../src/transformer/session.ts';
import { traceForward } from '../../src/transformer/trace.ts';
import { eachBackend } from '../support/backends.ts';
import { testNumbers } from '../support/numbers.ts';
import { memoryFolder, type TinyOptions, tinyCheckpoint, tinyFiles } from '../support/tiny-checkpoint.ts';
import { asTorch } from '../support/torch-file.ts';
import { computed, drawnModel, leastBudgetOf, loadModel } from '../support/weight-readers.ts';

const GGUF = { family: 'llama', D: 32, H: 4, G: 2, F: 64, V: 21, L: 2 } as const satisfies TinyOptions;

const STREAMED = {
  'a type for each matrix': drawnModel({ ...GGUF, L: 4 }, (_, i) => ['BF16', 'Q8_0', 'F32', 'Q4_1'][i % 4]!),
  'heads of neighbouring pairs in GGUF': drawnModel({ ...GGUF, K: 32, L: 4 }, () => 'Q8_0'),
  K_quants: drawnModel({ family: 'llama', D: 256, H: 2, G: 1, F: 256, V: 24, L: 3 }, () => 'Q4_K'),
  'fused and stored [in, out]': tinyCheckpoint({ family: 'gpt2', dtype: 'F16', D: 9, H: 3, tied: false }),
  'fused by heads': tinyCheckpoint({ family: 'gpt_neox', dtype: 'BF16', D: 24, H: 4, L: 4 }),
  'F32 in shards': tinyCheckpoint({ family: 'llama', G: 1, shards: 3 }),
  'fused, in shards': tinyCheckpoint({ family: 'gpt2', dtype: 'BF16', shards: 4, L: 4 }),
  'gate and up in one tensor': tinyCheckpoint({ family: 'phi3', dtype: 'BF16', L: 4 }),
  'GGUF in shards': drawnModel({ ...GGUF, L: 4 }, (_, i) => ['Q8_0', 'Q4_1'][i % 2]!, 3),
  'pytorch_model.bin': memoryFolder(asTorch(tinyFiles({ family: 'gpt_neox', dtype: 'F16', D: 24, H: 4, L: 4 }))),
  'pytorch_model.bin in shards': memoryFolder(asTorch(tinyFiles({ family: 'gpt2', dtype: 'F32', shards: 3, L: 4 }))),
  'an encoder': tinyCheckpoint({ family: 'post_norm_encoder', dtype: 'BF16', D: 12, H: 4, L: 5 }),
};

eachBackend('streamed weights', (backend) => {
  const names = Object.keys(STREAMED) as (keyof typeof STREAMED)[];
  const quick = names.filter((name) => name !== 'K_quants' || backend.kind !== 'ts');

  it.each(quick)('%s: all that is computed', async (name) => {
    const before = backend.memory.bytesInUse;
    const checkpoint = await openCheckpoint(STREAMED[name]);
    const least = await leastBudgetOf(backend, checkpoint);
    expect(backend.memory.bytesInUse).toBe(before);
    const whole = await loadModel(backend, checkpoint);
    expect(whole.streamed).toBeNull();
    const taken = backend.memory.bytesInUse - before;
    const expected = computed(whole);
    for (const memory of [least, Math.floor((least + (8 / 7) * taken) / 2)]) {
      const streamed = await loadModel(backend, checkpoint, { memory });
      expect(streamed.streamed).toMatchObject({ budget: memory, bytesRead: 0 });
      expect(backend.memory.bytesInUse - before - taken).toBeLessThanOrEqual(memory);
      expect(computed(streamed)).toEqual(expected);
      streamed.release();
      expect(backend.memory.bytesInUse - before).toBe(taken);
    }
    whole.release();
  });

  it.each(quick)('%s: a pass reads each tensor once, a decoded token too, with the same bits', async (name) => {
    const checkpoint = await openCheckpoint(STREAMED[name]);
    const memory = await leastBudgetOf(backend, checkpoint);
    const [whole, streamed] = [await loadModel(backend, checkpoint), await loadModel(backend, checkpoint, { memory })];
    const { bytesPerSweep } = streamed.streamed!;
    const file = [...checkpoint.tensors.values()].filter(({ shape }) => shape.length > 1);
    const tables = file.filter(({ name: tensor }) => /wpe|position|token_type/.test(tensor));
    const stored = (tensors: typeof file) => tensors.reduce((sum, { begin, end }) => sum + end - begin, 0);
    expect(bytesPerSweep).toBeLessThanOrEqual(stored(file) - stored(tables));
    let read = 0;
    for (const precision of ['f32', 'f64'] as const) {
      const [a, b] = [whole, streamed].map((model) => new Session(model, { precision, capacity: 12 }));
      const keep = selectActivations(checkpoint.config, ['*']);
      for (const ids of checkpoint.config.causal ? [[3, 1, 4], [1], [5], [9, 2]] : [[3, 1, 4, 1, 5]]) {
        expect(b!.append(ids, { keep })).toEqual(a!.append(ids, { keep }));
        read += bytesPerSweep;
        // A tied matrix is needed at both ends.
        const tied = checkpoint.config.tied ? stored(file.filter(({ shape }) => shape[0] === checkpoint.config.V)) : 0;
        const { bytesRead } = streamed.streamed!;
        expect(bytesRead === read || bytesRead === read + tied).toBe(true);
        read = bytesRead;
      }
      for (const session of [a!, b!]) session.release();
    }
    for (const model of [whole, streamed]) model.release();
  });

  it('parked and streamed together', async () => {
    const checkpoint = await openCheckpoint(STREAMED['a type for each matrix']);
    const whole = await loadModel(backend, checkpoint);
    const memory = Math.ceil(1.5 * (await leastBudgetOf(backend, checkpoint)));
    const mixed = await loadModel(backend, checkpoint, { memory }, { room: 2000 });
    expect(mixed.streamed).not.toBeNull();
    expect(computed(mixed)).toEqual(computed(whole));
    for (const model of [whole, mixed]) model.release();
  });

  it('none, where the budget holds the model', async () => {
    const checkpoint = await openCheckpoint(STREAMED['an encoder']);
    for (const machine of [{}, { free: 1e8 }, { free: null }]) {
      const model = await loadModel(backend, checkpoint, 'free' in machine ? {} : { memory: 1e8 }, machine);
      expect(model.streamed).toBeNull();
      model.release();
    }
  });

  it('are refused where files can only be waited for, and a budget that is no number of bytes', async () => {
    const folder = STREAMED['F32 in shards'];
    const before = backend.memory.bytesInUse;
    const memory = await leastBudgetOf(backend, await openCheckpoint(folder));
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
    expect(model.warnings).toEqual([]);
    expect(model.streamed).toMatchObject({ budget: memory, bytesRead: 0 });
    model.release();
  });

  it('by default, where the machine has too little free, and never refused', async () => {
    const folder = STREAMED['fused by heads'];
    const checkpoint = await openCheckpoint(folder);
    const least = await leastBudgetOf(backend, checkpoint);
    const whole = await loadModel(backend, checkpoint);
    const expected = computed(whole);
    whole.release();
    for (const [free, budget] of [
      [0, least],
      [least + 1000, least + 1000],
    ] as const) {
      const model = await loadModel(backend, checkpoint, {}, { free });
      expect(model.streamed!.budget).toBe(budget);
      expect(computed(model)).toEqual(expected);
      model.release();
    }
    const { readTensor: _, ...waiting } = checkpoint;
    const model = await loadModel(backend, waiting, {}, { free: 0 });
    expect(model.streamed).toBeNull();
    model.release();
  });

  it('heads are cut sublayer by sublayer, in the memory of one', async () => {
    const checkpoint = await openCheckpoint(
      tinyCheckpoint({ family: 'llama', dtype: 'BF16', D: 32, H: 4, G: 2, L: 6 }),
    );
    const memory = await leastBudgetOf(backend, checkpoint);
    const [whole, streamed] = [await loadModel(backend, checkpoint), await loadModel(backend, checkpoint, { memory })];
    const [all, few] = [whole, streamed].map((model) => {
      const trace = traceForward(model, [3, 1, 4], { keep: frozenActivations(model.config) });
      const operators = new FrozenOperators(model, trace);
      const before = backend.memory.bytesInUse;
      const channels = new HeadChannels(operators);
      const size = 3 * model.config.D;
      let most = 0;
      const results = [0, 1].map((back) => {
        const heads = channels.steps.flat().flatMap(({ map }) => (map === null ? [] : [map]));
        return (back ? heads.reverse() : heads).map((map) =>
          backend.memory.scope(() => {
            const [x, y] = [backend.memory.allocate('f32', size), backend.memory.allocate('f32', size)];
            x.view().set(testNumbers(size, 5));
            if (back) map.applyAdjoint(x, y, 1);
            else map.apply(x, y, 1);
            most = Math.max(most, backend.memory.bytesInUse - before - 8 * size);
            return y.view().slice();
          }),
        );
      });
      channels.release();
      operators.release();
      return { results, most };
    });
    expect(few!.results).toEqual(all!.results);
    expect(few!.most).toBeLessThan(all!.most / 5);
    for (const model of [whole, streamed]) model.release();
  });
});
