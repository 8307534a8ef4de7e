import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MechanicsError } from '../../src/core/errors.ts';
import { familyOf } from '../../src/transformer/checkpoint/family-table.ts';
import { plannedTensors } from '../../src/transformer/checkpoint/planned-tensors.ts';
import { readConfig } from '../../src/transformer/checkpoint/read-config.ts';
import { expectClose } from '../support/numbers.ts';
import {
  FAMILIES,
  type Family,
  jsonBytes,
  LANGUAGE_MODELS,
  type TinyOptions,
  tinyConfig,
} from '../support/tiny-checkpoint.ts';

/** What these families do without. */
const PLAIN = {
  sharedNorm: false,
  firstNorm: true,
  finalNorm: true,
  embeddingNorm: false,
  embeddingWidth: null,
  embeddingScale: 1,
  residualScale: 1,
  logitScale: 1,
  logitCap: null,
  tokenTypes: 0,
  normWeights: true,
  clampQkv: null,
};

const read = (options: TinyOptions = {}) => readConfig(jsonBytes(tinyConfig(options)));
const NAMES = [...FAMILIES].sort().join(', ');
const gpt2 = (config: Record<string, unknown>) => read({ family: 'gpt2', config });
/** Frequencies are an exponential of a logarithm: a few units in the last place. */
function expectFrequencies(actual: Float64Array, expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  for (const [c, frequency] of expected.entries()) expectClose(actual[c]! / frequency, 1, 1e-15, `ω_${c}`);
}

/** A table of rotary angles without a factor. */
const ROTARY = { frequencies: expect.any(Float64Array), factor: 1, long: null };

const llama = (config: Record<string, unknown>) => read({ family: 'llama', config });

describe('GPT-2', () => {
  test('sizes and defaults', () => {
    const { config, warnings } = gpt2({
      n_inner: undefined,
      activation_function: undefined,
      tie_word_embeddings: undefined,
      layer_norm_epsilon: undefined,
    });
    expect(config).toEqual({
      family: 'gpt2',
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
      F: 32,
      maxPositions: 16,
      norm: { kind: 'layer', eps: 1e-5, offset: 0, bias: true },
      queryKeyNorm: null,
      activation: 'gelu_tanh',
      gated: false,
      positions: { kind: 'learned', firstRow: 0 },
      attentionScale: [0.5, 0.5],
      clampQkv: null,
      scoreCap: null,
      attentionWindow: [16, 16],
      tied: true,
      biases: { qkv: true, attentionOut: true, mlp: true, head: false },
      bosId: 30,
      eosIds: [30],
    });
    expect(warnings).toEqual([]);
  });

  test('attention scales', () => {
    expect(gpt2({ scale_attn_weights: false }).config.attentionScale).toEqual([1, 1]);
    expect(gpt2({ scale_attn_by_inverse_layer_idx: true }).config.attentionScale).toEqual([0.5, 0.25]);
    expect(
      gpt2({ scale_attn_weights: false, scale_attn_by_inverse_layer_idx: true, n_layer: 3 }).config.attentionScale,
    ).toEqual([1, 1 / 2, 1 / 3]);
  });

  test('n_inner, n_ctx as the older name, reorder_and_upcast_attn', () => {
    expect(gpt2({ n_inner: 20 }).config.F).toBe(20);
    expect(gpt2({ n_positions: undefined, n_ctx: 9 }).config.maxPositions).toBe(9);
    expect(gpt2({ reorder_and_upcast_attn: true }).warnings).toEqual([]);
  });
});

