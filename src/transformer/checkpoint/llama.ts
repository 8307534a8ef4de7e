import type { TransformerConfig } from '../config.ts';
import { ACTIVATION_NAMES } from './activation-names.ts';
import type { ConfigFields } from './config-fields.ts';
import { type FamilyReader, LARGEST, type TensorPlan } from './family.ts';
import { rotaryFrequencies } from './rotary.ts';
import { specialTokens } from './special-tokens.ts';

/**
 * Llama: RMSNorm, rotary positions, grouped key/value heads, gated MLP, weights stored [out, in].
 *
 * @source Touvron et al., arXiv:2302.13971 and arXiv:2307.09288; the documented fields of transformers' LlamaConfig.
 */
export const LLAMA: FamilyReader = {
  architectures: ['LlamaForCausalLM', 'LlamaModel'],
  config: llamaConfig,
  plan: llamaPlan,
};

function llamaConfig(fields: ConfigFields, warn: (warning: string) => void): TransformerConfig {
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
    family: 'llama',
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

function llamaPlan({ V, D, L, H, G, K, F, tied, biases }: TransformerConfig): TensorPlan {
  const shapes = new Map<string, readonly number[]>([['model.embed_tokens.weight', [V, D]]]);
  const linear = (name: string, out: number, width: number, bias: boolean): void => {
    shapes.set(`${name}.weight`, [out, width]);
    if (bias) shapes.set(`${name}.bias`, [out]);
  };
  for (let i = 0; i < L; i++) {
    const layer = `model.layers.${i}`;
    shapes.set(`${layer}.input_layernorm.weight`, [D]);
    linear(`${layer}.self_attn.q_proj`, H * K, D, biases.qkv);
    linear(`${layer}.self_attn.k_proj`, G * K, D, biases.qkv);
    linear(`${layer}.self_attn.v_proj`, G * K, D, biases.qkv);
    linear(`${layer}.self_attn.o_proj`, D, H * K, biases.attentionOut);
    shapes.set(`${layer}.post_attention_layernorm.weight`, [D]);
    linear(`${layer}.mlp.gate_proj`, F, D, biases.mlp);
    linear(`${layer}.mlp.up_proj`, F, D, biases.mlp);
    linear(`${layer}.mlp.down_proj`, D, F, biases.mlp);
  }
  shapes.set('model.norm.weight', [D]);
  if (!tied) shapes.set('lm_head.weight', [V, D]);
  return {
    shapes,
    canonicalName: (stored) => (/^(embed_tokens|layers|norm)\./.test(stored) ? `model.${stored}` : stored),
    isSpare: (name) =>
      /^model\.(layers\.\d+\.self_attn\.)?rotary_emb\./.test(name) || (tied && name === 'lm_head.weight'),
    head: { embedding: 'model.embed_tokens.weight', unembedding: 'lm_head.weight' },
  };
}
