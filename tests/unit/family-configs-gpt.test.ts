/** What families with names of fields of their own, as GPT-2 has them, read from config.json: class defaults of transformers, honoured fields, and what they refuse. */
import { describe, expect, it } from 'vitest';
import { readFields as read, SIZES, turned } from '../support/read-configs.ts';

describe.each(['gptj', 'codegen'])('%s', (model_type) => {
  const fields = { model_type, vocab_size: 31, n_embd: 16, n_layer: 2, n_head: 2, rotary_dim: 4 };
  const gptj = (more: Record<string, unknown> = {}) => read({ ...fields, ...more });

  it('has the defaults of its class', () => {
    const { config, warnings } = gptj();
    expect(config).toMatchObject({
      ...{ residual: 'parallel', sharedNorm: true, D: 16, G: 2, K: 8, F: 64, maxPositions: 2048 },
      norm: { kind: 'layer', eps: 1e-5, bias: true },
      activation: 'gelu_tanh',
      tied: false,
      biases: { qkv: false, attentionOut: false, mlp: true, head: true },
    });
    expect(warnings).toEqual([]);
    expect(turned(config)).toBe(4);
    const published = { n_ctx: 9, rotary: true, scale_attn_weights: true, n_inner: null };
    expect(gptj(published)).toEqual(gptj());
  });

  it('refuses rotations that do not fit a head, and other rotations', () => {
    for (const rotary_dim of [3, 10, undefined])
      expect(() => gptj({ rotary_dim })).toThrow("rotary_dim in config.json must be an even number of a head's 8");
    expect(() => gptj({ rotary_dim: null })).toThrow('rotary_dim in config.json must be a number, but it is null.');
    for (const name of ['rope_theta', 'rope_scaling', 'sliding_window'])
      expect(() => gptj({ [name]: 5 })).toThrow(`${name} in config.json must be off`);
    expect(() => gptj({ scale_attn_weights: false })).toThrow('scale_attn_weights in config.json must be off');
  });
});

describe('opt', () => {
  const { intermediate_size: ffn_dim, ...sizes } = SIZES;
  const opt = (more: Record<string, unknown> = {}) => read({ model_type: 'opt', ...sizes, ffn_dim, ...more });

  it('has the defaults of its class', () => {
    const { config, warnings } = opt();
    expect(config).toMatchObject({
      ...{ normPlacement: 'pre', residual: 'sequential', finalNorm: true, embeddingWidth: null, F: 12 },
      maxPositions: 2048,
      norm: { kind: 'layer', eps: 1e-5, bias: true },
      positions: { kind: 'learned', firstRow: 2 },
      activation: 'relu',
      tied: true,
      biases: { qkv: true, attentionOut: true, mlp: true, head: false },
    });
    expect(warnings).toEqual([]);
  });

  it('reads what 350m, Galactica and files from before 4.20 have', () => {
    expect(opt({ do_layer_norm_before: false, word_embed_proj_dim: 6 }).config).toMatchObject({
      normPlacement: 'post',
      finalNorm: false,
      embeddingWidth: 6,
    });
    expect(opt({ enable_bias: false }).config.biases).toEqual({
      qkv: false,
      attentionOut: false,
      mlp: false,
      head: false,
    });
    expect(opt({ layer_norm_elementwise_affine: false }).config).toMatchObject({
      normWeights: false,
      norm: { bias: false },
    });
    expect(opt({ _remove_final_layer_norm: true }).config.finalNorm).toBe(false);
    expect(opt({ init_std: 0.1, layerdrop: 0.1, activation_dropout: 0.1, prefix: '</s>' })).toEqual(opt());
  });
});

