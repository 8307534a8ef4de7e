import { describe, expect, test } from 'vitest';
import { familyOf } from '../../src/transformer/checkpoint/family-table.ts';
import { plannedTensors } from '../../src/transformer/checkpoint/planned-tensors.ts';
import { readConfig } from '../../src/transformer/checkpoint/read-config.ts';
import { expectFrequencies, PLAIN, ROTARY, readTinyConfig as read } from '../support/read-configs.ts';
import { jsonBytes, type TinyOptions } from '../support/tiny-checkpoint.ts';

describe('GPT-NeoX', () => {
  test('sizes and defaults', () => {
    const absent = ['hidden_act', 'rotary_emb_base', 'use_parallel_residual', 'tie_word_embeddings', 'attention_bias'];
    const { config, warnings } = read({
      family: 'gpt_neox',
      D: 16,
      config: { ...Object.fromEntries(absent.map((name) => [name, undefined])), rotary_pct: undefined },
    });
    expect(config).toEqual({
      family: 'gpt_neox',
      classes: null,
      causal: true,
      ...PLAIN,
      normPlacement: 'pre',
      residual: 'parallel',
      V: 31,
      D: 16,
      L: 2,
      H: 2,
      G: 2,
      K: 8,
      F: 64,
      maxPositions: 16,
      norm: { kind: 'layer', eps: 1e-5, offset: 0, bias: true },
      queryKeyNorm: null,
      activation: 'gelu',
      gated: false,
      positions: {
        kind: 'rotary',
        layers: [0, 1].map(() => ({ frequencies: Float64Array.of(1), factor: 1, long: null })),
      },
      attentionScale: [1 / Math.sqrt(8), 1 / Math.sqrt(8)],
      clampQkv: null,
      scoreCap: null,
      attentionWindow: [16, 16],
      tied: false,
      biases: { qkv: true, attentionOut: true, mlp: true, head: false },
      bosId: 30,
      eosIds: [30],
    });
    expect(warnings).toEqual([]);
  });

  test('the part of a head that turns, by the old and the new names, and the sequential variant', () => {
    const of = (config: Record<string, unknown>) => read({ family: 'gpt_neox', D: 32, config });
    const frequencies = (config: Record<string, unknown>) => {
      const { positions } = of({ rotary_pct: undefined, rotary_emb_base: undefined, ...config }).config;
      return positions.kind === 'rotary' ? [...positions.layers[0]!.frequencies] : [];
    };
    expect(frequencies({ rotary_pct: 0.5 })).toEqual([0, 1, 2, 3].map((c) => expect.closeTo(10_000 ** (-c / 4), 12)));
    for (const config of [
      { rotary_pct: 0.5, rotary_emb_base: 81 },
      { rotary_pct: 0.5, rotary_emb_base: 81, partial_rotary_factor: 0.5, rope_theta: 81 },
      { rope_parameters: { rope_type: 'default', partial_rotary_factor: 0.5, rope_theta: 81 } },
    ]) {
      expect(frequencies(config)).toEqual([0, 1, 2, 3].map((c) => expect.closeTo(3 ** -c, 12)));
    }
    expect(frequencies({ rotary_pct: 1 })).toHaveLength(8);
    expect(of({ use_parallel_residual: false }).config.residual).toBe('sequential');
    expect(of({ attention_bias: false }).config.biases).toEqual({
      qkv: false,
      attentionOut: false,
      mlp: true,
      head: false,
    });
    expect(of({ attention_dropout: 0.1, hidden_dropout: 0, classifier_dropout: 0.1 }).warnings).toEqual([]);
    // As gpt-neox-20b spells them.
    expect(of({ attention_probs_dropout_prob: 0, hidden_dropout_prob: 0 }).warnings).toEqual([]);
  });
});

describe('GPT-Neo', () => {
  const neo = (config: Record<string, unknown>) => read({ family: 'gpt_neo', L: 3, config }).config;

  test('sizes and defaults', () => {
    const { config, warnings } = read({
      family: 'gpt_neo',
      L: 3,
      config: { intermediate_size: undefined, activation_function: undefined, tie_word_embeddings: undefined },
    });
    expect(config).toEqual({
      family: 'gpt_neo',
      classes: null,
      causal: true,
      ...PLAIN,
      normPlacement: 'pre',
      residual: 'sequential',
      V: 31,
      D: 8,
      L: 3,
      H: 2,
      G: 2,
      K: 4,
      F: 32,
      maxPositions: 16,
      norm: { kind: 'layer', eps: 1e-5, offset: 0, bias: true },
      queryKeyNorm: null,
      activation: 'gelu_tanh',
      gated: false,
      positions: { kind: 'learned', firstRow: 0 },
      attentionScale: [1, 1, 1],
      clampQkv: null,
      scoreCap: null,
      attentionWindow: [16, 3, 16],
      tied: true,
      biases: { qkv: false, attentionOut: true, mlp: true, head: false },
      bosId: 30,
      eosIds: [30],
    });
    expect(warnings).toEqual([]);
  });

  test('windows', () => {
    expect(neo({ attention_types: [[['local'], 3]], window_size: 5 }).attentionWindow).toEqual([5, 5, 5]);
    expect(neo({ attention_types: [[['local', 'global', 'local'], 1]] }).attentionWindow).toEqual([3, 16, 3]);
    expect(neo({ window_size: undefined, attention_types: [[['local'], 3]] }).attentionWindow).toEqual([16, 16, 16]);
    const layers = ['local', 'local', 'global'];
    expect(neo({ attention_types: undefined, attention_layers: layers }).attentionWindow).toEqual([3, 3, 16]);
    expect(neo({ attention_types: undefined, num_layers: 24 }).attentionWindow.slice(0, 4)).toEqual([16, 3, 16, 3]);
  });
});

