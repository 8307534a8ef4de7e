/** Tiny families with a gated MLP. */
import type { TinyOptions, TinySizes } from './tiny-model.ts';
import {
  affine,
  layered,
  llamaFields,
  projections,
  rotaryShare,
  type Shapes,
  type TinyFamily,
  usualSizes,
} from './tiny-shapes.ts';

/** The three matrices of a gated MLP. */
export function gatedMlp(name: string, { D, F }: { D: number; F: number }, bias = false): Shapes {
  return [
    ...affine(`${name}.gate_proj`, [F, D], bias),
    ...affine(`${name}.up_proj`, [F, D], bias),
    ...affine(`${name}.down_proj`, [D, F], bias),
  ];
}

export const phi3: TinyFamily = {
  grouped: true,
  config: (options, sizes) => ({
    architectures: ['Phi3ForCausalLM'],
    model_type: 'phi3',
    ...usualSizes(sizes, options),
    rms_norm_eps: 1e-5,
    rope_theta: 10000,
    partial_rotary_factor: options.rotary === undefined ? undefined : rotaryShare(options, sizes),
    hidden_act: options.activation ?? 'silu',
    sliding_window: options.window,
    tie_word_embeddings: options.tied ?? false,
  }),
  shapes: ({ tied = false }, { V, D, L, H, G, K, F }) => [
    ...affine('model.embed_tokens', [V, D], false),
    ...layered(L, (i) => [
      ...affine(`model.layers.${i}.input_layernorm`, [D], false),
      ...affine(`model.layers.${i}.self_attn.qkv_proj`, [(H + 2 * G) * K, D], false),
      ...affine(`model.layers.${i}.self_attn.o_proj`, [D, H * K], false),
      ...affine(`model.layers.${i}.post_attention_layernorm`, [D], false),
      ...affine(`model.layers.${i}.mlp.gate_up_proj`, [2 * F, D], false),
      ...affine(`model.layers.${i}.mlp.down_proj`, [D, F], false),
    ]),
    ...affine('model.norm', [D], false),
    ...(tied ? [] : affine('lm_head', [V, D], false)),
  ],
};

export const granite: TinyFamily = {
  grouped: true,
  config: (options, sizes) => ({
    architectures: ['GraniteForCausalLM'],
    model_type: 'granite',
    ...usualSizes(sizes, options),
    rms_norm_eps: 1e-5,
    rope_theta: 10000,
    hidden_act: options.activation ?? 'silu',
    attention_bias: options.attentionBias ?? false,
    mlp_bias: options.mlpBias ?? false,
    attention_multiplier: 0.375,
    embedding_multiplier: 3,
    residual_multiplier: 0.625,
    logits_scaling: 2.5,
    tie_word_embeddings: options.tied ?? false,
  }),
  shapes: ({ attentionBias: bias = false, mlpBias = false, tied = false }, sizes) => [
    ...affine('model.embed_tokens', [sizes.V, sizes.D], false),
    ...layered(sizes.L, (i) => [
      ...affine(`model.layers.${i}.input_layernorm`, [sizes.D], false),
      ...projections(`model.layers.${i}.self_attn`, sizes, { qkv: bias, out: bias }),
      ...affine(`model.layers.${i}.post_attention_layernorm`, [sizes.D], false),
      ...gatedMlp(`model.layers.${i}.mlp`, sizes, mlpBias),
    ]),
    ...affine('model.norm', [sizes.D], false),
    ...(tied ? [] : affine('lm_head', [sizes.V, sizes.D], false)),
  ],
};

