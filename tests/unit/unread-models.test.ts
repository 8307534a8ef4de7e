/** Models that are known and not computed are refused with the reason; code that a folder brings along is not run, aloud. */
import { describe, expect, it } from 'vitest';
import { FAMILY_NAMES } from '../../src/transformer/checkpoint/family-table.ts';
import { readConfig } from '../../src/transformer/checkpoint/read-config.ts';
import { whyUnread } from '../../src/transformer/checkpoint/unread-models.ts';
import { jsonBytes, tinyConfig } from '../support/tiny-checkpoint.ts';

describe('models that are not computed', () => {
  it.each([
    ['mixtral', 'mixtures of experts'],
    ['deepseek_v2', 'latent'],
    ['deepseek_v3', 'latent'],
    ['gpt_oss', 'sinks'],
    ['mamba2', 'recurrent state'],
    ['qwen3_next', 'recurrent state'],
    ['t5', 'cross attention'],
  ])('%s: %s', (model_type, reason) => {
    const message = `openCheckpoint: model_type in config.json must name a family that this package computes, but it is "${model_type}". It`;
    const read = () => readConfig(jsonBytes({ model_type }));
    expect(read).toThrow(message);
    expect(read).toThrow(reason);
    expect(read).toThrow(expect.objectContaining({ name: 'FormatError', field: 'model_type' }));
  });

  it('are none of those that are', () => {
    expect([...FAMILY_NAMES.keys()].filter((name) => whyUnread(name) !== undefined)).toEqual([]);
    for (const type of ['constructor', '', null, undefined, 7, {}]) expect(whyUnread(type)).toBeUndefined();
  });
});

describe('auto_map', () => {
  const read = (auto_map: unknown) => readConfig(jsonBytes(tinyConfig({ family: 'starcoder2', config: { auto_map } })));
  const plain = read(undefined);

  it.each([
    { AutoConfig: 'configuration_x.XConfig', AutoModelForCausalLM: 'modeling_x.Starcoder2ForCausalLM' },
    { AutoModelForCausalLM: 'someone/else--modeling_x.Starcoder2ForCausalLM' },
    { AutoModel: 'modeling_x.Starcoder2Model' },
  ])('that names a class which is read gives a warning: %j', (auto_map) => {
    const { config, warnings } = read(auto_map);
    expect(config).toEqual(plain.config);
    expect(warnings).toEqual([
      expect.stringMatching(
        /^auto_map in config\.json names code of its own for Starcoder2(ForCausalLM|Model); the class of that name in transformers is read\.$/,
      ),
    ]);
  });

  it('that is empty says nothing', () => {
    expect(read({})).toEqual(plain);
  });

  it.each([
    { AutoModelForCausalLM: 'modeling_x.OtherForCausalLM' },
    { AutoModelForCausalLM: 'modeling_x.OtherForCausalLM', AutoModel: 'modeling_x.Starcoder2Model' },
    { AutoConfig: 'configuration_x.XConfig' },
    { AutoModelForCausalLM: 7 },
    'modeling_x.Starcoder2ForCausalLM',
  ])('that names anything else is refused: %j', (auto_map) => {
    expect(() => read(auto_map)).toThrow('auto_map in config.json must be off');
  });
});
