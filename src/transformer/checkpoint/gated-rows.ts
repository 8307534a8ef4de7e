import type { TensorRow } from './family.ts';

const ATTENTION: readonly TensorRow[] = [
  ['model.layers.#.self_attn.q_proj', 'q'],
  ['model.layers.#.self_attn.k_proj', 'k'],
  ['model.layers.#.self_attn.v_proj', 'v'],
  ['model.layers.#.self_attn.o_proj', 'out'],
];
const MLP: readonly TensorRow[] = [
  ['model.layers.#.mlp.gate_proj', 'pre'],
  ['model.layers.#.mlp.up_proj', 'up'],
  ['model.layers.#.mlp.down_proj', 'down'],
];
const HEAD: readonly TensorRow[] = [
  ['model.norm', 'finalNorm'],
  ['lm_head', 'unembedding'],
];

/** The rows of a layer of attention and a gated MLP under the names that most families have, in front of their norms. */
export const GATED_ROWS: readonly TensorRow[] = [['model.embed_tokens', 'embedding'], ...ATTENTION, ...MLP, ...HEAD];

/** Those rows with a norm before attention and one before the MLP, in the order of Llama's tensors: of several that are missing, the first is named. */
export const LLAMA_ROWS: readonly TensorRow[] = [
  ['model.embed_tokens', 'embedding'],
  ['model.layers.#.input_layernorm', 'norm1'],
  ...ATTENTION,
  ['model.layers.#.post_attention_layernorm', 'norm2'],
  ...MLP,
  ...HEAD,
];

/** Norms of queries and keys, by their usual names. */
export const QUERY_KEY_NORM_ROWS: readonly TensorRow[] = [
  ['model.layers.#.self_attn.q_norm', 'qNorm'],
  ['model.layers.#.self_attn.k_norm', 'kNorm'],
];

/** Angles that older files carry without need. */
export const ROTARY_SPARES = /^model\.(layers\.\d+\.self_attn\.)?rotary_emb\./;
