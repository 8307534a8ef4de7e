import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/transformer/checkpoint/read-config.ts';
import { readTinyConfig as read } from '../support/read-configs.ts';
import { FAMILIES, type Family } from '../support/tiny-checkpoint.ts';

const NAMES = [...FAMILIES].sort().join(', ');

describe('refused, by name', () => {
  const faults: [Family, Record<string, unknown>, string, string][] = [
    ['gpt2', { model_type: 'martian' }, 'model_type', `must be one of ${NAMES}, but it is "martian"`],
    ['gpt2', { model_type: undefined }, 'model_type', `must be one of ${NAMES}, but it is absent`],
    ['gpt2', { window_size: 4 }, 'window_size', 'must be off, but it is 4'],
    ['llama', { window_size: 4 }, 'window_size', 'must be off, but it is 4'],
    ['gpt_neo', { sliding_window: 4 }, 'sliding_window', 'must be off, but it is 4'],
    ['gpt_neo', { window_size: 0 }, 'window_size', 'must be an integer from 1'],
    ['gpt_neo', { num_heads: 3 }, 'num_heads', 'must divide hidden_size = 8, but it is 3'],
    ['gpt_neo', { attention_types: [[['global'], 3]] }, 'attention_types', 'must give num_layers = 2 layers'],
    ['gpt_neo', { attention_types: [[[], 2 ** 40]] }, 'attention_types', 'must list groups of layers'],
    ['gpt_neo', { attention_types: [[['global', 'strided'], 1]] }, 'attention_types', 'must name global and local'],
    ['gpt_neo', { attention_layers: ['local', 'local'] }, 'attention_layers', 'must say the same as attention_types'],
    ['gpt_neo', { attention_layers: ['local'] }, 'attention_layers', 'must list num_layers = 2 layers'],
    ['gpt2', { n_head: 3 }, 'n_head', 'must divide n_embd = 8, but it is 3'],
    ['gpt2', { n_layer: 0 }, 'n_layer', 'must be an integer from 1 to 4096, but it is 0'],
    ['gpt2', { n_layer: 2 ** 50 }, 'n_layer', 'must be an integer from 1 to 4096'],
    ['gpt2', { n_embd: undefined }, 'n_embd', 'but it is absent'],
    ['gpt2', { n_embd: '8' }, 'n_embd', 'but it is "8"'],
    ['gpt2', { vocab_size: 1e300 }, 'vocab_size', 'but it is 1e+300'],
    ['gpt2', { n_positions: 1.5 }, 'n_positions', 'must be an integer'],
    ['gpt2', { n_positions: undefined, n_ctx: undefined }, 'n_positions', 'but it is absent'],
    ['gpt2', { layer_norm_epsilon: 0 }, 'layer_norm_epsilon', 'must be a number above zero'],
    [
      'gpt2',
      { activation_function: 'gelu_10' },
      'activation_function',
      'must be one of gelu, gelu_new, gelu_pytorch_tanh, gelu_fast, silu, swish, relu, but it is "gelu_10"',
    ],
    ['gpt2', { scale_attn_weights: 1 }, 'scale_attn_weights', 'must be true or false'],
    [
      'gpt2',
      { add_cross_attention: true },
      'add_cross_attention',
      'must be off, but it is true. This package does not compute models that use it.',
    ],
    ['gpt2', { pruned_heads: { 0: [1] } }, 'pruned_heads', 'must be off'],
    ['llama', { per_layer_config: { 0: { num_attention_heads: 1 } } }, 'per_layer_config', 'must be off'],
    ['gpt2', { eos_token_id: 'x' }, 'eos_token_id', 'must be a token id or a list of them'],
    ['llama', { quantization_config: { bits: 4 } }, 'quantization_config', 'must be off, but it is {"bits":4}'],
    [
      'llama',
      { num_attention_heads: 3, num_key_value_heads: 1 },
      'num_attention_heads',
      'must divide hidden_size = 8 where there is no head_dim, but it is 3',
    ],
    [
      'llama',
      { num_key_value_heads: 3, num_attention_heads: 4 },
      'num_key_value_heads',
      'must divide num_attention_heads = 4, but it is 3',
    ],
    ['llama', { num_key_value_heads: 4 }, 'num_key_value_heads', 'must be an integer from 1 to 2'],
    ['llama', { head_dim: 3 }, 'head_dim', 'must give heads of even width, which rotary positions need, but it is 3'],
    ['llama', { num_attention_heads: 8 }, 'num_attention_heads', 'must give heads of even width'],
    ['llama', { sliding_window: 4096 }, 'sliding_window', 'must be off, but it is 4096'],
    ['llama', { sliding_window: 4096, use_sliding_window: true }, 'sliding_window', 'must be off'],
    ['llama', { pretraining_tp: 2 }, 'pretraining_tp', 'must be off, but it is 2'],
    ['llama', { partial_rotary_factor: 0.5 }, 'partial_rotary_factor', 'must be off'],
    [
      'llama',
      { rope_parameters: { partial_rotary_factor: 0.5 } },
      'rope_parameters.partial_rotary_factor',
      'must be off',
    ],
    ['llama', { attn_logit_softcapping: 30 }, 'attn_logit_softcapping', 'must be off'],
    ['llama', { final_logit_softcapping: 30 }, 'final_logit_softcapping', 'must be off'],
    ['llama', { residual_multiplier: 0.22 }, 'residual_multiplier', 'must be off'],
    ['llama', { layer_types: ['sliding_attention'] }, 'layer_types', 'must be off'],
    ['llama', { rope_interleaved: true }, 'rope_interleaved', 'must be off'],
    ['llama', { rope_theta: 5e-324, head_dim: 64 }, 'rope_theta', 'must give finite frequencies, but it is 5e-324'],
    ['llama', { rope_theta: -1 }, 'rope_theta', 'must be a number above zero'],
    [
      'llama',
      { rope_scaling: { rope_type: 'proportional', factor: 4 } },
      'rope_scaling.rope_type',
      'must be default, linear, dynamic, llama3, yarn or longrope, but it is "proportional"',
    ],
    [
      'llama',
      { rope_scaling: { rope_type: 'longrope' } },
      'rope_scaling.short_factor',
      'must list 2 numbers above zero, one for each pair that turns, but it is absent',
    ],
    [
      'llama',
      { rope_scaling: { type: 'linear', rope_type: 'llama3' } },
      'rope_scaling.type',
      'must agree with rope_type "llama3", but it is "linear"',
    ],
    [
      'llama',
      { rope_scaling: { type: 'linear' } },
      'rope_scaling.factor',
      'must be a number above zero, but it is absent',
    ],
    [
      'llama',
      {
        rope_scaling: {
          type: 'llama3',
          factor: 8,
          low_freq_factor: 4,
          high_freq_factor: 4,
          original_max_position_embeddings: 8192,
        },
      },
      'rope_scaling.low_freq_factor',
      'must be below high_freq_factor = 4',
    ],
    ['llama', { rope_scaling: 'linear' }, 'rope_scaling', 'must be an object'],
    [
      'llama',
      { rope_scaling: { type: 'linear', factor: 2 }, rope_parameters: { type: 'linear', factor: 4 } },
      'rope_scaling',
      'must agree with rope_parameters',
    ],
    [
      'llama',
      { rope_scaling: { type: 'linear', factor: 2 }, rope_parameters: { rope_type: 'default' } },
      'rope_scaling',
      'They differ in rope_type. Keep one of the two.',
    ],
    [
      'llama',
      { rope_scaling: { type: 'linear' }, rope_parameters: { type: 'linear', factor: 2 } },
      'rope_scaling',
      'They differ in factor.',
    ],
    [
      'llama',
      { rope_theta: undefined, rope_scaling: { type: 'default' }, rope_parameters: { rope_theta: 5e5 } },
      'rope_scaling',
      'They differ in rope_theta.',
    ],
    [
      'llama',
      { rope_theta: undefined, rope_scaling: { rope_theta: 4 }, rope_parameters: { rope_theta: 5 } },
      'rope_scaling',
      'They differ in rope_theta.',
    ],
    [
      'llama',
      { rope_theta: 5, rope_scaling: { rope_theta: 4 }, rope_parameters: { rope_theta: 5 } },
      'rope_scaling.rope_theta',
      'must agree with rope_theta = 5, but it is 4',
    ],
    [
      'llama',
      { rope_theta: 10000, rope_parameters: { rope_theta: 5 } },
      'rope_parameters.rope_theta',
      'must agree with rope_theta = 10000, but it is 5',
    ],
    ['gpt_neox', { rotary_emb_base: 500, rope_theta: 5 }, 'rope_theta', 'must agree with rotary_emb_base = 500'],
    [
      'gpt_neox',
      { rope_parameters: { partial_rotary_factor: 0.5 } },
      'rope_parameters.partial_rotary_factor',
      'must agree with rotary_pct',
    ],
    [
      'gpt_neox',
      { rotary_pct: 0.75 },
      'rotary_pct',
      "must turn an even number of a head's 4 coordinates, but it is 0.75",
    ],
    ['gpt_neox', { rotary_pct: 0.25 }, 'rotary_pct', 'must turn an even number'],
    ['gpt_neox', { rotary_pct: 1.5 }, 'rotary_pct', 'must turn an even number'],
    [
      'gpt_neox',
      { rotary_pct: undefined, rope_parameters: { partial_rotary_factor: 0.25 } },
      'rope_parameters.partial_rotary_factor',
      'must turn an even number',
    ],
    [
      'llama',
      { rope_theta: undefined, rope_parameters: { rope_theta: 1e-320, factor: 1e-300, rope_type: 'linear' } },
      'rope_parameters.rope_theta',
      'must give finite frequencies',
    ],
    ['gpt_neox', { rotary_pct: -1 }, 'rotary_pct', 'must be a number above zero'],
    ['gpt_neox', { num_attention_heads: 3 }, 'num_attention_heads', 'must divide hidden_size = 8, but it is 3'],
    ['gpt_neox', { use_parallel_residual: 1 }, 'use_parallel_residual', 'must be true or false'],
    ['llama', { use_parallel_residual: true }, 'use_parallel_residual', 'must be off'],
    ['mistral', { sliding_window: 0 }, 'sliding_window', 'must be an integer from 1'],
    ['mistral', { sliding_window: 4.5 }, 'sliding_window', 'but it is 4.5'],
    ['mistral', { sliding_window: false }, 'sliding_window', 'but it is false'],
    ['mistral', { window_size: 4 }, 'window_size', 'must be off, but it is 4'],
    ['mistral', { num_local_experts: 8 }, 'num_local_experts', 'must be off, but it is 8'],
    ['mistral', { rope_scaling: { type: 'mars', factor: 4 } }, 'rope_scaling.rope_type', 'but it is "mars"'],
    ['mistral', { num_key_value_heads: 3 }, 'num_key_value_heads', 'must be an integer from 1 to 2'],
    ['mistral', { head_dim: 3 }, 'head_dim', 'must give heads of even width'],
    ['qwen2', { use_sliding_window: 'yes' }, 'use_sliding_window', 'must be true or false'],
    ['qwen2', { use_sliding_window: true, sliding_window: null }, 'sliding_window', 'but it is absent'],
    ['qwen2', { use_sliding_window: true, sliding_window: 0 }, 'sliding_window', 'must be an integer from 1'],
    ['qwen2', { use_sliding_window: true, max_window_layers: -1 }, 'max_window_layers', 'must be an integer from 0 on'],
    ['qwen2', { use_sliding_window: true, max_window_layers: 1.5 }, 'max_window_layers', 'but it is 1.5'],
    [
      'qwen2',
      { use_sliding_window: true, layer_types: ['full_attention'] },
      'layer_types',
      'must name num_hidden_layers = 2 layers as full_attention or sliding_attention',
    ],
    [
      'qwen2',
      { use_sliding_window: true, layer_types: ['full_attention', 'chunked_attention'] },
      'layer_types',
      'but it is ["full_attention","chunked_attention"]',
    ],
    ['qwen2', { layer_types: ['full_attention', 'sliding_attention'] }, 'layer_types', 'must be off'],
    ['qwen2', { use_mrope: true }, 'use_mrope', 'must be off, but it is true'],
    ['qwen2', { rope_scaling: { type: 'mrope' } }, 'rope_scaling.rope_type', 'but it is "mrope"'],
    ['qwen2', { num_key_value_heads: 3 }, 'num_key_value_heads', 'must be an integer from 1 to 2'],
    ['qwen2', { num_attention_heads: 8 }, 'num_attention_heads', 'must give heads of even width'],
    ['gpt_neox', { sliding_window: 8 }, 'sliding_window', 'must be off'],
  ];

  test.each(faults)('%s with %j', (family, config, field, message) => {
    const attempt = () => read({ family, config });
    expect(attempt).toThrow(expect.objectContaining({ name: 'FormatError', source: 'config.json', field }));
    expect(attempt).toThrow(`openCheckpoint: ${field} in config.json must `);
    expect(attempt).toThrow(message);
  });

  test('malformed JSON, with its place', () => {
    expect(() => readConfig(new TextEncoder().encode('{"model_type": "gpt2",\n n_embd: 8}'))).toThrow(
      expect.objectContaining({
        offset: 24,
        message:
          'openCheckpoint: config.json must be valid JSON, but line 2, column 2 has "n" instead of a key in double quotes.',
      }),
    );
  });
});
