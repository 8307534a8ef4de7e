import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MechanicsError } from '../../src/core/errors.ts';
import { readConfig } from '../../src/transformer/checkpoint/read-config.ts';
import { expectFrequencies, PLAIN, ROTARY, readTinyConfig as read } from '../support/read-configs.ts';
import { jsonBytes, LANGUAGE_MODELS, tinyConfig } from '../support/tiny-checkpoint.ts';

const gpt2 = (config: Record<string, unknown>) => read({ family: 'gpt2', config });
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
