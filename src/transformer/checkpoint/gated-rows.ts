import type { TensorRow } from './family.ts';

/** The rows of a layer of attention and a gated MLP under the names that most families have, in front of their norms. */
export const GATED_ROWS: readonly TensorRow[] = [
  ['model.embed_tokens', 'embedding'],
  ['model.layers.#.self_attn.q_proj', 'q'],
  ['model.layers.#.self_attn.k_proj', 'k'],
  ['model.layers.#.self_attn.v_proj', 'v'],
  ['model.layers.#.self_attn.o_proj', 'out'],
  ['model.layers.#.mlp.gate_proj', 'pre'],
  ['model.layers.#.mlp.up_proj', 'up'],
  ['model.layers.#.mlp.down_proj', 'down'],
  ['model.norm', 'finalNorm'],
  ['lm_head', 'unembedding'],
];

/** Norms before attention and MLP, by their usual names. */
export const PRE_NORM_ROWS: readonly TensorRow[] = [
  ['model.layers.#.input_layernorm', 'norm1'],
  ['model.layers.#.post_attention_layernorm', 'norm2'],
];

/** Norms of queries and keys, by their usual names. */
export const QUERY_KEY_NORM_ROWS: readonly TensorRow[] = [
  ['model.layers.#.self_attn.q_norm', 'qNorm'],
  ['model.layers.#.self_attn.k_norm', 'kNorm'],
];

/** Angles that older files carry without need. */
export const ROTARY_SPARES = /^model\.(layers\.\d+\.self_attn\.)?rotary_emb\./;