export const cohere: TinyFamily = {
  grouped: true,
  config: (options, sizes) => ({
    architectures: ['CohereForCausalLM'],
    model_type: 'cohere',
    ...usualSizes(sizes, options),
    layer_norm_eps: 1e-5,
    rope_theta: 10000,
    hidden_act: options.activation ?? 'silu',
    attention_bias: options.attentionBias ?? false,
    logit_scale: 0.25,
    tie_word_embeddings: options.tied ?? true,
  }),
  shapes: ({ attentionBias: bias = false, tied = true }, sizes) => [
    ...affine('model.embed_tokens', [sizes.V, sizes.D], false),
    ...layered(sizes.L, (i) => [
      ...affine(`model.layers.${i}.input_layernorm`, [sizes.D], false),
      ...projections(`model.layers.${i}.self_attn`, sizes, { qkv: bias, out: bias }),
      ...gatedMlp(`model.layers.${i}.mlp`, sizes),
    ]),
    ...affine('model.norm', [sizes.D], false),
    ...(tied ? [] : affine('lm_head', [sizes.V, sizes.D], false)),
  ],
};

export const stablelm: TinyFamily = {
  grouped: false,
  config: (options, sizes) => ({
    architectures: ['StableLmForCausalLM'],
    model_type: 'stablelm',
    ...usualSizes(sizes, options),
    layer_norm_eps: 1e-5,
    rope_theta: 10000,
    partial_rotary_factor: rotaryShare(options, sizes),
    hidden_act: options.activation ?? 'silu',
    use_qkv_bias: options.attentionBias ?? false,
    use_parallel_residual: options.parallel ?? false,
    tie_word_embeddings: options.tied ?? false,
  }),
  shapes: ({ attentionBias: bias = false, parallel = false, tied = false }, sizes) => [
    ...affine('model.embed_tokens', [sizes.V, sizes.D], false),
    ...layered(sizes.L, (i) => [
      ...affine(`model.layers.${i}.input_layernorm`, [sizes.D]),
      ...projections(`model.layers.${i}.self_attn`, sizes, { qkv: bias, out: false }),
      ...(parallel ? [] : affine(`model.layers.${i}.post_attention_layernorm`, [sizes.D])),
      ...gatedMlp(`model.layers.${i}.mlp`, sizes),
    ]),
    ...affine('model.norm', [sizes.D]),
    ...(tied ? [] : affine('lm_head', [sizes.V, sizes.D], false)),
  ],
};

/** The tensors of a model as Llama's, with biases in attention or without, and norms of queries and keys of `headNorm` coordinates. */
function llamaShapes(options: TinyOptions, sizes: TinySizes, headNorm?: number): Shapes {
  const { attentionBias: bias = false, tied = false } = options;
  const norms = headNorm === undefined ? [] : ['q_norm', 'k_norm'];
  return [
    ...affine('model.embed_tokens', [sizes.V, sizes.D], false),
    ...layered(sizes.L, (i) => [
      ...affine(`model.layers.${i}.input_layernorm`, [sizes.D], false),
      ...projections(`model.layers.${i}.self_attn`, sizes, { qkv: bias, out: bias }),
      ...norms.flatMap((name) => affine(`model.layers.${i}.self_attn.${name}`, [headNorm!], false)),
      ...affine(`model.layers.${i}.post_attention_layernorm`, [sizes.D], false),
      ...gatedMlp(`model.layers.${i}.mlp`, sizes),
    ]),
    ...affine('model.norm', [sizes.D], false),
    ...(tied ? [] : affine('lm_head', [sizes.V, sizes.D], false)),
  ];
}

export const qwen3: TinyFamily = {
  grouped: true,
  config: (options, sizes) => ({
    architectures: ['Qwen3ForCausalLM'],
    model_type: 'qwen3',
    ...llamaFields(options, sizes),
    head_dim: sizes.K,
    use_sliding_window: options.window !== undefined,
    sliding_window: options.window,
    max_window_layers: 1,
  }),
  shapes: (options, sizes) => llamaShapes(options, sizes, sizes.K),
};

export const smollm3: TinyFamily = {
  grouped: true,
  config: (options, sizes) => ({
    architectures: ['SmolLM3ForCausalLM'],
    model_type: 'smollm3',
    ...llamaFields(options, sizes),
    no_rope_layers: Array.from({ length: sizes.L }, (_, i) => i % 2),
  }),
  shapes: (options, sizes) => llamaShapes(options, sizes),
};