describe('Llama', () => {
  test('sizes and defaults', () => {
    const { config, warnings } = llama({
      num_key_value_heads: undefined,
      rms_norm_eps: undefined,
      hidden_act: undefined,
      tie_word_embeddings: undefined,
      attention_bias: undefined,
      mlp_bias: undefined,
      rope_theta: undefined,
    });
    expect(config).toEqual({
      family: 'llama',
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
      maxPositions: 16,
      norm: { kind: 'rms', eps: 1e-6, offset: 0, bias: false },
      queryKeyNorm: null,
      activation: 'silu',
      gated: true,
      positions: { kind: 'rotary', layers: [ROTARY, ROTARY] },
      attentionScale: [0.5, 0.5],
      clampQkv: null,
      scoreCap: null,
      attentionWindow: [16, 16],
      tied: false,
      biases: { qkv: false, attentionOut: false, mlp: false, head: false },
      bosId: 30,
      eosIds: [30],
    });
    expect(warnings).toEqual([]);
  });

  test('grouped heads, own head width, biases', () => {
    const { config } = read({ family: 'llama', D: 6, H: 4, G: 2, K: 10, attentionBias: true, mlpBias: true });
    expect(config).toMatchObject({
      H: 4,
      G: 2,
      K: 10,
      biases: { qkv: true, attentionOut: true, mlp: true, head: false },
    });
    expect(config.attentionScale[0]).toBe(1 / Math.sqrt(10));
  });

  test('fields that are set but off change nothing', () => {
    const off = {
      sliding_window: 4,
      use_sliding_window: false,
      pretraining_tp: 1,
      rope_scaling: null,
      partial_rotary_factor: 1,
      attention_dropout: 0.1,
      is_llama_config: true,
      rope_interleaved: false,
      layer_types: ['full_attention', 'full_attention'],
      quantization_config: null,
      attn_logit_softcapping: null,
    };
    expect(llama(off)).toEqual(llama({}));
  });

  const frequencies = (config: Record<string, unknown>, K = 64): Float64Array => {
    const { positions } = read({ family: 'llama', D: K, H: 1, config }).config;
    if (positions.kind !== 'rotary') throw new Error('unreachable');
    return positions.layers[0]!.frequencies;
  };

  test('rope_theta: ω_c = θ^(−2c/K)', () => {
    // θ = 16, K = 8: 16^(−c/4) = 2^(−c).
    const expected = [1, 1 / 2, 1 / 4, 1 / 8];
    expectFrequencies(frequencies({ rope_theta: 16 }, 8), expected);
    const nested = { rope_theta: undefined, rope_parameters: { rope_theta: 16, rope_type: 'default' } };
    expectFrequencies(frequencies(nested, 8), expected);
    expectFrequencies(frequencies({ rope_theta: undefined }, 4), [1, 0.01]);
  });

  test('linear scaling divides, under either name of the type', () => {
    const expected = [1 / 4, 1 / 8, 1 / 16, 1 / 32];
    expectFrequencies(frequencies({ rope_theta: 16, rope_scaling: { type: 'linear', factor: 4 } }, 8), expected);
    const nested = { rope_theta: 16, rope_parameters: { rope_type: 'linear', factor: 4, rope_theta: 16 } };
    expectFrequencies(frequencies(nested, 8), expected);
  });

  test('llama3 scaling: values of the three-case formula for Llama 3.2 1B, computed with numpy', () => {
    const scaling = {
      rope_type: 'llama3',
      factor: 32,
      low_freq_factor: 1,
      high_freq_factor: 4,
      original_max_position_embeddings: 8192,
    };
    const found = frequencies({ rope_theta: 500000, rope_scaling: scaling });
    const expected: [number, number][] = [
      [0, 1],
      [5, 0.12868737343265052],
      [14, 0.0032114459947525913],
      [15, 0.001290547928209264],
      [16, 0.00042955679655936815],
      [17, 9.70828780262767e-5],
      [18, 1.9461638184831125e-5],
      [31, 9.418306725434911e-8],
    ];
    for (const [c, value] of expected) expect(Math.abs((found[c] ?? Number.NaN) / value - 1)).toBeLessThan(1e-13);
  });

  test('an unknown field of the scaling is a warning', () => {
    expect(llama({ rope_scaling: { rope_type: 'linear', factor: 2, temper: 1 } }).warnings).toEqual([
      'config.json has a field this package does not know: rope_scaling.temper.',
    ]);
  });
});

describe('both families', () => {
  test.each([
    ['gelu_new', 'gelu_tanh'],
    ['gelu_pytorch_tanh', 'gelu_tanh'],
    ['gelu', 'gelu'],
    ['relu', 'relu'],
    ['silu', 'silu'],
    ['swish', 'silu'],
  ])('activation %s is %s', (activation, name) => {
    expect(read({ family: 'gpt2', activation }).config.activation).toBe(name);
    expect(read({ family: 'llama', activation }).config.activation).toBe(name);
  });

  test('dtype and torch_dtype are known, eos may be several', () => {
    const { config, warnings } = llama({
      dtype: 'bfloat16',
      torch_dtype: undefined,
      eos_token_id: [3, 5],
      bos_token_id: null,
    });
    expect(config).toMatchObject({ bosId: null, eosIds: [3, 5] });
    expect(warnings).toEqual([]);
  });

  test('ids outside the vocabulary are dropped aloud', () => {
    const { config, warnings } = gpt2({ bos_token_id: 50256, eos_token_id: [2, 31] });
    expect(config).toMatchObject({ bosId: null, eosIds: [2] });
    expect(warnings).toEqual([
      'bos_token_id 50256 lies outside the vocabulary of 31 and is ignored.',
      'eos_token_id 31 lies outside the vocabulary of 31 and is ignored.',
    ]);
  });

  test('unknown fields and other architectures are shown', () => {
    const { warnings } = gpt2({ brand_new_trick: 3, architectures: ['GPT2ForSequenceClassification'] });
    expect(warnings).toEqual([
      'architectures in config.json is ["GPT2ForSequenceClassification"]; the model is read as GPT2LMHeadModel.',
      'config.json has a field this package does not know: brand_new_trick.',
    ]);
  });
});

