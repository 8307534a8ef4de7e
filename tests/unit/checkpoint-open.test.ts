import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openCheckpoint } from '../../src/transformer/checkpoint/open-checkpoint.ts';
import {
  arbitraryTiny,
  jsonBytes,
  LANGUAGE_MODELS,
  memoryFolder,
  type StoredBytes,
  safetensorsFile,
  type TinyOptions,
  tinyCheckpoint,
  tinyFiles,
  tinyTensors,
} from '../support/tiny-checkpoint.ts';

const WEIGHTS = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';
const openFiles = (files: ReadonlyMap<string, Uint8Array>) => openCheckpoint(memoryFolder(files));

describe('openCheckpoint finds the tensors of', () => {
  const cases: [string, TinyOptions, number][] = [
    ['GPT-2 with prefix', {}, 0],
    ['GPT-2 without prefix, with mask buffers', { prefix: false, maskBuffers: true }, 4],
    ['GPT-2 with prefix and mask buffers', { maskBuffers: true }, 4],
    ['GPT-2 with its own head', { tied: false }, 0],
    ['Llama', { family: 'llama', H: 4, G: 2, dtype: 'F16' }, 0],
    [
      'Llama with biases, tied, in three shards',
      { family: 'llama', attentionBias: true, mlpBias: true, tied: true, shards: 3, dtype: 'BF16' },
      0,
    ],
  ];

  test.each(cases)('%s', async (_, options, ignored) => {
    const checkpoint = await openCheckpoint(tinyCheckpoint(options));
    const expected = tinyTensors(options);
    expect([...checkpoint.tensors.keys()].sort()).toEqual([...expected.keys()].sort());
    for (const [name, { shape }] of expected)
      expect(checkpoint.tensors.get(name)).toMatchObject({ name, shape, dtype: options.dtype ?? 'F32' });
    expect(checkpoint.parameterCount).toBe([...expected.values()].reduce((sum, { values }) => sum + values.length, 0));
    expect(checkpoint.ignored).toHaveLength(ignored);
    expect(checkpoint.warnings).toEqual([]);
  });

  test.each(LANGUAGE_MODELS)('any %s', async (family) => {
    await fc.assert(
      fc.asyncProperty(arbitraryTiny(family), async (options) => {
        const checkpoint = await openCheckpoint(tinyCheckpoint(options));
        expect(checkpoint.tensors.size).toBe(tinyTensors(options).size);
      }),
      { numRuns: 60 },
    );
  });

  test('Llama saved without its head class and with old buffers', async () => {
    const options: TinyOptions = { family: 'llama', tied: true };
    const files = tinyFiles(options);
    const stored = [...tinyTensors(options).values()].map(
      ({ name, shape, values }): StoredBytes => ({
        name: name.replace('model.', ''),
        dtype: 'F32',
        shape,
        bytes: new Uint8Array(values.buffer),
      }),
    );
    stored.push({ name: 'layers.0.self_attn.rotary_emb.inv_freq', dtype: 'F32', shape: [2], bytes: new Uint8Array(8) });
    const checkpoint = await openFiles(files.set(WEIGHTS, safetensorsFile(stored)));
    expect(checkpoint.ignored).toEqual(['model.layers.0.self_attn.rotary_emb.inv_freq']);
    expect(checkpoint.warnings).toEqual([]);
  });

  test('spare tensors are a warning', async () => {
    const untied = await openFiles(
      tinyFiles({ family: 'llama', attentionBias: true, config: { attention_bias: false }, L: 1 }),
    );
    expect(untied.warnings).toContain(
      `${WEIGHTS} has a tensor the configuration does not use: model.layers.0.self_attn.q_proj.bias.`,
    );
    expect(untied.warnings).toHaveLength(4);
  });
});

test('the tokenizer files are optional and parsed', async () => {
  expect((await openCheckpoint(tinyCheckpoint({ tokenizer: false }))).tokenizerFiles).toBeNull();
  const files = tinyFiles();
  files.delete('tokenizer_config.json');
  expect((await openFiles(files)).tokenizerFiles).toMatchObject({ tokenizer: { version: '1.0' }, config: {} });
  await expect(openFiles(tinyFiles().set('tokenizer.json', jsonBytes('x')))).rejects.toMatchObject({
    source: 'tokenizer.json',
  });
});

