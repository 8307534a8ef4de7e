/** A model in GGUF against the folder with the same numbers: the same bits of everything. */
import { describe, expect, it, test } from 'vitest';
import { FormatError, NonFiniteError } from '../../src/core/errors.ts';
import { filesFolder } from '../../src/transformer/checkpoint/files-folder.ts';
import { openCheckpoint } from '../../src/transformer/checkpoint/open-checkpoint.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { traceForward } from '../../src/transformer/trace.ts';
import { eachBackend } from '../support/backends.ts';
import { type GgufEntry, ggufBytes } from '../support/gguf-file.ts';
import { converted, ggufEntries, ggufModel } from '../support/gguf-model.ts';
import { DRAWN_TYPES, dequantised, drawnBlocks, QUANTISED } from '../support/gguf-quantise.ts';
import {
  jsonBytes,
  memoryFolder,
  safetensorsFile,
  type TinyOptions,
  type TinyTensor,
  tinyConfig,
  tinyTensors,
} from '../support/tiny-checkpoint.ts';

const SIZES = { D: 32, H: 4, F: 64, V: 40 } satisfies TinyOptions;
const IDS = [3, 1, 4, 1, 5, 9, 2];
const FILE = 'sha256-0123';

const MODELS: readonly (readonly [name: string, options: TinyOptions])[] = [
  ['gpt2, tied', { family: 'gpt2' }],
  ['gpt2, its own head', { family: 'gpt2', tied: false }],
  ['gpt_neox, a share turns', { family: 'gpt_neox', rotary: 4 }],
  ['gpt_neox, in sequence, tied', { family: 'gpt_neox', rotary: 8, parallel: false, tied: true }],
  ['llama, grouped heads', { family: 'llama', G: 2 }],
  [
    'llama, wide heads, all biases, tied',
    { family: 'llama', G: 1, K: 16, attentionBias: true, mlpBias: true, tied: true },
  ],
  ['qwen2, grouped heads', { family: 'qwen2', G: 2 }],
];

const folderOf = (bytes: Uint8Array, name = FILE) => memoryFolder(new Map([[name, bytes]]), 'model');

/** The folder of a model whose tensors have the numbers that a GGUF file gives them. */
function folderWith(tensors: Iterable<TinyTensor>, config: Record<string, unknown>) {
  const stored = [...tensors].map(({ name, shape, values }) => ({
    name,
    dtype: 'F32',
    shape,
    bytes: new Uint8Array(values.slice().buffer),
  }));
  return memoryFolder(
    new Map([
      ['config.json', jsonBytes(config)],
      ['model.safetensors', safetensorsFile(stored)],
    ]),
  );
}

/** Values under the folder's names and in its order, from those of the file: the converter's order of positions, undone. */
function unconverted(
  tensor: TinyTensor,
  config: Record<string, unknown>,
  numbers: ReadonlyMap<string, Float32Array>,
): TinyTensor {
  const count = tensor.values.length;
  const places = converted({ ...tensor, values: Float32Array.from({ length: count }, (_, i) => i) }, config);
  const values = new Float32Array(count);
  const found = numbers.get(places.name)!;
  places.values.forEach((place, i) => {
    values[place] = found[i]!;
  });
  return { ...tensor, values };
}