describe('rotary scaling under both of its names', () => {
  const scaling = {
    factor: 8,
    low_freq_factor: 1,
    high_freq_factor: 4,
    original_max_position_embeddings: 16,
  };
  const older = { ...scaling, rope_type: 'llama3' };
  const expected = llama({ rope_theta: 5e5, rope_scaling: older }).config.positions;

  test.each([
    ['the base only in the newer', { rope_theta: 5e5, rope_parameters: { rope_theta: 5e5, ...older } }, older],
    [
      'the base in both',
      { rope_theta: undefined, rope_parameters: { rope_theta: 5e5, ...older } },
      { rope_theta: 5e5, ...older },
    ],
    ['type and rope_type', { rope_theta: 5e5, rope_parameters: { ...scaling, type: 'llama3' } }, older],
    [
      'another order, and null',
      { rope_theta: 5e5, rope_parameters: older },
      { type: 'llama3', attention_factor: null, ...scaling },
    ],
  ])('%s', (_, config, rope_scaling) => {
    const { config: read, warnings } = llama({ ...config, rope_scaling });
    expect(read.positions).toEqual(expected);
    expect(warnings).toEqual([]);
  });

  test('the default base need not be written', () => {
    const config = { rope_theta: undefined, rope_scaling: { type: 'default' }, rope_parameters: { rope_theta: 10000 } };
    expect(llama(config).config.positions).toEqual(llama({ rope_theta: 10000 }).config.positions);
  });
});

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

  test('sizes and defaults', () => {
    const { config, warnings } = qwen2({
      num_key_value_heads: undefined,
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

test('any values in any fields give a configuration or an error of this package', () => {
  const names = [
    ...Object.keys({
      ...tinyConfig({ family: 'gpt2' }),
      ...tinyConfig({ family: 'gpt_neo' }),
      ...tinyConfig({ family: 'gpt_neox' }),
      ...tinyConfig({ family: 'llama' }),
    }),
    'attention_layers',
    'n_ctx',
    'rope_scaling',
    'rope_parameters',
    'sliding_window',
    'layer_types',
    '__proto__',
  ];
  const rope = fc.dictionary(
    fc.constantFrom(
      'type',
      'rope_type',
      'factor',
      'rope_theta',
      'low_freq_factor',
      'high_freq_factor',
      'original_max_position_embeddings',
    ),
    fc.oneof(fc.constantFrom('linear', 'llama3', 'default'), fc.jsonValue(), fc.double()),
  );
  const value = fc.oneof(fc.jsonValue(), fc.integer(), fc.nat(9), fc.boolean(), rope);
  let read = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...LANGUAGE_MODELS),
      fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 2 }),
      (family, config) => {
        try {
          const { config: found } = readConfig(jsonBytes(tinyConfig({ family, config })));
          expect(found.attentionScale).toHaveLength(found.L);
          expect(found.attentionWindow).toHaveLength(found.L);
          if (found.positions.kind === 'rotary') {
            expect(found.positions.layers).toHaveLength(found.L);
            for (const table of found.positions.layers)
              expect((table?.frequencies ?? Float64Array.of(1)).every(Number.isFinite)).toBe(true);
          }
          read++;
        } catch (error) {
          expect(error).toBeInstanceOf(MechanicsError);
        }
      },
    ),
    { numRuns: 2000 },
  );
  expect(read).toBeGreaterThan(200);
  const deep = new TextEncoder().encode(`{"model_type": ${'['.repeat(200_000)}${']'.repeat(200_000)}}`);
  expect(() => readConfig(deep)).toThrow(MechanicsError);
});
