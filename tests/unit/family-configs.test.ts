/** What families with Llama's names of fields read from config.json: class defaults of transformers, honoured fields, and what they refuse. */
import { describe, expect, it } from 'vitest';
import { readFields as read, SIZES, turned } from '../support/read-configs.ts';

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
    expect(() => gemma({ hidden_act: 'silu' })).toThrow('hidden_act in config.json must be');
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
    const share = (more: Record<string, unknown>) => turned(phi3({ hidden_size: 16, ...more }).config);
    expect(share({})).toBe(8);
    expect(share({ partial_rotary_factor: 0.75 })).toBe(6);
    expect(share({ rope_parameters: { rope_type: 'default', partial_rotary_factor: 0.25 } })).toBe(2);
  });
});

describe('phi', () => {
  const phi = (more: Record<string, unknown> = {}) => read({ model_type: 'phi', ...SIZES, ...more });

  it('has the defaults of its class', () => {
    const { config, warnings } = phi();
    expect(config).toMatchObject({
      ...{ residual: 'parallel', sharedNorm: true, finalNorm: true, G: 2, K: 4, F: 12, maxPositions: 2048 },
      norm: { kind: 'layer', eps: 1e-5, bias: true },
      queryKeyNorm: null,
      activation: 'gelu_tanh',
      gated: false,
      tied: false,
      biases: { qkv: true, attentionOut: true, mlp: true, head: true },
    });
    expect(warnings).toEqual([]);
    expect(phi({ qk_layernorm: true }).config.queryKeyNorm).toEqual({ per: 'head', bias: true });
  });

  it('turns half of a head where the file does not say', () => {
    expect(turned(phi().config)).toBe(2);
    expect(turned(phi({ hidden_size: 20, partial_rotary_factor: 0.4 }).config)).toBe(4);
    expect(turned(phi({ rope_parameters: { rope_type: 'default', partial_rotary_factor: 1 } }).config)).toBe(4);
  });
});

describe('granite', () => {
  const granite = (more: Record<string, unknown> = {}) => read({ model_type: 'granite', ...SIZES, ...more });

  it('has the defaults of its class: scores without 1/√K', () => {
    const { config, warnings } = granite();
    expect(config).toMatchObject({
      ...{ embeddingScale: 1, residualScale: 1, logitScale: 1, attentionScale: [1, 1], maxPositions: 2048 },
      norm: { kind: 'rms', eps: 1e-6 },
      gated: true,
      tied: false,
      biases: { qkv: false, attentionOut: false, mlp: false, head: false },
    });
    expect(warnings).toEqual([]);
  });

  it('has four factors', () => {
    const more = {
      attention_multiplier: 0.25,
      embedding_multiplier: 12,
      residual_multiplier: 0.5,
      logits_scaling: 8,
      attention_bias: true,
      mlp_bias: true,
    };
    expect(granite(more).config).toMatchObject({
      ...{ attentionScale: [0.25, 0.25], embeddingScale: 12, residualScale: 0.5, logitScale: 0.125 },
      biases: { qkv: true, attentionOut: true, mlp: true },
    });
    expect(() => granite({ logits_scaling: 0 })).toThrow('logits_scaling in config.json must be a number above zero');
  });
});

describe('cohere', () => {
  const cohere = (more: Record<string, unknown> = {}) => read({ model_type: 'cohere', ...SIZES, ...more });

  it('has the defaults of its class', () => {
    const { config, warnings } = cohere();
    expect(config).toMatchObject({
      ...{ residual: 'parallel', sharedNorm: true, logitScale: 0.0625, maxPositions: 8192, G: 2, F: 12 },
      norm: { kind: 'layer', eps: 1e-5, bias: false },
      queryKeyNorm: null,
      activation: 'silu',
      gated: true,
      tied: true,
      biases: { qkv: false, attentionOut: false, mlp: false, head: false },
    });
    expect(warnings).toEqual([]);
    const { positions } = cohere({ hidden_size: 8, num_attention_heads: 2 }).config;
    // θ = 500,000.
    expect(positions.kind === 'rotary' && positions.layers[0]!.frequencies[1]).toBeCloseTo(1 / Math.sqrt(500_000), 15);
    expect(cohere({ use_qk_norm: true }).config.queryKeyNorm).toEqual({ per: 'heads', bias: false });
    expect(cohere({ model_max_length: 7 })).toEqual(cohere());
  });
});

describe('stablelm', () => {
  const fields = { model_type: 'stablelm', ...SIZES, hidden_size: 32, num_key_value_heads: 2 };
  const stablelm = (more: Record<string, unknown> = {}) => read({ ...fields, ...more });

  it('has the defaults of its class', () => {
    const { config, warnings } = stablelm();
    expect(config).toMatchObject({
      ...{ residual: 'sequential', sharedNorm: false, G: 2, K: 16, maxPositions: 4096 },
      norm: { kind: 'layer', eps: 1e-5, bias: true },
      queryKeyNorm: null,
      activation: 'silu',
      gated: true,
      tied: false,
      biases: { qkv: false, attentionOut: false, mlp: false, head: false },
    });
    expect(warnings).toEqual([]);
    expect(turned(config)).toBe(4);
    expect(() => stablelm({ num_key_value_heads: undefined })).toThrow(
      'num_key_value_heads in config.json must be an integer from 1 to 2, but it is 32.',
    );
  });

  it('reads the model of 12 billion, and the names of the first files', () => {
    expect(stablelm({ use_parallel_residual: true, qk_layernorm: true, use_qkv_bias: true }).config).toMatchObject({
      ...{ residual: 'parallel', sharedNorm: true, queryKeyNorm: { per: 'heads', bias: false } },
      biases: { qkv: true, attentionOut: false },
    });
    const older = { model_type: 'stablelm_epoch', rope_pct: 0.5, norm_eps: 1e-3, rotary_scaling_factor: 1 };
    expect(stablelm(older)).toEqual(stablelm({ partial_rotary_factor: 0.5, layer_norm_eps: 1e-3 }));
    expect(() => stablelm({ norm_eps: 1e-3, layer_norm_eps: 1e-5 })).toThrow(
      'norm_eps in config.json must agree with layer_norm_eps = 0.00001, but it is 0.001.',
    );
    expect(() => stablelm({ rope_pct: 0.5, partial_rotary_factor: 0.25 })).toThrow(
      'rope_pct in config.json must agree',
    );
    expect(() => stablelm({ head_dim: 8 })).toThrow('head_dim in config.json must be hidden_size/num_attention_heads');
  });
});
