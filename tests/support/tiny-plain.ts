/** Tiny families with an MLP of two matrices. */
import {
  affine,
  layered,
  projections,
  rotaryShare,
  type Shapes,
  shortSizes,
  type TinyFamily,
  usualSizes,
} from './tiny-shapes.ts';

export const starcoder2: TinyFamily = {
  grouped: true,
  config: (options, sizes) => ({
    architectures: ['Starcoder2ForCausalLM'],
    model_type: 'starcoder2',
    ...usualSizes(sizes, options),
    norm_epsilon: 1e-5,
    rope_theta: 10000,
    hidden_act: options.activation ?? 'gelu_pytorch_tanh',
    sliding_window: options.window,
    use_bias: options.attentionBias ?? true,
    tie_word_embeddings: options.tied ?? true,
  }),
  shapes: ({ attentionBias: bias = true, tied = true }, sizes) => [
    ...affine('model.embed_tokens', [sizes.V, sizes.D], false),
    ...layered(sizes.L, (i) => [
      ...affine(`model.layers.${i}.input_layernorm`, [sizes.D]),
      ...projections(`model.layers.${i}.self_attn`, sizes, { qkv: bias, out: bias }),
      ...affine(`model.layers.${i}.post_attention_layernorm`, [sizes.D]),
      ...affine(`model.layers.${i}.mlp.c_fc`, [sizes.F, sizes.D], bias),
      ...affine(`model.layers.${i}.mlp.c_proj`, [sizes.D, sizes.F], bias),
    ]),
    ...affine('model.norm', [sizes.D]),
    ...(tied ? [] : affine('lm_head', [sizes.V, sizes.D], false)),
  ],
};

export const phi: TinyFamily = {
  grouped: false,
  config: (options, sizes) => ({
    architectures: ['PhiForCausalLM'],
    model_type: 'phi',
    ...usualSizes(sizes, options),
    layer_norm_eps: 1e-5,
    rope_theta: 10000,
    partial_rotary_factor: rotaryShare(options, sizes),
    hidden_act: options.activation ?? 'gelu_new',
    tie_word_embeddings: options.tied ?? false,
  }),
  shapes: ({ tied = false }, sizes) => [
    ...affine('model.embed_tokens', [sizes.V, sizes.D], false),
    ...layered(sizes.L, (i) => [
      ...affine(`model.layers.${i}.input_layernorm`, [sizes.D]),
      ...projections(`model.layers.${i}.self_attn`, sizes, {
        qkv: true,
        out: true,
        parts: ['q_proj', 'k_proj', 'v_proj', 'dense'],
      }),
      ...affine(`model.layers.${i}.mlp.fc1`, [sizes.F, sizes.D]),
      ...affine(`model.layers.${i}.mlp.fc2`, [sizes.D, sizes.F]),
    ]),
    ...affine('model.final_layernorm', [sizes.D]),
    ...head('lm_head', sizes, tied),
  ],
};

/** A head with a bias, which is there even where its matrix is the embedding's. */
function head(name: string, { V, D }: { V: number; D: number }, tied: boolean): Shapes {
  return affine(name, [V, D]).slice(tied ? 1 : 0);
}

export const gptj: TinyFamily = {
  grouped: false,
  config: (options, sizes) => ({
    architectures: ['GPTJForCausalLM'],
    model_type: 'gptj',
    ...shortSizes(sizes),
    rotary_dim: options.rotary ?? 2,
    layer_norm_epsilon: 1e-5,
    activation_function: options.activation ?? 'gelu_new',
    tie_word_embeddings: options.tied ?? false,
  }),
  shapes: ({ tied = false }, sizes) => [
    ...affine('transformer.wte', [sizes.V, sizes.D], false),
    ...layered(sizes.L, (i) => [
      ...affine(`transformer.h.${i}.ln_1`, [sizes.D]),
      ...projections(`transformer.h.${i}.attn`, sizes, {
        qkv: false,
        out: false,
        parts: ['q_proj', 'k_proj', 'v_proj', 'out_proj'],
      }),
      ...affine(`transformer.h.${i}.mlp.fc_in`, [sizes.F, sizes.D]),
      ...affine(`transformer.h.${i}.mlp.fc_out`, [sizes.D, sizes.F]),
    ]),
    ...affine('transformer.ln_f', [sizes.D]),
    ...head('lm_head', sizes, tied),
  ],
};

export const codegen: TinyFamily = {
  grouped: false,
  heads: 4,
  config: (options, sizes) => ({
    ...gptj.config(options, sizes),
    architectures: ['CodeGenForCausalLM'],
    model_type: 'codegen',
    n_ctx: sizes.maxPositions,
  }),
  shapes: ({ tied = false }, { V, D, L, F }) => [
    ...affine('transformer.wte', [V, D], false),
    ...layered(L, (i) => [
      ...affine(`transformer.h.${i}.ln_1`, [D]),
      ...affine(`transformer.h.${i}.attn.qkv_proj`, [3 * D, D], false),
      ...affine(`transformer.h.${i}.attn.out_proj`, [D, D], false),
      ...affine(`transformer.h.${i}.mlp.fc_in`, [F, D]),
      ...affine(`transformer.h.${i}.mlp.fc_out`, [D, F]),
    ]),
    ...affine('transformer.ln_f', [D]),
    ...head('lm_head', { V, D }, tied),
  ],
};