eachBackend('a model in GGUF', (backend) => {
  it.each(MODELS.flatMap(([name, options]) => QUANTISED.map((dtype) => [name, dtype, options] as const)))(
    '%s, as %s, is the model in its folder',
    async (_name, dtype, options) => {
      const config = tinyConfig({ ...SIZES, ...options });
      const tensors = [...tinyTensors({ ...SIZES, ...options }).values()];
      const { bytes, numbers } = ggufModel(tensors, config, dtype);
      const same = tensors.map((tensor) => unconverted(tensor, config, numbers));
      if (dtype === 'F32') for (const [i, { values }] of same.entries()) expect(values).toEqual(tensors[i]!.values);
      const [file, folder] = [
        await openModel(folderOf(bytes), { backend }),
        await openModel(folderWith(same, config), { backend }),
      ];
      expect(file.warnings).toEqual([]);
      expect({ ...file.config }).toEqual({ ...folder.config });
      expect([...file.checkpoint.tensors.keys()].sort()).toEqual([...folder.checkpoint.tensors.keys()].sort());
      for (const precision of ['f64', 'f32'] as const) {
        const [a, b] = [file, folder].map((model) => traceForward(model, IDS, { precision, keep: ['*'] }));
        expect(a).toEqual(b);
      }
      file.release();
      folder.release();
    },
  );

  it.each(DRAWN_TYPES)('of random blocks of %s is finite and has the numbers of the file', async (dtype) => {
    const options = { family: 'llama', D: 256, H: 4, F: 256, V: 24, L: 1 } as const;
    const config = tinyConfig(options);
    let state = 7;
    const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24;
    const numbers = new Map<string, Float32Array>();
    const tensors = [...tinyTensors(options).values()].map((tensor) => {
      const { name, shape, values } = converted(tensor, config);
      if (shape.length === 1) {
        numbers.set(name, values);
        return { name, shape, dtype: 'F32', bytes: new Uint8Array(values.buffer) };
      }
      const bytes = drawnBlocks(dtype, values.length, 0.1, random);
      numbers.set(name, dequantised(dtype, bytes));
      return { name, shape, dtype, bytes };
    });
    const [file, folder] = [
      await openModel(folderOf(ggufBytes({ entries: ggufEntries(config), tensors })), { backend }),
      await openModel(
        folderWith(
          [...tinyTensors(options).values()].map((tensor) => unconverted(tensor, config, numbers)),
          config,
        ),
        { backend },
      ),
    ];
    const [a, b] = [file, folder].map((model) => traceForward(model, IDS, { keep: ['*'] }));
    expect(a).toEqual(b);
    file.release();
    folder.release();
  });

  test('with a scale that is infinite is refused, naming the tensor', async () => {
    const options = { ...SIZES, family: 'llama' } as const;
    const { bytes } = ggufModel(tinyTensors(options).values(), tinyConfig(options), 'Q8_0');
    const { tensors } = await openCheckpoint(folderOf(bytes));
    const damaged = bytes.slice();
    damaged.set([0x00, 0x7c], tensors.get('model.layers.1.mlp.down_proj.weight')!.begin + 34);
    await expect(openModel(folderOf(damaged), { backend })).rejects.toThrow(NonFiniteError);
    await expect(openModel(folderOf(damaged), { backend })).rejects.toThrow(
      /element (3[2-9]|4\d|5\d|6[0-3]) of model\.layers\.1\.mlp\.down_proj\.weight in sha256-0123/,
    );
  });
});

