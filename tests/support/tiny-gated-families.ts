/** Families of RMSNorm and gated MLPs, for {@link TINY_FAMILIES}. */
import type { TinyFamily } from './tiny-families.ts';
import { affine, layered, usualSizes } from './tiny-shapes.ts';

/** What queries and keys of a layer have besides their projections. */
type QueryKeyNorm = 'head' | 'none';

function gated(name: string, more: TinyFamily['config'], norms: QueryKeyNorm, tiedByDefault: boolean): TinyFamily {
  return {
    grouped: true,
    config: (options, sizes) => ({
      architectures: [`${name}ForCausalLM`],
      model_type: name.toLowerCase(),
      ...usualSizes(sizes, options),
      rms_norm_eps: 1e-5,
      hidden_act: options.activation ?? 'silu',
      tie_word_embeddings: options.tied ?? tiedByDefault,
      ...more(options, sizes),
    }),
    shapes: ({ attentionBias: bias = false, mlpBias = false, tied = tiedByDefault }, { V, D, L, H, G, K, F }) => [
      ...affine('model.embed_tokens', [V, D], false),
      ...layered(L, (i) => [
        ...affine(`model.layers.${i}.input_layernorm`, [D], false),
        ...affine(`model.layers.${i}.self_attn.q_proj`, [H * K, D], bias),
        ...affine(`model.layers.${i}.self_attn.k_proj`, [G * K, D], bias),
        ...affine(`model.layers.${i}.self_attn.v_proj`, [G * K, D], bias),
        ...affine(`model.layers.${i}.self_attn.o_proj`, [D, H * K], bias),
        ...(norms === 'none'
          ? []
          : ['q_norm', 'k_norm'].flatMap((norm) => affine(`model.layers.${i}.self_attn.${norm}`, [K], false))),
        ...affine(`model.layers.${i}.post_attention_layernorm`, [D], false),
        ...affine(`model.layers.${i}.mlp.gate_proj`, [F, D], name === 'SmolLM3' && mlpBias),
        ...affine(`model.layers.${i}.mlp.up_proj`, [F, D], name === 'SmolLM3' && mlpBias),
        ...affine(`model.layers.${i}.mlp.down_proj`, [D, F], name === 'SmolLM3' && mlpBias),
      ]),
      ...affine('model.norm', [D], false),
      ...(tied ? [] : affine('lm_head', [V, D], false)),
    ],
  };
}

const qwen3 = gated(
  'Qwen3',
  (options, { D, H }) => ({
    // The class takes 128 where the file does not say.
    head_dim: options.K ?? D / H,
    attention_bias: options.attentionBias ?? false,
    use_sliding_window: options.window !== undefined,
    sliding_window: options.window ?? 4,
    max_window_layers: 1,
    rope_theta: 10000,
  }),
  'head',
  false,
);

const smollm3 = gated(
  'SmolLM3',
  (options, { L }) => ({
    attention_bias: options.attentionBias ?? false,
    mlp_bias: options.mlpBias ?? false,
    no_rope_layers: Array.from({ length: L }, (_, i) => (i === 1 ? 0 : 1)),
    use_sliding_window: options.window !== undefined,
    sliding_window: options.window ?? null,
    rope_theta: 10000,
  }),
  'none',
  true,
);

/** Each under its `model_type`. */
export const GATED_FAMILIES = { qwen3, smollm3 };