describe('Qwen2', () => {
  const qwen2 = (config: Record<string, unknown>, options: TinyOptions = {}) =>
    read({ family: 'qwen2', ...options, config });

  test('32 key/value heads where the file says nothing of them, as in transformers', () => {
    expect(qwen2({ num_key_value_heads: undefined }, { D: 128, H: 64 }).config.G).toBe(32);
    expect(() => qwen2({ num_key_value_heads: undefined })).toThrow('must be an integer from 1 to 2, but it is 32');
  });

  test('sizes and defaults', () => {
    const { config, warnings } = qwen2({
      num_key_value_heads: null,
      max_position_embeddings: undefined,
      rms_norm_eps: undefined,
      hidden_act: undefined,
      tie_word_embeddings: undefined,
      rope_theta: undefined,
      use_sliding_window: undefined,
      use_mrope: false,
    });
    expect(config).toEqual({
      family: 'qwen2',
      classes: null,
      causal: true,
      ...PLAIN,
      normPlacement: 'pre',
      residual: 'sequential',
      V: 31,
      D: 8,
      L: 2,
      H: 2,
      G: 2,
      K: 4,
      F: 12,
      maxPositions: 32768,
      norm: { kind: 'rms', eps: 1e-6, offset: 0, bias: false },
      queryKeyNorm: null,
      activation: 'silu',
      gated: true,
      positions: { kind: 'rotary', layers: [ROTARY, ROTARY] },
      attentionScale: [0.5, 0.5],
      clampQkv: null,
      scoreCap: null,
      attentionWindow: [32768, 32768],
      tied: false,
      biases: { qkv: true, attentionOut: false, mlp: false, head: false },
      bosId: 30,
      eosIds: [30],
    });
    expect(warnings).toEqual([]);
  });

  test('windows', () => {
    const windows = (config: Record<string, unknown>) => qwen2(config, { L: 3, window: 4 }).config.attentionWindow;
    expect(windows({})).toEqual([16, 4, 4]);
    expect(windows({ max_window_layers: 0 })).toEqual([4, 4, 4]);
    expect(windows({ max_window_layers: 3 })).toEqual([16, 16, 16]);
    expect(windows({ max_window_layers: undefined })).toEqual([16, 16, 16]);
    expect(windows({ sliding_window: 99 })).toEqual([16, 16, 16]);
    expect(windows({ use_sliding_window: false, max_window_layers: 0 })).toEqual([16, 16, 16]);
    expect(windows({ layer_types: ['sliding_attention', 'full_attention', 'full_attention'] })).toEqual([4, 16, 16]);
  });

  test('as many weights as transformers counts in Qwen2.5-0.5B, and no warning', () => {
    const file = {
      architectures: ['Qwen2ForCausalLM'],
      attention_dropout: 0,
      bos_token_id: 151643,
      eos_token_id: 151643,
      hidden_act: 'silu',
      hidden_size: 896,
      initializer_range: 0.02,
      intermediate_size: 4864,
      max_position_embeddings: 32768,
      max_window_layers: 24,
      model_type: 'qwen2',
      num_attention_heads: 14,
      num_hidden_layers: 24,
      num_key_value_heads: 2,
      rms_norm_eps: 1e-6,
      rope_theta: 1000000,
      sliding_window: 32768,
      tie_word_embeddings: true,
      torch_dtype: 'bfloat16',
      transformers_version: '4.40.1',
      use_cache: true,
      use_mrope: false,
      use_sliding_window: false,
      vocab_size: 151936,
    };
    const { config, warnings } = readConfig(jsonBytes(file));
    expect(warnings).toEqual([]);
    const sizes = plannedTensors(familyOf(config), config).map(({ shape }) => shape.reduce((a, b) => a * b));
    expect(sizes.reduce((a, b) => a + b)).toBe(494_032_768);
  });

  test('biases are the family’s own: fields of others are told', () => {
    const { config, warnings } = qwen2({ attention_bias: true, mlp_bias: true });
    expect(config.biases).toEqual({ qkv: true, attentionOut: false, mlp: false, head: false });
    expect(warnings).toEqual(
      ['attention_bias', 'mlp_bias'].map((name) => `config.json has a field this package does not know: ${name}.`),
    );
  });
});