describe('a GGUF file', () => {
  const options = { ...SIZES, family: 'llama', G: 2 } as const;
  const config = tinyConfig(options);
  const tensors = [...tinyTensors(options).values()].map((tensor) => {
    const { values, ...layout } = converted(tensor, config);
    return { ...layout, dtype: 'F32', bytes: new Uint8Array(values.buffer) };
  });
  const entries = ggufEntries(config);
  const withEntries = (change: readonly GgufEntry[]) => {
    const keys = new Set(change.map(([key]) => key));
    return ggufBytes({ entries: [...entries.filter(([key]) => !keys.has(key)), ...change], tensors });
  };
  const open = (bytes: Uint8Array) => openCheckpoint(folderOf(bytes));
  const refused = async (bytes: Uint8Array, message: string | RegExp) => {
    await expect(open(bytes)).rejects.toThrow(FormatError);
    await expect(open(bytes)).rejects.toThrow(message);
  };

  test('has the SHA-256 of all its bytes as fingerprint, and opens where it is dropped', async () => {
    const bytes = withEntries([]);
    const folder = filesFolder('dropped', [new File([bytes.slice()], 'any name')]);
    const checkpoint = await openCheckpoint(folder);
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes.slice()));
    expect(await checkpoint.readWeights(() => {})).toEqual({
      'any name': [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
    });
    expect(checkpoint.parameterCount).toBe(tensors.reduce((sum, { bytes: { length } }) => sum + length / 4, 0));
  });

  test('is found among others by its name, and only where there is one model', async () => {
    const bytes = withEntries([]);
    const readme = new Uint8Array(9);
    const files = new Map([
      ['README.md', readme],
      ['a.gguf', bytes],
    ]);
    expect((await openCheckpoint(memoryFolder(files))).config.D).toBe(32);
    files.set('b.gguf', bytes);
    await expect(openCheckpoint(memoryFolder(files, 'here'))).rejects.toThrow(
      'openCheckpoint: here must hold one model, but it has a.gguf and b.gguf. Give one of the files instead of the folder.',
    );
  });

  test('with q, k and v in one tensor holds those of the folder', async () => {
    const fused = tensors.flatMap((tensor) => {
      const [, layer, part] = /^blk\.(\d+)\.attn_([qkv])\./.exec(tensor.name) ?? [];
      if (part === undefined) return [tensor];
      if (part !== 'q') return [];
      const parts = ['q', 'k', 'v'].map(
        (each) => tensors.find(({ name }) => name === `blk.${layer}.attn_${each}.weight`)!,
      );
      const bytes = parts.flatMap((each) => [...each.bytes]);
      return [{ ...tensor, name: `blk.${layer}.attn_qkv.weight`, shape: [64, 32], bytes: Uint8Array.from(bytes) }];
    });
    const [a, b] = [
      await openModel(folderOf(ggufBytes({ entries, tensors: fused }))),
      await openModel(folderOf(withEntries([]))),
    ];
    expect(traceForward(a, IDS, { keep: ['*'] })).toEqual(traceForward(b, IDS, { keep: ['*'] }));
  });

  test('in shards is one model, where all are there and in order', async () => {
    const named = (i: number) => `m-0000${i}-of-00002.gguf`;
    const shard = (i: number, extra: readonly GgufEntry[], count = 2) =>
      ggufBytes({
        entries: [
          ...extra,
          ['split.no', i, 'u16'],
          ['split.count', count, 'u16'],
          ['split.tensors.count', tensors.length, 'i32'],
        ],
        tensors: tensors.filter((_, k) => k % 2 === i),
      });
    const files = new Map([
      [named(1), shard(0, entries)],
      [named(2), shard(1, [])],
    ]);
    const [a, b] = [await openModel(memoryFolder(files)), await openModel(folderOf(withEntries([])))];
    expect(Object.keys(a.fingerprint)).toEqual([named(1), named(2)]);
    expect(traceForward(a, IDS, { keep: ['*'] })).toEqual(traceForward(b, IDS, { keep: ['*'] }));
    const broken = (change: readonly [string, Uint8Array][]) => openCheckpoint(memoryFolder(new Map(change), 'here'));
    await expect(broken([[named(1), files.get(named(1))!]])).rejects.toThrow('but m-00002-of-00002.gguf is missing');
    await expect(
      broken([
        [named(1), files.get(named(2))!],
        [named(2), files.get(named(1))!],
      ]),
    ).rejects.toThrow('m-00001-of-00002.gguf must be shard 1 of 2, as its name says, but its metadata say 2 of 2');
    await expect(
      broken([
        [named(1), files.get(named(1))!],
        [named(2), shard(1, [], 3)],
      ]),
    ).rejects.toThrow('2 of 3');
    await expect(broken([['renamed.gguf', files.get(named(1))!]])).rejects.toThrow('must be shard 1 of 1');
    const twice = ggufBytes({
      entries: [
        ['split.no', 1, 'u16'],
        ['split.count', 2, 'u16'],
      ],
      tensors,
    });
    await expect(
      broken([
        [named(1), files.get(named(1))!],
        [named(2), twice],
      ]),
    ).rejects.toThrow('must be stored once');
  });

  test('of an architecture that is not read, or no model, is refused by name', async () => {
    await refused(
      withEntries([['general.architecture', 'mamba']]),
      /general\.architecture in sha256-0123 must be one of bert, .*, llama, /,
    );
    await refused(
      withEntries([['general.architecture', 'mamba']]),
      'but it is "mamba". Models of other architectures are not read.',
    );
    await refused(
      withEntries([['general.type', 'adapter']]),
      'general.type in sha256-0123 must be "model", but it is "adapter".',
    );
    await refused(ggufBytes({ entries: [], tensors: [] }), 'but it is absent');
  });

  test('with sizes that are missing, wrong or of a wrong type is refused by the key', async () => {
    await refused(
      ggufBytes({ entries: entries.filter(([key]) => key !== 'llama.block_count'), tensors }),
      'llama.block_count in sha256-0123 must be an integer from 1 to 4096, but it is absent.',
    );
    await refused(
      withEntries([['llama.block_count', 0, 'u32']]),
      'llama.block_count in sha256-0123 must be an integer from 1 to 4096, but it is 0.',
    );
    await refused(
      withEntries([['llama.attention.head_count', [4, 2], 'u32']]),
      'llama.attention.head_count in sha256-0123 must be a number below 2^53, but it is a list of 2 of type u32.',
    );
    await refused(withEntries([['llama.attention.head_count', 'four']]), 'must be a number');
    await refused(
      withEntries([['llama.block_count', 3, 'u32']]),
      'must contain tensor model.layers.2.input_layernorm.weight',
    );
    await refused(
      ggufBytes({ entries, tensors: tensors.filter(({ name }) => name !== 'token_embd.weight') }),
      'token_embd.weight in sha256-0123 must be an integer',
    );
  });

  test('that asks for what is not computed is refused by the key', async () => {
    await refused(
      withEntries([['llama.expert_count', 8, 'u32']]),
      'llama.expert_count in sha256-0123 must be off, but it is 8.',
    );
    await refused(
      withEntries([['llama.attention.causal', false]]),
      'llama.attention.causal in sha256-0123 must be true',
    );
    await refused(
      withEntries([
        ['llama.attention.key_length', 8, 'u32'],
        ['llama.attention.value_length', 16, 'u32'],
      ]),
      'agree with llama.attention.key_length = 8',
    );
    await refused(
      withEntries([['llama.rope.dimension_count', 4, 'u32']]),
      'llama.rope.dimension_count in sha256-0123 must be off, but it is 0.5.',
    );
    expect((await open(withEntries([['llama.some_new_key', 1, 'u32']]))).warnings).toEqual([
      'sha256-0123 has a key this package does not know: llama.some_new_key.',
    ]);
  });

  test('with tensors of types that are not read is refused by their names', async () => {
    const typed = (dtype: string, bytes: number) =>
      ggufBytes({
        entries,
        tensors: tensors.map((tensor) =>
          tensor.name === 'blk.0.ffn_down.weight' ? { ...tensor, dtype, bytes: new Uint8Array(bytes) } : tensor,
        ),
      });
    await refused(typed('MXFP4', (17 * 2048) / 32), 'have dtype F32, F16 or BF16, Q4_0, Q4_1, ');
    await refused(typed('F64', 8 * 2048), 'must have dtype F32, F16 or BF16, but it has F64.');
    const vector = tensors.map((tensor) =>
      tensor.name === 'output_norm.weight' ? { ...tensor, dtype: 'Q8_0', bytes: new Uint8Array(34) } : tensor,
    );
    await refused(ggufBytes({ entries, tensors: vector }), 'being a vector, but it has Q8_0');
  });

  test('with tensors that nothing uses is refused, with bytes that nothing uses it opens with a warning', async () => {
    const with1 = (name: string) =>
      ggufBytes({ entries, tensors: [...tensors, { name, shape: [2], dtype: 'F32', bytes: new Uint8Array(8) }] });
    for (const name of [
      'blk.0.output.weight',
      'blk.1.attn_output.bias',
      'blk.2.attn_norm.weight',
      'token_types.weight',
    ]) {
      await refused(with1(name), /tensor .* of model must belong to a model of architecture llama with these metadata/);
    }
    const spare = with1('blk.0.attn_rot_embd.weight');
    expect((await open(Uint8Array.from([...spare, 0]))).warnings).toEqual([
      'sha256-0123 has 1 bytes behind its last tensor, which are not used.',
    ]);
  });

  test('with the divisors of Llama 3.1 turns as the folder with its parameters', async () => {
    const rope = {
      rope_type: 'llama3',
      factor: 32,
      low_freq_factor: 1,
      high_freq_factor: 4,
      original_max_position_embeddings: 8192,
    };
    const theta = 500_000;
    const divisors = Float32Array.from({ length: 4 }, (_, c) => {
      const wavelength = Math.fround(2 * Math.PI * theta ** (c / 4));
      if (wavelength < 8192 / 4) return 1;
      if (wavelength > 8192) return 32;
      const smooth = (8192 / wavelength - 1) / 3;
      return 1 / ((1 - smooth) / 32 + smooth);
    });
    const freqs = { name: 'rope_freqs.weight', shape: [4], dtype: 'F32', bytes: new Uint8Array(divisors.buffer) };
    const changed = entries.map(
      (entry): GgufEntry => (entry[0] === 'llama.rope.freq_base' ? [entry[0], theta, 'f32'] : entry),
    );
    const file = await open(ggufBytes({ entries: changed, tensors: [freqs, ...tensors] }));
    const folder = await openCheckpoint(
      folderWith(tinyTensors(options).values(), { ...config, rope_theta: theta, rope_scaling: rope }),
    );
    expect(file.config).toEqual(folder.config);
    expect(file.warnings).toEqual([]);
    divisors[1] = Number.NaN;
    await refused(
      ggufBytes({ entries: changed, tensors: [freqs, ...tensors] }),
      'tensor rope_freqs.weight of sha256-0123 must hold numbers above zero, but it holds NaN.',
    );
  });

  test('with linear scaling, in both spellings, turns as the folder', async () => {
    const folder = await openCheckpoint(
      folderWith(tinyTensors(options).values(), { ...config, rope_scaling: { rope_type: 'linear', factor: 2.5 } }),
    );
    const newer = await open(
      withEntries([
        ['llama.rope.scaling.type', 'linear'],
        ['llama.rope.scaling.factor', 2.5, 'f32'],
      ]),
    );
    const older = await open(withEntries([['llama.rope.scale_linear', 2.5, 'f32']]));
    expect([newer.config, older.config]).toEqual([folder.config, folder.config]);
    await refused(withEntries([['llama.rope.scaling.type', 'no such']]), '"no such"');
  });
});