describe('openCheckpoint refuses', () => {
  const expectFault = async (files: ReadonlyMap<string, Uint8Array>, message: string, fault: object): Promise<void> => {
    const error: unknown = await openFiles(files).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'FormatError', ...fault });
    expect(String(error)).toContain(message);
    expect(String(error)).not.toContain('\n');
  };

  test('a folder without config.json, or without anything', async () => {
    await expectFault(
      new Map(),
      'openCheckpoint: tiny must contain config.json, but it has no files. Give a folder with config.json, model.safetensors',
      { source: 'config.json' },
    );
    const files = tinyFiles();
    files.delete('config.json');
    await expectFault(files, 'but it has only tokenizer.json, tokenizer_config.json, model.safetensors.', {
      source: 'config.json',
    });
  });

  const PICKLE =
    'a file of PyTorch. If it is the state dictionary of a model of transformers, call it pytorch_model.bin, in a folder with its config.json.';
  const instead: [string[], string][] = [
    [['model.pt'], `has model.pt instead, ${PICKLE}`],
    [['model.ckpt'], `has model.ckpt instead, ${PICKLE}`],
    [['consolidated.00.pth', 'params.json'], `has consolidated.00.pth instead, ${PICKLE}`],
    [
      ['a.pt', 'model.Q4_K_M.gguf'],
      'has model.Q4_K_M.gguf instead, a GGUF file of llama.cpp. Give the file itself as the model.',
    ],
    [['tf_model.h5'], 'has tf_model.h5 instead, a file of TensorFlow, which is not read. Convert it'],
    [['flax_model.msgpack'], 'has flax_model.msgpack instead, a file of Flax, which is not read. Convert it'],
    [
      ['decoder_model.onnx'],
      'has decoder_model.onnx instead, an ONNX file, which is not read. Take the model in safetensors.',
    ],
    [
      ['adapter_config.json', 'adapter_model.safetensors'],
      'holds an adapter (LoRA) for another model. Merge the two in Python',
    ],
    [['adapter_model.bin'], 'holds an adapter (LoRA) for another model.'],
    [
      ['model-00002-of-00003.safetensors'],
      'has model-00002-of-00003.safetensors without an index. Download model.safetensors.index.json as well.',
    ],
    [
      ['consolidated.safetensors'],
      'has consolidated.safetensors instead. If that is the model, call it model.safetensors.',
    ],
  ];

  test.each(instead)('%j instead of weights, with or without config.json', async (names, found) => {
    const files = tinyFiles();
    files.delete(WEIGHTS);
    for (const name of names) files.set(name, new Uint8Array(1));
    await expectFault(files, `must contain model.safetensors or ${INDEX}, but it ${found}`, { source: WEIGHTS });
    files.delete('config.json');
    await expectFault(files, `must contain config.json, but it ${found}`, { source: 'config.json' });
  });

  test('a tokenizer alone', async () => {
    const files = tinyFiles();
    for (const name of ['config.json', WEIGHTS]) files.delete(name);
    await expectFault(
      files,
      'but it has only tokenizer.json, tokenizer_config.json. Give a folder with config.json, model.safe',
      {},
    );
  });

  test.each(['config.json', 'tokenizer.json', 'tokenizer_config.json', INDEX])(
    '%s that is something else',
    async (name) => {
      const kinds: [string, string][] = [
        ['', 'an empty file. Download it again.'],
        [
          'version https://git-lfs.github.com/spec/v1\noid sha256:0',
          'a Git LFS pointer. Fetch the weights with “git lfs pull”.',
        ],
        ['\n <!DOCTYPE html>', 'a web page, perhaps an error of the server. Download it again.'],
        ['GGUF\u0003', 'a GGUF file of llama.cpp'],
      ];
      for (const [text, what] of kinds) {
        const files = tinyFiles({ shards: 2 }).set(name, new TextEncoder().encode(text));
        await expectFault(files, `openCheckpoint: ${name} must hold JSON, but it is ${what}`, {
          source: name,
          offset: 0,
        });
      }
    },
  );

  test('no weights at all', async () => {
    const files = tinyFiles();
    files.delete(WEIGHTS);
    await expectFault(
      files,
      'but it has only config.json, tokenizer.json, tokenizer_config.json. Download the weights as well.',
      { source: WEIGHTS },
    );
  });

  test('a truncated file', async () => {
    const files = tinyFiles();
    const bytes = files.get(WEIGHTS) ?? new Uint8Array();
    await expectFault(
      files.set(WEIGHTS, bytes.slice(0, -1)),
      `but the file ends at ${bytes.length - 1}. It is truncated: download it again.`,
      { source: WEIGHTS, offset: bytes.length - 1 },
    );
  });

  test('a tensor of another shape, missing, or of a type that cannot be read', async () => {
    await expectFault(
      tinyFiles({ config: { n_inner: 20 } }),
      'tensor transformer.h.0.mlp.c_fc.weight of model.safetensors must have shape [8, 20] for this configuration, but it has [8, 32].',
      { source: WEIGHTS, field: 'transformer.h.0.mlp.c_fc.weight' },
    );
    await expectFault(
      tinyFiles({ config: { n_layer: 3 } }),
      'model.safetensors must contain tensor h.2.ln_1.weight with shape [8], but there is none.',
      { source: WEIGHTS, field: 'h.2.ln_1.weight' },
    );
    await expectFault(
      tinyFiles({ family: 'llama', tied: true, config: { tie_word_embeddings: false } }),
      'must contain tensor lm_head.weight with shape [31, 8], but there is none. If the model shares its embedding, config.json must say tie_word_embeddings: true.',
      { field: 'lm_head.weight' },
    );
    await expectFault(
      tinyFiles({ family: 'gpt_neox', tied: true, config: { tie_word_embeddings: false } }),
      'must contain tensor embed_out.weight with shape [31, 8], but there is none. If the model shares its embedding, config.json must say tie_word_embeddings: true.',
      { field: 'embed_out.weight' },
    );
    const stored = [...tinyTensors().values()].map(
      ({ name, shape, values }): StoredBytes => ({
        name,
        dtype: name === 'ln_f.bias' ? 'I32' : 'F32',
        shape,
        bytes: new Uint8Array(values.buffer),
      }),
    );
    await expectFault(
      tinyFiles().set(WEIGHTS, safetensorsFile(stored)),
      'tensor ln_f.bias of model.safetensors must have dtype F32, F16 or BF16, but it has I32. Convert it in Python: model.float().save_pretrained(folder).',
      { field: 'ln_f.bias' },
    );
  });

  test('a tensor that is stored twice', async () => {
    const stored = [...tinyTensors().values()].map(
      ({ name, shape, values }): StoredBytes => ({ name, dtype: 'F32', shape, bytes: new Uint8Array(values.buffer) }),
    );
    const again = { ...(stored[0] as StoredBytes), name: 'transformer.wte.weight' };
    await expectFault(
      tinyFiles().set(WEIGHTS, safetensorsFile([...stored, again])),
      'tensor transformer.wte.weight of model.safetensors must be stored once, but another tensor of the file has it too.',
      { field: 'transformer.wte.weight' },
    );
  });

  const SHARD = 'model-00002-of-00002.safetensors';
  const sharded = (change: (map: Record<string, unknown>) => void): Map<string, Uint8Array> => {
    const files = tinyFiles({ shards: 2 });
    const index = JSON.parse(new TextDecoder().decode(files.get(INDEX))) as { weight_map: Record<string, unknown> };
    change(index.weight_map);
    return files.set(INDEX, jsonBytes(index));
  };

  test('a shard that is missing', async () => {
    const files = tinyFiles({ shards: 2 });
    files.delete(SHARD);
    await expectFault(
      files,
      `tiny must contain ${SHARD}, which ${INDEX} lists, but it does not. Download it as well.`,
      { source: SHARD },
    );
  });

  test.each(['../other/model.safetensors', '/etc/passwd', 'a\\b', '..', '', 'a\0b', 7, null])(
    'a shard called %j',
    async (name) => {
      await expectFault(
        sharded((map) => void (map['transformer.wte.weight'] = name)),
        `weight_map in ${INDEX} must name files without a path, but transformer.wte.weight is in`,
        { source: INDEX, field: 'transformer.wte.weight' },
      );
    },
  );

  test('an index that lists what no shard has: silent for a buffer, aloud for another, an error for what is needed', async () => {
    const buffer = sharded((map) => void (map['transformer.h.0.attn.bias'] = SHARD));
    expect((await openFiles(buffer)).warnings).toEqual([]);
    const { warnings } = await openFiles(sharded((map) => void (map.extra = SHARD)));
    expect(warnings).toEqual([`${INDEX} puts tensor extra into ${SHARD}, which has none of that name.`]);
    const files = tinyFiles({ shards: 2 });
    const without = safetensorsFile([]);
    await expectFault(
      files.set(SHARD, without),
      `the 2 shards must contain tensor wte.weight with shape [31, 8], but ${SHARD} has none, though ${INDEX} puts it there. Download it again.`,
      { field: 'wte.weight' },
    );
  });

  test('an index that puts a tensor into the wrong shard is no reason to refuse, one stored in two shards is', async () => {
    const swapped = sharded((map) => void (map['transformer.h.0.ln_1.bias'] = SHARD));
    expect((await openFiles(swapped)).warnings).toEqual([]);
    const { values } = tinyTensors().get('h.0.ln_1.bias')!;
    const again = { name: 'h.0.ln_1.bias', dtype: 'F32', shape: [8], bytes: new Uint8Array(values.buffer) };
    const twice = sharded((map) => void (map['h.0.ln_1.bias'] = 'z.safetensors'));
    await expectFault(
      twice.set('z.safetensors', safetensorsFile([again])),
      'tensor h.0.ln_1.bias of z.safetensors must be stored once, but model-00001-of-00002.safetensors has it too.',
      { source: 'z.safetensors' },
    );
  });

  test('an index that names itself or another file that is no safetensors', async () => {
    for (const name of [INDEX, 'config.json', 'tokenizer.json']) {
      const files = sharded((map) => {
        for (const tensor of Object.keys(map)) map[tensor] = name;
      });
      await expectFault(files, `${name} must `, { source: name });
    }
  });

  test('an index without a map, or damaged', async () => {
    await expectFault(
      tinyFiles({ shards: 2 }).set(INDEX, jsonBytes({})),
      `weight_map in ${INDEX} must map tensors to files, but it is absent.`,
      { source: INDEX, field: 'weight_map' },
    );
    await expectFault(tinyFiles({ shards: 2 }).set(INDEX, jsonBytes({ weight_map: {} })), 'but it is {}.', {
      source: INDEX,
    });
    await expectFault(
      tinyFiles({ shards: 2 }).set(INDEX, new TextEncoder().encode('{"weight_map": {"a": "b", "a": "c"}}')),
      'the key "a" a second time',
      { source: INDEX },
    );
  });
});
