/** What the families beside the first ones read from config.json: class defaults of transformers, honoured fields, and what they refuse. */
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/transformer/checkpoint/read-config.ts';
import { jsonBytes } from '../support/tiny-checkpoint.ts';

const read = (config: Record<string, unknown>) => readConfig(jsonBytes(config));

/** The fewest fields of a family that its class has no default for here: the sizes. */
const SIZES = {
  vocab_size: 31,
  hidden_size: 8,
  intermediate_size: 12,
  num_hidden_layers: 2,
  num_attention_heads: 2,
};

describe('starcoder2', () => {
  const starcoder2 = (more: Record<string, unknown> = {}) => read({ model_type: 'starcoder2', ...SIZES, ...more });

  it('has the defaults of its class', () => {
    const { config, warnings } = starcoder2();
    expect(config).toMatchObject({
      ...{ family: 'starcoder2', causal: true, residual: 'sequential', V: 31, D: 8, L: 2, H: 2, G: 2, K: 4, F: 12 },
      maxPositions: 4096,
      norm: { kind: 'layer', eps: 1e-5, bias: true },
      activation: 'gelu_tanh',
      gated: false,
      attentionWindow: [4096, 4096],
      tied: true,
      biases: { qkv: true, attentionOut: true, mlp: true },
    });
    expect(warnings).toEqual([]);
    // Two key/value heads, whatever the number of heads, where the file does not say.
    expect(starcoder2({ num_attention_heads: 4 }).config.G).toBe(2);
  });

  it('has one window for all layers, where there is one', () => {
    expect(starcoder2({ sliding_window: 3 }).config.attentionWindow).toEqual([3, 3]);
    expect(starcoder2({ sliding_window: 5000 }).config.attentionWindow).toEqual([4096, 4096]);
    expect(starcoder2({ sliding_window: null }).config.attentionWindow).toEqual([4096, 4096]);
  });

  it('passes over what the published files say besides, and refuses what they do not', () => {
    const published = {
      activation_function: 'gelu',
      mlp_type: 'default',
      norm_type: 'layer_norm',
      embedding_dropout: 0.1,
      residual_dropout: 0.1,
    };
    expect(starcoder2(published)).toEqual(starcoder2());
    expect(() => starcoder2({ mlp_type: 'gated' })).toThrow('mlp_type in config.json must be off, but it is "gated".');
    expect(() => starcoder2({ norm_type: 'rms_norm' })).toThrow('norm_type in config.json must be off');
  });
});

describe('gemma', () => {
  const gemma = (more: Record<string, unknown> = {}) =>
    read({ model_type: 'gemma', ...SIZES, num_key_value_heads: 2, ...more });

  it('has the defaults of its class', () => {
    const { config, warnings } = gemma();
    expect(config).toMatchObject({
      ...{ family: 'gemma', causal: true, residual: 'sequential', V: 31, D: 8, L: 2, H: 2, G: 2, K: 256, F: 12 },
      maxPositions: 8192,
      norm: { kind: 'rms', eps: 1e-6, offset: 1, bias: false },
      normPlacement: 'pre',
      embeddingScale: Math.sqrt(8),
      activation: 'gelu_tanh',
      gated: true,
      attentionScale: [1 / 16, 1 / 16],
      tied: true,
      biases: { qkv: false, attentionOut: false, mlp: false, head: false },
    });
    expect(warnings).toEqual([]);
  });

  it('gates by the tanh form of GELU, by whatever name', () => {
    for (const name of ['gelu', 'gelu_new', 'gelu_pytorch_tanh'])
      for (const field of ['hidden_act', 'hidden_activation']) expect(gemma({ [field]: name })).toEqual(gemma());
    expect(gemma({ hidden_act: 'gelu', hidden_activation: null })).toEqual(gemma());
    expect(() => gemma({ hidden_act: 'silu' })).toThrow('hidden_act in config.json must be one of gelu, gelu_new');
  });

  it('refuses attention in both directions', () => {
    expect(gemma({ use_bidirectional_attention: false })).toEqual(gemma());
    expect(() => gemma({ use_bidirectional_attention: true })).toThrow('use_bidirectional_attention in config.json');
  });
});

describe('phi3', () => {
  const phi3 = (more: Record<string, unknown> = {}) => read({ model_type: 'phi3', ...SIZES, ...more });

  it('has the defaults of its class', () => {
    const { config, warnings } = phi3();
    expect(config).toMatchObject({
      ...{ family: 'phi3', causal: true, residual: 'sequential', V: 31, D: 8, L: 2, H: 2, G: 2, K: 4, F: 12 },
      maxPositions: 4096,
      norm: { kind: 'rms', eps: 1e-5, bias: false },
      activation: 'silu',
      gated: true,
      attentionWindow: [4096, 4096],
      tied: false,
      biases: { qkv: false, attentionOut: false, mlp: false },
    });
    expect(warnings).toEqual([]);
  });

  it('passes over what Phi-4-mini says besides, and refuses what it does not', () => {
    const published = {
      original_max_position_embeddings: 4096,
      attention_bias: false,
      mlp_bias: false,
      lm_head_bias: false,
      full_attn_mod: 1,
      interpolate_factor: 1,
    };
    expect(phi3(published)).toEqual(phi3());
    for (const name of ['attention_bias', 'mlp_bias', 'lm_head_bias'])
      expect(() => phi3({ [name]: true })).toThrow(`${name} in config.json must be off, but it is true.`);
    expect(() => phi3({ full_attn_mod: 2 })).toThrow('full_attn_mod in config.json must be off, but it is 2.');
  });

  it('turns a share of a head', () => {
    const turned = (more: Record<string, unknown>) => {
      const { positions } = phi3({ hidden_size: 16, ...more }).config;
      return positions.kind === 'rotary' ? positions.layers.map((table) => table?.frequencies.length) : [];
    };
    expect(turned({})).toEqual([4, 4]);
    expect(turned({ partial_rotary_factor: 0.75 })).toEqual([3, 3]);
    expect(turned({ rope_parameters: { rope_type: 'default', partial_rotary_factor: 0.25 } })).toEqual([1, 1]);
  });
});
