import { ACTIVATION_NAMES } from '../activation-names.ts';
import { alibiSlopes } from '../alibi.ts';
import type { ConfigFields } from '../config-fields.ts';
import type { ModelConfig, ModelFamily } from '../family.ts';
import { PLAIN_WIRING } from '../plain-wiring.ts';
import { rotaryPositions } from '../rotary.ts';
import { evenSizes, LARGEST, sizeUnder } from '../sizes.ts';
import { specialTokens } from '../special-tokens.ts';

/**
 * Falcon in its three designs: 7B has one key/value head and one norm for attention and MLP, which are parallel; 40B (`new_decoder_architecture`) has groups of heads and two
 * norms, or one; the models of RefinedWeb have as many key/value heads as query heads, one sublayer after the other, and may have slopes on distances in place of rotary
 * positions. q, k and v are one matrix, group by group.
 *
 * Slopes are divided by √K with the scores. transformers rounds the biases to bfloat16, here they are exact.
 *
 * @source E. Almazrouei et al., arXiv:2311.16867; G. Penedo et al., arXiv:2306.01116; the documented fields of transformers' FalconConfig.
 */
export const falcon: ModelFamily = {
  modelTypes: ['RefinedWeb', 'RefinedWebModel'],
  architectures: ['FalconForCausalLM', 'FalconModel', 'RWForCausalLM', 'RWModel'],
  config: falconConfig,
  prefix: 'transformer.',
  spares: /^transformer\.h\.\d+\.self_attention\.rotary_emb\./,
  renamed: ({ residual, sharedNorm }) => (residual === 'parallel' && !sharedNorm ? TWO_NORMS : {}),
  tensors: [
    ['transformer.word_embeddings', 'embedding'],
    ['transformer.h.#.input_layernorm', 'norm1'],
    ['transformer.h.#.self_attention.query_key_value', ['q', 'k', 'v'], 'grouped'],
    ['transformer.h.#.self_attention.dense', 'out'],
    ['transformer.h.#.post_attention_layernorm', 'norm2'],
    ['transformer.h.#.mlp.dense_h_to_4h', 'pre'],
    ['transformer.h.#.mlp.dense_4h_to_h', 'down'],
    ['transformer.ln_f', 'finalNorm'],
    ['lm_head', 'unembedding'],
  ],
};

/** The norms where a parallel block has two. */
const TWO_NORMS = {
  'transformer.h.#.input_layernorm': 'transformer.h.#.ln_attn',
  'transformer.h.#.post_attention_layernorm': 'transformer.h.#.ln_mlp',
};

function falconConfig(fields: ConfigFields, warn: (warning: string) => void): ModelConfig {
  const { V, D, L, H, K } = evenSizes(fields, [
    ['hidden_size', 'n_embed'],
    ['num_hidden_layers', 'n_layer'],
    ['num_attention_heads', 'n_head'],
  ]);
  const maxPositions = fields.size('max_position_embeddings', LARGEST.positions, 2048);
  // The first files of 40B say it by the name of this field alone.
  const grouped = fields.boolean('new_decoder_architecture', fields.value('n_head_kv') !== undefined);
  const alibi = fields.boolean('alibi', false);
  if (!alibi && K % 2 !== 0)
    throw fields.fault('num_attention_heads', 'give heads of even width, which rotary positions need', H);
  const bias = fields.boolean('bias', false);
  fields.refuse([
    ['apply_residual_connection_post_layernorm', (value) => value === false],
    ['sliding_window', () => false],
    ['window_size', () => false],
    ...(alibi ? [['rope_scaling', () => false] as const] : []),
  ]);
  fields.ignore(['ff_factor', ...(alibi ? ['rope_theta', 'rope_parameters'] : [])]);
  return {
    ...PLAIN_WIRING,
    ...sublayers(fields, grouped),
    V,
    D,
    L,
    H,
    G: keyHeads(fields, H, grouped),
    K,
    F: fields.size('ffn_hidden_size', LARGEST.width, 4 * D),
    maxPositions,
    norm: { kind: 'layer', eps: fields.positive('layer_norm_epsilon', 1e-5), offset: 0, bias: true },
    activation: fields.choice('activation', ACTIVATION_NAMES, 'gelu'),
    gated: false,
    positions: alibi
      ? { kind: 'alibi', slopes: alibiSlopes(H).map((slope) => slope / Math.sqrt(K)) }
      : rotaryPositions(fields, { K, L, maxPositions }, warn),
    attentionScale: new Array<number>(L).fill(1 / Math.sqrt(K)),
    attentionWindow: new Array<number>(L).fill(maxPositions),
    tied: fields.boolean('tie_word_embeddings', true),
    biases: { qkv: bias, attentionOut: bias, mlp: bias, head: false },
    ...specialTokens(fields, V, warn),
  };
}

/** Whether the sublayers are parallel, and read one norm then. */
function sublayers(fields: ConfigFields, grouped: boolean): Pick<ModelConfig, 'residual' | 'sharedNorm'> {
  const parallel = fields.boolean('parallel_attn', true);
  if (grouped && !parallel) throw fields.fault('parallel_attn', 'be true with new_decoder_architecture', false);
  const norms = fields.size('num_ln_in_parallel_attn', 2, grouped ? 2 : 1);
  if (norms === 2 && !grouped)
    throw fields.fault('num_ln_in_parallel_attn', 'be 1 without new_decoder_architecture', norms);
  return { residual: parallel ? 'parallel' : 'sequential', sharedNorm: parallel && norms === 1 };
}

/** Key/value heads: as many as given in groups, one where queries share it, else as many as query heads. */
function keyHeads(fields: ConfigFields, H: number, grouped: boolean): number {
  const given = sizeUnder(fields, ['num_kv_heads', 'n_head_kv'], H, H);
  const one = fields.boolean('multi_query', true);
  if (grouped) {
    if (H % given !== 0) throw fields.fault('num_kv_heads', `divide num_attention_heads = ${H}`, given);
    return given;
  }
  if (one) return 1;
  if (given !== H) throw fields.fault('num_kv_heads', `be num_attention_heads = ${H} without groups`, given);
  return H;
}