describe('bloom', () => {
  const bloom = (more: Record<string, unknown> = {}) =>
    read({ model_type: 'bloom', vocab_size: 31, hidden_size: 8, n_layer: 2, n_head: 2, ...more });

  it('has the defaults of its class', () => {
    const { config, warnings } = bloom();
    expect(config).toMatchObject({
      ...{ embeddingNorm: true, residual: 'sequential', F: 32, G: 2, K: 4, maxPositions: 2048 },
      norm: { kind: 'layer', eps: 1e-5, bias: true },
      positions: { kind: 'alibi', slopes: [1 / 16, 1 / 256] },
      activation: 'gelu_bloom',
      tied: true,
      biases: { qkv: true, attentionOut: true, mlp: true, head: false },
    });
    expect(warnings).toEqual([]);
  });

  it('reads the names and the fields that the published files have', () => {
    const published = {
      hidden_size: undefined,
      n_head: undefined,
      n_embed: 8,
      num_attention_heads: 2,
      n_inner: null,
      seq_length: 2048,
      pretraining_tp: 4,
      slow_but_exact: false,
      attention_softmax_in_fp32: true,
      bias_dropout_fusion: true,
      masked_softmax_fusion: true,
      offset_alibi: 100,
      skip_bias_add: true,
      skip_bias_add_qkv: false,
      unk_token_id: 0,
    };
    expect(bloom(published)).toEqual(bloom());
    expect(() => bloom({ n_embed: 16 })).toThrow(
      'n_embed in config.json must agree with hidden_size = 8, but it is 16',
    );
    expect(() => bloom({ apply_residual_connection_post_layernorm: true })).toThrow('must be off, but it is true');
    expect(() => bloom({ slow_but_exact: true, pretraining_tp: 2 })).toThrow('slow_but_exact in config.json must be');
    expect(bloom({ slow_but_exact: true }).warnings).toEqual([]);
    expect(() => bloom({ n_inner: 12 })).toThrow('n_inner in config.json must be off, but it is 12');
  });
});

describe('falcon', () => {
  const fields = { vocab_size: 31, hidden_size: 16, num_hidden_layers: 2, num_attention_heads: 4 };
  const falcon = (more: Record<string, unknown> = {}) => read({ model_type: 'falcon', ...fields, ...more });

  it('has the defaults of its class, those of 7B', () => {
    const { config, warnings } = falcon({ num_kv_heads: 4 });
    expect(config).toMatchObject({
      ...{ residual: 'parallel', sharedNorm: true, H: 4, G: 1, K: 4, F: 64, maxPositions: 2048 },
      norm: { kind: 'layer', eps: 1e-5, bias: true },
      positions: { kind: 'rotary' },
      activation: 'gelu',
      tied: true,
      biases: { qkv: false, attentionOut: false, mlp: false, head: false },
    });
    expect(warnings).toEqual([]);
  });

  it('has groups and two norms as 40B, or one as 11B, in the names of either time', () => {
    const groups = { num_kv_heads: 2, new_decoder_architecture: true };
    expect(falcon(groups).config).toMatchObject({ G: 2, residual: 'parallel', sharedNorm: false });
    expect(falcon({ ...groups, num_ln_in_parallel_attn: 1, ff_factor: 4 }).config).toMatchObject({ sharedNorm: true });
    const older = {
      model_type: 'RefinedWeb',
      architectures: ['RWForCausalLM'],
      num_hidden_layers: undefined,
      num_attention_heads: undefined,
      n_layer: 2,
      n_head: 4,
      n_head_kv: 2,
    };
    expect(falcon(older)).toEqual(falcon(groups));
    const { n_head_kv: _, ...one } = older;
    expect(falcon({ ...one, model_type: 'RefinedWebModel' })).toEqual(falcon());
  });

  it('has slopes and one sublayer after the other as the models of RefinedWeb', () => {
    const rw = { alibi: true, multi_query: false, parallel_attn: false, bias: true };
    const { config, warnings } = falcon({ ...rw, rope_theta: 10000 });
    expect(config).toMatchObject({
      ...{ residual: 'sequential', sharedNorm: false, G: 4 },
      positions: { kind: 'alibi', slopes: [1 / 8, 1 / 32, 1 / 128, 1 / 512] },
      biases: { qkv: true, attentionOut: true, mlp: true },
    });
    expect(warnings).toEqual([]);
  });

  it.each([
    [
      { new_decoder_architecture: true, parallel_attn: false },
      'parallel_attn',
      'be true with new_decoder_architecture',
    ],
    [{ num_ln_in_parallel_attn: 2 }, 'num_ln_in_parallel_attn', 'be 1 without new_decoder_architecture'],
    [{ num_ln_in_parallel_attn: 3 }, 'num_ln_in_parallel_attn', 'be an integer from 1 to 2'],
    [{ new_decoder_architecture: true, num_kv_heads: 3 }, 'num_kv_heads', 'divide num_attention_heads = 4'],
    [{ multi_query: false, num_kv_heads: 2 }, 'num_kv_heads', 'be num_attention_heads = 4 without groups'],
    [{ alibi: true, rope_scaling: { rope_type: 'linear', factor: 2 } }, 'rope_scaling', 'be off'],
    [{ apply_residual_connection_post_layernorm: true }, 'apply_residual_connection_post_layernorm', 'be off'],
    [{ hidden_size: 12 }, 'num_attention_heads', 'give heads of even width'],
    [{ n_head: 2 }, 'n_head', 'agree with num_attention_heads = 4'],
  ])('refuses %j', (more, field, must) => {
    expect(() => falcon(more)).toThrow(`openCheckpoint: ${field} in config.json must ${must}`);
  });
});

