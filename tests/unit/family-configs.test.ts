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
