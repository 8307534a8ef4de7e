/**
 * Families of {@link tinyConfig} and {@link tinyTensors} that have nothing to say but their fields and the shapes of their tensors, an entry each.
 */
import type { Family } from '../../src/transformer/checkpoint/family-table.ts';
import type { TinyOptions, TinySizes } from './tiny-model.ts';

/** Tensors by name with their shapes. */
export type Shapes = [string, number[]][];

/** What a family adds to the common fields, and its tensors. Written down from the models of transformers, not from the readers. */
export interface TinyFamily {
  /** Heads share keys and values (`G`), and may have a width of their own (`K`). */
  readonly grouped: boolean;
  /** H is a multiple of it; 1 if absent. */
  readonly heads?: number;
  /** Fields of config.json but the vocabulary, the special tokens and the type of the weights. */
  readonly config: (options: TinyOptions, sizes: TinySizes) => Record<string, unknown>;
  readonly shapes: (options: TinyOptions, sizes: TinySizes) => Shapes;
}

/** A weight [out, in], or a vector [n], and a bias. */
function affine(name: string, shape: number[], bias = true): Shapes {
  return [[`${name}.weight`, shape], ...(bias ? [[`${name}.bias`, shape.slice(0, 1)] as Shapes[number]] : [])];
}

/** The tensors of every layer. */
function layered(L: number, of: (layer: number) => Shapes): Shapes {
  return Array.from({ length: L }, (_, layer) => of(layer)).flat();
}

/** The usual names of sizes in newer families. */
function usualSizes({ D, L, H, G, F, maxPositions }: TinySizes, options: TinyOptions): Record<string, unknown> {
  return {
    hidden_size: D,
    num_hidden_layers: L,
    num_attention_heads: H,
    num_key_value_heads: G,
    head_dim: options.K,
    intermediate_size: F,
    max_position_embeddings: maxPositions,
  };
}

const starcoder2: TinyFamily = {
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
  shapes: ({ attentionBias: bias = true, tied = true }, { V, D, L, H, G, K, F }) => [
    ...affine('model.embed_tokens', [V, D], false),
    ...layered(L, (i) => [
      ...affine(`model.layers.${i}.input_layernorm`, [D]),
      ...affine(`model.layers.${i}.self_attn.q_proj`, [H * K, D], bias),
      ...affine(`model.layers.${i}.self_attn.k_proj`, [G * K, D], bias),
      ...affine(`model.layers.${i}.self_attn.v_proj`, [G * K, D], bias),
      ...affine(`model.layers.${i}.self_attn.o_proj`, [D, H * K], bias),
      ...affine(`model.layers.${i}.post_attention_layernorm`, [D]),
      ...affine(`model.layers.${i}.mlp.c_fc`, [F, D], bias),
      ...affine(`model.layers.${i}.mlp.c_proj`, [D, F], bias),
    ]),
    ...affine('model.norm', [D]),
    ...(tied ? [] : affine('lm_head', [V, D], false)),
  ],
};

/** Each under its `model_type`. */
export const TINY_FAMILIES = { starcoder2 } satisfies Partial<Record<Family, TinyFamily>>;