describe('Mistral', () => {
  const mistral = (config: Record<string, unknown>, options: TinyOptions = {}) =>
    read({ family: 'mistral', ...options, config });

  test('sizes and defaults', () => {
    const { config, warnings } = mistral(
      {
        num_key_value_heads: undefined,
        max_position_embeddings: undefined,
        rms_norm_eps: undefined,
        hidden_act: undefined,
        tie_word_embeddings: undefined,
        rope_theta: undefined,
        sliding_window: undefined,
      },
      { D: 64, H: 16 },
    );
    expect(config).toEqual({
      family: 'mistral',
      classes: null,
      causal: true,
      ...PLAIN,
      normPlacement: 'pre',
      residual: 'sequential',
      V: 31,
      D: 64,
      L: 2,
      H: 16,
      G: 8,
      K: 4,
      F: 12,
      maxPositions: 131_072,
      norm: { kind: 'rms', eps: 1e-6, offset: 0, bias: false },
      activation: 'silu',
      gated: true,
      positions: { kind: 'rotary', layers: [ROTARY, ROTARY] },
      attentionScale: [0.5, 0.5],
      attentionWindow: [4096, 4096],
      queryKeyNorm: null,
      clampQkv: null,
      scoreCap: null,
      tied: false,
      biases: { qkv: false, attentionOut: false, mlp: false, head: false },
      bosId: 30,
      eosIds: [30],
    });
    const { positions } = config;
    if (positions.kind === 'rotary') expectFrequencies(positions.layers[0]!.frequencies, [1, 0.01]);
    expect(warnings).toEqual([]);
    expect(mistral({ num_key_value_heads: null }, { D: 64, H: 16 }).config.G).toBe(16);
  });

  test('windows: null is none, and nothing is 4096', () => {
    const windows = (config: Record<string, unknown>) => mistral(config, { L: 2 }).config.attentionWindow;
    const long = { max_position_embeddings: 32_768 };
    expect(windows({ ...long, sliding_window: null })).toEqual([32_768, 32_768]);
    expect(windows({ ...long, sliding_window: undefined })).toEqual([4096, 4096]);
    expect(windows({ ...long, sliding_window: 5 })).toEqual([5, 5]);
    expect(windows({ sliding_window: 5 })).toEqual([5, 5]);
    expect(windows({ sliding_window: undefined })).toEqual([16, 16]);
    expect(windows({ sliding_window: 17 })).toEqual([16, 16]);
  });

  test('kinds of layers count for nothing, and that is told', () => {
    const types = ['full_attention', 'sliding_attention'];
    const { config, warnings } = mistral({ sliding_window: 5, layer_types: types });
    expect(config).toEqual(mistral({ sliding_window: 5 }).config);
    expect(warnings).toEqual([
      'layer_types in config.json is ignored, as in transformers: all layers of a Mistral model see the same positions.',
    ]);
    expect(mistral({ layer_types: null }).warnings).toEqual([]);
  });

  test('as many weights as transformers counts in Mistral-7B-v0.1 and Mistral-Nemo, and no warning', () => {
    const file = {
      architectures: ['MistralForCausalLM'],
      attention_dropout: 0,
      bos_token_id: 1,
      eos_token_id: 2,
      hidden_act: 'silu',
      hidden_size: 4096,
      initializer_range: 0.02,
      intermediate_size: 14336,
      max_position_embeddings: 32768,
      model_type: 'mistral',
      num_attention_heads: 32,
      num_hidden_layers: 32,
      num_key_value_heads: 8,
      rms_norm_eps: 1e-5,
      rope_theta: 10000,
      sliding_window: 4096,
      tie_word_embeddings: false,
      torch_dtype: 'bfloat16',
      transformers_version: '4.34.0',
      use_cache: true,
      vocab_size: 32000,
    };
    const nemo = {
      ...file,
      head_dim: 128,
      hidden_size: 5120,
      max_position_embeddings: 131_072,
      num_hidden_layers: 40,
      rope_theta: 1_000_000,
      sliding_window: null,
      vocab_size: 131_072,
    };
    for (const [fields, count] of [
      [file, 7_241_732_096],
      [nemo, 12_247_782_400],
    ] as const) {
      const { config, warnings } = readConfig(jsonBytes(fields));
      expect(warnings).toEqual([]);
      const sizes = plannedTensors(familyOf(config), config).map(({ shape }) => shape.reduce((a, b) => a * b));
      expect(sizes.reduce((a, b) => a + b)).toBe(count);
    }
  });

  test('biases it does not have: fields of others are told', () => {
    const { config, warnings } = mistral({ attention_bias: true, mlp_bias: true });
    expect(config.biases).toEqual({ qkv: false, attentionOut: false, mlp: false, head: false });
    expect(warnings).toEqual(
      ['attention_bias', 'mlp_bias'].map((name) => `config.json has a field this package does not know: ${name}.`),
    );
  });
});