export const opt: TinyFamily = {
  grouped: false,
  config: (options, { D, L, H, F, maxPositions }) => ({
    architectures: ['OPTForCausalLM'],
    model_type: 'opt',
    hidden_size: D,
    word_embed_proj_dim: D,
    num_hidden_layers: L,
    num_attention_heads: H,
    ffn_dim: F,
    max_position_embeddings: maxPositions,
    activation_function: options.activation ?? 'relu',
    enable_bias: options.attentionBias ?? true,
    tie_word_embeddings: options.tied ?? true,
  }),
  shapes: ({ attentionBias: bias = true, tied = true }, sizes) => [
    ...affine('model.decoder.embed_tokens', [sizes.V, sizes.D], false),
    ...affine('model.decoder.embed_positions', [sizes.maxPositions + 2, sizes.D], false),
    ...layered(sizes.L, (i) => [
      ...affine(`model.decoder.layers.${i}.self_attn_layer_norm`, [sizes.D]),
      ...projections(`model.decoder.layers.${i}.self_attn`, sizes, {
        qkv: bias,
        out: bias,
        parts: ['q_proj', 'k_proj', 'v_proj', 'out_proj'],
      }),
      ...affine(`model.decoder.layers.${i}.final_layer_norm`, [sizes.D]),
      ...affine(`model.decoder.layers.${i}.fc1`, [sizes.F, sizes.D], bias),
      ...affine(`model.decoder.layers.${i}.fc2`, [sizes.D, sizes.F], bias),
    ]),
    ...affine('model.decoder.final_layer_norm', [sizes.D]),
    ...(tied ? [] : affine('lm_head', [sizes.V, sizes.D], false)),
  ],
};

/** The tensors of a block with one matrix for q, k and v of `rows` rows, as BLOOM and Falcon name them. */
function fusedBlock(name: string, { D, F }: { D: number; F: number }, rows: number, bias: boolean): Shapes {
  return [
    ...affine(`${name}.self_attention.query_key_value`, [rows, D], bias),
    ...affine(`${name}.self_attention.dense`, [D, D], bias),
    ...affine(`${name}.mlp.dense_h_to_4h`, [F, D], bias),
    ...affine(`${name}.mlp.dense_4h_to_h`, [D, F], bias),
  ];
}

export const bloom: TinyFamily = {
  grouped: false,
  wide: true,
  config: (options, { D, L, H, maxPositions }) => ({
    architectures: ['BloomForCausalLM'],
    model_type: 'bloom',
    hidden_size: D,
    n_layer: L,
    n_head: H,
    seq_length: maxPositions,
    layer_norm_epsilon: 1e-5,
    tie_word_embeddings: options.tied ?? true,
  }),
  shapes: ({ tied = true }, sizes) => [
    ...affine('transformer.word_embeddings', [sizes.V, sizes.D], false),
    ...affine('transformer.word_embeddings_layernorm', [sizes.D]),
    ...layered(sizes.L, (i) => [
      ...affine(`transformer.h.${i}.input_layernorm`, [sizes.D]),
      ...affine(`transformer.h.${i}.post_attention_layernorm`, [sizes.D]),
      ...fusedBlock(`transformer.h.${i}`, sizes, 3 * sizes.D, true),
    ]),
    ...affine('transformer.ln_f', [sizes.D]),
    ...(tied ? [] : affine('lm_head', [sizes.V, sizes.D], false)),
  ],
};

/** The kind of 40B: `G` key/value heads and two norms of a parallel block. */
export const falcon: TinyFamily = {
  grouped: true,
  even: true,
  config: (options, { D, L, H, G, F, maxPositions }) => ({
    architectures: ['FalconForCausalLM'],
    model_type: 'falcon',
    hidden_size: D,
    num_hidden_layers: L,
    num_attention_heads: H,
    num_kv_heads: G,
    ffn_hidden_size: F,
    new_decoder_architecture: true,
    max_position_embeddings: maxPositions,
    bias: options.attentionBias ?? false,
    activation: options.activation ?? 'gelu',
    layer_norm_epsilon: 1e-5,
    rope_theta: 10000,
    tie_word_embeddings: options.tied ?? true,
  }),
  shapes: ({ attentionBias: bias = false, tied = true }, sizes) => [
    ...affine('transformer.word_embeddings', [sizes.V, sizes.D], false),
    ...layered(sizes.L, (i) => [
      ...affine(`transformer.h.${i}.ln_attn`, [sizes.D]),
      ...affine(`transformer.h.${i}.ln_mlp`, [sizes.D]),
      ...fusedBlock(`transformer.h.${i}`, sizes, (sizes.H + 2 * sizes.G) * sizes.K, bias),
    ]),
    ...affine('transformer.ln_f', [sizes.D]),
    ...(tied ? [] : affine('lm_head', [sizes.V, sizes.D], false)),
  ],
};

export const mpt: TinyFamily = {
  grouped: false,
  wide: true,
  config: (options, { D, L, H, maxPositions }) => ({
    architectures: ['MptForCausalLM'],
    model_type: 'mpt',
    d_model: D,
    n_layers: L,
    n_heads: H,
    max_seq_len: maxPositions,
    attn_config: { clip_qkv: 0.75 },
    tie_word_embeddings: options.tied ?? true,
  }),
  shapes: ({ tied = true }, { V, D, L }) => [
    ...affine('transformer.wte', [V, D], false),
    ...layered(L, (i) => [
      ...affine(`transformer.blocks.${i}.norm_1`, [D], false),
      ...affine(`transformer.blocks.${i}.attn.Wqkv`, [3 * D, D], false),
      ...affine(`transformer.blocks.${i}.attn.out_proj`, [D, D], false),
      ...affine(`transformer.blocks.${i}.norm_2`, [D], false),
      ...affine(`transformer.blocks.${i}.ffn.up_proj`, [4 * D, D], false),
      ...affine(`transformer.blocks.${i}.ffn.down_proj`, [D, 4 * D], false),
    ]),
    ...affine('transformer.norm_f', [D], false),
    ...(tied ? [] : affine('lm_head', [V, D], false)),
  ],
};
