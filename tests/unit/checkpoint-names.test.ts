import { describe, expect, test } from 'vitest';
import { openCheckpoint } from '../../src/transformer/checkpoint/open-checkpoint.ts';
import {
  LANGUAGE_MODELS,
  memoryFolder,
  type StoredBytes,
  safetensorsFile,
  type TinyOptions,
  tinyFiles,
  tinyTensors,
} from '../support/tiny-checkpoint.ts';

const WEIGHTS = 'model.safetensors';
const openFiles = (files: ReadonlyMap<string, Uint8Array>) => openCheckpoint(memoryFolder(files));

describe('openCheckpoint finds tensors', () => {
  const tied: TinyOptions = { tied: false, config: { tie_word_embeddings: true } };
  /** The checkpoint with its tensors changed on the way. */
  const restored = (
    options: TinyOptions,
    change: (tensors: Map<string, StoredBytes>) => void,
    metadata?: Record<string, string>,
  ) => {
    const tensors = new Map(
      [...tinyTensors(options).values()].map(({ name, shape, values }): [string, StoredBytes] => [
        name,
        { name, dtype: 'F32', shape, bytes: new Uint8Array(values.buffer.slice(0)) },
      ]),
    );
    change(tensors);
    return tinyFiles(options).set(WEIGHTS, safetensorsFile([...tensors.values()], 0, metadata));
  };
  const OWN_HEAD = (what: string) =>
    `config.json says tie_word_embeddings: true, but an unembedding of other ${what} is stored beside the embedding; the stored one is used.`;

  test('a tied head that is stored is ignored where it is the embedding', async () => {
    const same = restored(tied, (tensors) => {
      tensors.set('lm_head.weight', { ...tensors.get('wte.weight')!, name: 'lm_head.weight' });
    });
    expect(await openFiles(same)).toMatchObject({ ignored: ['lm_head.weight'], warnings: [], config: { tied: true } });
  });

  test.each([0, 1, 123, 31 * 8 * 4 - 1])('a head that differs in byte %i counts, aloud', async (at) => {
    const other = restored(tied, (tensors) => {
      const bytes = tensors.get('wte.weight')!.bytes.slice();
      bytes[at]! ^= 1;
      tensors.set('lm_head.weight', { ...tensors.get('wte.weight')!, name: 'lm_head.weight', bytes });
    });
    const checkpoint = await openFiles(other);
    expect(checkpoint).toMatchObject({ ignored: [], warnings: [OWN_HEAD('values')], config: { tied: false } });
    expect(checkpoint.tensors.has('lm_head.weight')).toBe(true);
  });

  test('a head of another type or shape is no copy of the embedding', async () => {
    const half = restored(tied, (tensors) => {
      tensors.set('lm_head.weight', {
        name: 'lm_head.weight',
        dtype: 'F16',
        shape: [31, 8],
        bytes: new Uint8Array(496),
      });
    });
    expect(await openFiles(half)).toMatchObject({ warnings: [OWN_HEAD('type')], config: { tied: false } });
    const longer = restored(tied, (tensors) => {
      tensors.set('lm_head.weight', {
        name: 'lm_head.weight',
        dtype: 'F32',
        shape: [32, 8],
        bytes: new Uint8Array(1024),
      });
    });
    await expect(openFiles(longer)).rejects.toThrow(
      'tensor lm_head.weight of model.safetensors must have shape [31, 8] for this configuration, but it has [32, 8].',
    );
  });

  test('tensors that save_model left out because others hold their values', async () => {
    const shared = 'h.1.mlp.c_fc.weight';
    const files = restored(
      { tied: false, config: { tie_word_embeddings: false } },
      (tensors) => {
        tensors.delete(shared);
        tensors.delete('wte.weight');
      },
      { 'transformer.wte.weight': 'lm_head.weight', [shared]: 'h.0.mlp.c_fc.weight', format: 'pt' },
    );
    const checkpoint = await openFiles(files);
    const { tensors, warnings, parameterCount } = checkpoint;
    expect(warnings).toEqual([]);
    for (const [left, kept] of [
      [shared, 'h.0.mlp.c_fc.weight'],
      ['wte.weight', 'lm_head.weight'],
    ] as const)
      expect(tensors.get(left)).toEqual({ ...tensors.get(kept), name: left });
    const all = [...tinyTensors({ tied: false }).values()].reduce((sum, { values }) => sum + values.length, 0);
    expect(parameterCount).toBe(all - 31 * 8 - 8 * 32);
    const read = new Map<string, number>();
    await checkpoint.readWeights(({ tensor, rows }) => void read.set(tensor.name, (read.get(tensor.name) ?? 0) + rows));
    for (const [name, { shape }] of tensors) expect(read.get(name), name).toBe(shape[0]);
  });

  test('an alias must lead to a stored tensor of the right shape', async () => {
    const without = (kept: string) =>
      openFiles(restored({}, (tensors) => void tensors.delete('ln_f.bias'), { 'ln_f.bias': kept }));
    await expect(without('nowhere')).rejects.toThrow(
      'must contain tensor ln_f.bias with shape [8], but there is none.',
    );
    await expect(without('ln_f.bias')).rejects.toThrow('must contain tensor ln_f.bias');
    await expect(without('wte.weight')).rejects.toThrow(
      'must have shape [8] for this configuration, but it has [31, 8]',
    );
    expect((await without('transformer.h.0.ln_1.bias')).tensors.get('ln_f.bias')).toMatchObject({ shape: [8] });
  });

  const renamed = (rename: (name: string) => string, family: TinyOptions['family'] = 'llama') =>
    openFiles(
      restored({ family }, (tensors) => {
        for (const tensor of [...tensors.values()]) tensors.set(tensor.name, { ...tensor, name: rename(tensor.name) });
      }),
    );

  test.each([
    ['_orig_mod.', '_orig_mod.'],
    ['module.', 'module.'],
    ['module._orig_mod.', 'module., _orig_mod.'],
    ['_orig_mod.module.', '_orig_mod., module.'],
    ['_forward_module.module.', '_forward_module., module.'],
    ['_fsdp_wrapped_module._orig_mod.', '_fsdp_wrapped_module., _orig_mod.'],
  ])('names that a wrapper has put %s in front of', async (prefix, said) => {
    for (const family of LANGUAGE_MODELS) {
      const { tensors, warnings } = await renamed((name) => prefix + name, family);
      expect([...tensors.keys()].sort()).toEqual([...tinyTensors({ family }).keys()].sort());
      expect(warnings).toEqual([`Names of tensors carry ${said} of a training wrapper; they are read without.`]);
    }
  });

  test('names that a wrapper has put something in the middle of', async () => {
    const { tensors, warnings } = await renamed((name) =>
      name.replace(/(layers\.\d+)\./, '$1._checkpoint_wrapped_module.'),
    );
    expect(tensors.size).toBe(tinyTensors({ family: 'llama' }).size);
    expect(warnings).toEqual([
      'Names of tensors carry _checkpoint_wrapped_module. of a training wrapper; they are read without.',
    ]);
  });

  test('a name with and without a wrapper is one tensor stored twice', async () => {
    const twice = restored({}, (tensors) => {
      tensors.set('again', { ...tensors.get('wpe.weight')!, name: 'module.transformer.wpe.weight' });
    });
    await expect(openFiles(twice)).rejects.toThrow(
      'tensor module.transformer.wpe.weight of model.safetensors must be stored once',
    );
  });

  test('a prefix that is not known is named', async () => {
    await expect(renamed((name) => `base_model.model.${name}`)).rejects.toThrow(
      'model.safetensors must contain tensor model.embed_tokens.weight with shape [31, 8], but there is only base_model.model.model.embed_tokens.weight. Take the prefix base_model.model. off the names of the tensors.',
    );
    await expect(renamed((name) => `student.${name}`, 'gpt2')).rejects.toThrow(
      'Take the prefix student. off the names',
    );
    const adapter = restored({ family: 'llama' }, (tensors) => {
      tensors.delete('model.embed_tokens.weight');
      const name = 'base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight';
      tensors.set(name, { name, dtype: 'F32', shape: [2, 8], bytes: new Uint8Array(64) });
    });
    await expect(openFiles(adapter)).rejects.toThrow('but the file holds a LoRA adapter. Merge it first');
  });

  test("GPT-NeoX's head under the name of the other families", async () => {
    const { tensors, warnings } = await renamed((name) => name.replace('embed_out', 'lm_head'), 'gpt_neox');
    expect([tensors.has('embed_out.weight'), warnings]).toEqual([true, []]);
    const both = restored({ family: 'gpt_neox' }, (all) => {
      all.set('again', { ...all.get('embed_out.weight')!, name: 'lm_head.weight' });
    });
    await expect(openFiles(both)).rejects.toThrow('tensor lm_head.weight of model.safetensors must be stored once');
  });

  test('unused tensors may be of any type of the format, and empty', async () => {
    const unused = ['BOOL', 'I64', 'F64', 'C64', 'F8_E4M3', 'F8_E5M2FNUZ', 'F8_E8M0', 'F4', 'U16'];
    const bytes: Readonly<Record<string, number>> = { F64: 8, I64: 8, C64: 8, U16: 2 };
    const files = restored({}, (tensors) => {
      for (const dtype of unused) {
        const [name, length] = [`spare.${dtype}`, 2 * (bytes[dtype] ?? (dtype === 'F4' ? 0.5 : 1))];
        tensors.set(name, { name, dtype, shape: [2], bytes: new Uint8Array(length) });
        tensors.set(`empty.${dtype}`, { name: `empty.${dtype}`, dtype, shape: [0, 3], bytes: new Uint8Array(0) });
      }
    });
    const checkpoint = await openFiles(files);
    expect(checkpoint.ignored).toHaveLength(2 * unused.length);
    expect(checkpoint.warnings).toHaveLength(2 * unused.length);
    const read: string[] = [];
    await checkpoint.readWeights(({ tensor, firstRow }) => void (firstRow === 0 && read.push(tensor.name)));
    expect(read.sort()).toEqual([...tinyTensors().keys()].sort());
    const { length } = checkpoint.warnings;
    expect(checkpoint.warnings[length - 1]).toMatch(
      /^model\.safetensors has a tensor the configuration does not use: /,
    );
    const strange = restored({}, (tensors) => {
      tensors.set('x', { name: 'x', dtype: 'F3', shape: [2], bytes: new Uint8Array(1) });
    });
    await expect(openFiles(strange)).rejects.toThrow(
      'tensor x of model.safetensors must have a dtype of the format, but it is "F3"',
    );
  });
});
