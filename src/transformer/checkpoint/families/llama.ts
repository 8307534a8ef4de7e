import { ACTIVATION_NAMES } from '../activation-names.ts';
import type { ConfigFields } from '../config-fields.ts';
import { LARGEST, type ModelConfig, type ModelFamily } from '../family.ts';
import { rotaryFrequencies } from '../rotary.ts';
import { specialTokens } from '../special-tokens.ts';

/**
 * Llama: RMSNorm, rotary positions, grouped key/value heads, gated MLP, weights stored [out, in].
 *
 * @source Touvron et al., arXiv:2302.13971 and arXiv:2307.09288; the documented fields of transformers' LlamaConfig.
 */
export const llama: ModelFamily = {
  architectures: ['LlamaForCausalLM', 'LlamaModel'],
  config: llamaConfig,
  prefix: 'model.',
  spares: /^model\.(layers\.\d+\.self_attn\.)?rotary_emb\./,
  tensors: [
    ['model.embed_tokens', 'embedding'],
    ['model.layers.#.input_layernorm', 'norm1'],
    ['model.layers.#.self_attn.q_proj', 'q'],
    ['model.layers.#.self_attn.k_proj', 'k'],
    ['model.layers.#.self_attn.v_proj', 'v'],
    ['model.layers.#.self_attn.o_proj', 'out'],
    ['model.layers.#.post_attention_layernorm', 'norm2'],
    ['model.layers.#.mlp.gate_proj', 'pre'],
    ['model.layers.#.mlp.up_proj', 'up'],
    ['model.layers.#.mlp.down_proj', 'down'],
    ['model.norm', 'finalNorm'],
    ['lm_head', 'unembedding'],
  ],
};

function llamaConfig(fields: ConfigFields, warn: (warning: string) => void): ModelConfig {
  const V = fields.size('vocab_size', LARGEST.vocabulary);
  const D = fields.size('hidden_size', LARGEST.width);
  const L = fields.size('num_hidden_layers', LARGEST.layers);
  const H = fields.size('num_attention_heads', LARGEST.width);
  const G = fields.size('num_key_value_heads', H, H);
  if (H % G !== 0) throw fields.fault('num_key_value_heads', `divide num_attention_heads = ${H}`, G);
  const K = headWidth(fields, D, H);
  checkLlamaOnly(fields);
  const maxPositions = fields.size('max_position_embeddings', LARGEST.positions);
  const bias = fields.boolean('attention_bias', false);
  return {
    classes: null,
    causal: true,
    normPlacement: 'pre',
    residual: 'sequential',
    V,
    D,
    L,
    H,
    G,
    K,
    F: fields.size('intermediate_size', LARGEST.width),
    maxPositions,
    norm: { kind: 'rms', eps: fields.positive('rms_norm_eps', 1e-6) },
    activation: fields.choice('hidden_act', ACTIVATION_NAMES, 'silu'),
    gated: true,
    positions: { kind: 'rotary', frequencies: rotaryFrequencies(fields, K, warn) },
    attentionScale: new Array<number>(L).fill(1 / Math.sqrt(K)),
    attentionWindow: new Array<number>(L).fill(maxPositions),
    tied: fields.boolean('tie_word_embeddings', false),
    biases: { qkv: bias, attentionOut: bias, mlp: fields.boolean('mlp_bias', false) },
    ...specialTokens(fields, V, warn),
  };
}

function headWidth(fields: ConfigFields, D: number, H: number): number {
  const given = fields.value('head_dim');
  if (given === undefined && D % H !== 0) {
    throw fields.fault('num_attention_heads', `divide hidden_size = ${D} where there is no head_dim`, H);
  }
  if (given === undefined && D / H > LARGEST.headWidth) {
    throw fields.fault('num_attention_heads', `give heads of at most ${LARGEST.headWidth} coordinates`, H);
  }
  const widest = Math.min(LARGEST.headWidth, Math.max(1, Math.floor(LARGEST.width / H)));
  const K = fields.size('head_dim', widest, D / H);
  if (K % 2 !== 0) {
    const field = given === undefined ? 'num_attention_heads' : 'head_dim';
    throw fields.fault(field, 'give heads of even width, which rotary positions need', given ?? H);
  }
  return K;
}

function checkLlamaOnly(fields: ConfigFields): void {
  fields.refuse([
    ['pretraining_tp', (value) => value === 1],
    ['window_size', () => false],
  ]);
  const windowed = fields.boolean('use_sliding_window', true);
  fields.refuse([['sliding_window', () => !windowed]]);
  fields.ignore(['max_window_layers']);
}
