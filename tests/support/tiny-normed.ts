/** Tiny families with a gated MLP and norms after their sublayers or of their queries and keys: Gemma and OLMo. */
import { gatedMlp } from './tiny-gated.ts';
import type { TinyOptions, TinySizes } from './tiny-model.ts';
import { affine, layered, llamaFields, projections, type Shapes, type TinyFamily, usualSizes } from './tiny-shapes.ts';

interface Norms {
  /** Names of the norms of a layer, each D wide. */
  readonly layer: readonly string[];
  /** Widths of the norms of queries and keys; none where absent. */
  readonly heads?: (sizes: TinySizes) => readonly [q: number, k: number];
}

function shapes(options: TinyOptions, sizes: TinySizes, tied: boolean, norms: Norms): Shapes {
  const { attentionBias: bias = false } = options;
  const widths = norms.heads?.(sizes) ?? [];
  return [
    ...affine('model.embed_tokens', [sizes.V, sizes.D], false),
    ...layered(sizes.L, (i) => [
      ...projections(`model.layers.${i}.self_attn`, sizes, { qkv: bias, out: bias }),
      ...widths.flatMap((n, part) => affine(`model.layers.${i}.self_attn.${part === 0 ? 'q' : 'k'}_norm`, [n], false)),
      ...gatedMlp(`model.layers.${i}.mlp`, sizes),
      ...norms.layer.flatMap((name) => affine(`model.layers.${i}.${name}`, [sizes.D], false)),
    ]),
    ...affine('model.norm', [sizes.D], false),
    ...(tied ? [] : affine('lm_head', [sizes.V, sizes.D], false)),
  ];
}

function gemmaFields(options: TinyOptions, sizes: TinySizes): Record<string, unknown> {
  return {
    ...usualSizes(sizes, options),
    head_dim: sizes.K,
    rms_norm_eps: 1e-5,
    rope_theta: 10000,
    attention_bias: options.attentionBias ?? false,
    tie_word_embeddings: options.tied ?? true,
  };
}

const TWO = ['input_layernorm', 'post_attention_layernorm'];
const FOUR = [...TWO, 'pre_feedforward_layernorm', 'post_feedforward_layernorm'];

export const gemma: TinyFamily = {
  grouped: true,
  config: (options, sizes) => ({
    architectures: ['GemmaForCausalLM'],
    model_type: 'gemma',
    ...gemmaFields(options, sizes),
    hidden_act: 'gelu',
  }),
  shapes: (options, sizes) => shapes(options, sizes, options.tied ?? true, { layer: TWO }),
};

export const gemma2: TinyFamily = {
  grouped: true,
  config: (options, sizes) => ({
    architectures: ['Gemma2ForCausalLM'],
    model_type: 'gemma2',
    ...gemmaFields(options, sizes),
    hidden_activation: options.activation ?? 'gelu_pytorch_tanh',
    query_pre_attn_scalar: 3,
    attn_logit_softcapping: 0.75,
    final_logit_softcapping: 2.5,
    sliding_window: options.window ?? 3,
  }),
  shapes: (options, sizes) => shapes(options, sizes, options.tied ?? true, { layer: FOUR }),
};

export const gemma3_text: TinyFamily = {
  grouped: true,
  config: (options, sizes) => ({
    architectures: ['Gemma3ForCausalLM'],
    model_type: 'gemma3_text',
    ...gemmaFields(options, sizes),
    hidden_activation: options.activation ?? 'gelu_pytorch_tanh',
    query_pre_attn_scalar: 3,
    rope_local_base_freq: 100,
    sliding_window: options.window ?? 3,
    sliding_window_pattern: 2,
  }),
  shapes: (options, sizes) => shapes(options, sizes, options.tied ?? true, { layer: FOUR, heads: ({ K }) => [K, K] }),
};

const AFTER = ['post_attention_layernorm', 'post_feedforward_layernorm'];

const olmoShapes: TinyFamily['shapes'] = (options, sizes) =>
  shapes(options, sizes, options.tied ?? false, { layer: AFTER, heads: ({ H, G, K }) => [H * K, G * K] });

export const olmo2: TinyFamily = {
  grouped: true,
  config: (options, sizes) => ({
    architectures: ['Olmo2ForCausalLM'],
    model_type: 'olmo2',
    ...llamaFields(options, sizes),
  }),
  shapes: olmoShapes,
};

export const olmo3: TinyFamily = {
  grouped: true,
  config: (options, sizes) => ({
    architectures: ['Olmo3ForCausalLM'],
    model_type: 'olmo3',
    ...llamaFields(options, sizes),
    sliding_window: options.window ?? 3,
    layer_types: Array.from({ length: sizes.L }, (_, i) => (i % 2 === 0 ? 'sliding_attention' : 'full_attention')),
    rope_scaling: { rope_type: 'yarn', factor: 4, original_max_position_embeddings: 8 },
  }),
  shapes: olmoShapes,
};
