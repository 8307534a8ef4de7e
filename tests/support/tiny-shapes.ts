/** What the families of tiny-plain.ts and tiny-gated.ts are written with. */
import type { TinyOptions, TinySizes } from './tiny-model.ts';

/** Tensors by name with their shapes. */
export type Shapes = [string, number[]][];

/** What a family adds to the common fields, and its tensors. Written down from the models of transformers, not from the readers. */
export interface TinyFamily {
  /** Heads share keys and values (`G`), and may have a width of their own (`K`) unless they are `even`. */
  readonly grouped: boolean;
  /** Heads share the width of the model evenly. */
  readonly even?: boolean;
  /** H is a multiple of it; 1 if absent. */
  readonly heads?: number;
  /** The width of the MLP is 4 D whatever `F` says. */
  readonly wide?: boolean;
  /** Fields of config.json but the vocabulary, the special tokens and the type of the weights. */
  readonly config: (options: TinyOptions, sizes: TinySizes) => Record<string, unknown>;
  readonly shapes: (options: TinyOptions, sizes: TinySizes) => Shapes;
}

/** A weight [out, in], or a vector [n], and a bias. */
export function affine(name: string, shape: number[], bias = true): Shapes {
  return [[`${name}.weight`, shape], ...(bias ? [[`${name}.bias`, shape.slice(0, 1)] as Shapes[number]] : [])];
}

/** The tensors of every layer. */
export function layered(L: number, of: (layer: number) => Shapes): Shapes {
  return Array.from({ length: L }, (_, layer) => of(layer)).flat();
}

/** Separate projections q, k, v and one out of the heads, under `name`, called as `parts` says. */
export function projections(
  name: string,
  { D, H, G, K }: TinySizes,
  { qkv, out, parts = ['q_proj', 'k_proj', 'v_proj', 'o_proj'] }: { qkv: boolean; out: boolean; parts?: string[] },
): Shapes {
  const [q, k, v, o] = parts.map((part) => `${name}.${part}`) as [string, string, string, string];
  return [
    ...affine(q, [H * K, D], qkv),
    ...affine(k, [G * K, D], qkv),
    ...affine(v, [G * K, D], qkv),
    ...affine(o, [D, H * K], out),
  ];
}

/** The usual names of sizes in newer families. */
export function usualSizes({ D, L, H, G, F, maxPositions }: TinySizes, options: TinyOptions): Record<string, unknown> {
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

/** The fields of Llama and its kin, but for biases on the MLP. */
export function llamaFields(options: TinyOptions, sizes: TinySizes): Record<string, unknown> {
  return {
    ...usualSizes(sizes, options),
    rms_norm_eps: 1e-5,
    rope_theta: 10000,
    hidden_act: options.activation ?? 'silu',
    attention_bias: options.attentionBias ?? false,
    tie_word_embeddings: options.tied ?? false,
  };
}

/** Those of GPT-2 and its kin. */
export function shortSizes({ D, L, H, F, maxPositions }: TinySizes): Record<string, unknown> {
  return { n_embd: D, n_layer: L, n_head: H, n_inner: F, n_positions: maxPositions };
}

/** The share of K coordinates that turn, which readers cut to whole ones. */
export function rotaryShare({ rotary = 2 }: TinyOptions, { K }: TinySizes): number {
  return Math.min(1, (rotary + 0.5) / K);
}