describe('mpt', () => {
  const mpt = (more: Record<string, unknown> = {}) =>
    read({ model_type: 'mpt', vocab_size: 31, d_model: 24, n_layers: 2, n_heads: 3, ...more });
  const attention = (more: Record<string, unknown>) => mpt({ attn_config: more });

  it('has the defaults of its class', () => {
    const { config, warnings } = mpt();
    expect(config).toMatchObject({
      ...{ residual: 'sequential', G: 3, K: 8, F: 96, maxPositions: 2048 },
      norm: { kind: 'layer', eps: 1e-5, bias: false },
      // Of four heads: 1/4, 1/16, 1/64, 1/256.
      positions: { kind: 'alibi', slopes: [1 / 16, 1 / 256, 1 / 4] },
      attentionScale: [1 / Math.sqrt(8), 1 / Math.sqrt(8)],
      activation: 'gelu',
      tied: true,
      biases: { qkv: false, attentionOut: false, mlp: false, head: false },
    });
    expect(warnings).toEqual([]);
    expect([config.clampQkv, attention({ clip_qkv: 6 }).config.clampQkv]).toEqual([null, 6]);
    expect(attention({ clip_qkv: 0 }).config.clampQkv).toBe(null);
    expect(attention({ softmax_scale: 0.75 }).config.attentionScale).toEqual([0.75, 0.75]);
  });

  it('passes over what the published files say besides', () => {
    const published = {
      architectures: ['MPTForCausalLM'],
      attn_config: {
        ...{ alibi: true, alibi_bias_max: 8, attn_impl: 'torch', attn_pdrop: 0, attn_type: 'multihead_attention' },
        ...{ attn_uses_sequence_id: false, clip_qkv: null, prefix_lm: false, qk_ln: false, softmax_scale: null },
      },
      emb_pdrop: 0,
      embedding_fraction: 1,
      expansion_ratio: 4,
      init_config: { name: 'kaiming_normal_' },
      init_device: 'cpu',
      learned_pos_emb: true,
      logit_scale: null,
      loss_fn: 'fused_crossentropy',
      no_bias: true,
      norm_type: 'low_precision_layernorm',
      resid_pdrop: 0,
      tokenizer_name: 'EleutherAI/gpt-neox-20b',
      use_pad_tok_in_ffn: true,
      verbose: 0,
    };
    expect(mpt(published)).toEqual(mpt());
    expect(attention({ brand_new: 1 }).warnings).toEqual([
      'config.json has a field this package does not know: attn_config.brand_new.',
    ]);
  });

  it('cuts queries, keys and values where a number says so', () => {
    expect(attention({ clip_qkv: 6 }).config.clampQkv).toBe(6);
    for (const none of [null, false, 0]) expect(attention({ clip_qkv: none }).config.clampQkv).toBeNull();
    expect(() => attention({ clip_qkv: -1 })).toThrow(
      'attn_config.clip_qkv in config.json must be a number above zero',
    );
  });

  it.each([
    ['alibi', false],
    ['alibi_bias_max', 16],
    ['attn_type', 'multiquery_attention'],
    ['prefix_lm', true],
    ['qk_ln', true],
  ])('refuses attn_config.%s = %j', (name, value) => {
    expect(() => attention({ [name]: value })).toThrow(
      `openCheckpoint: attn_config.${name} in config.json must be off`,
    );
  });

  it.each([
    ['expansion_ratio', 2],
    ['no_bias', false],
    ['logit_scale', 0.5],
    ['norm_type', 'rmsnorm'],
  ])('refuses %s = %j', (name, value) => {
    expect(() => mpt({ [name]: value })).toThrow(`openCheckpoint: ${name} in config.json must be off`);
  });
});
