import type { TransformerConfig } from '../config.ts';
import { ACTIVATION_NAMES } from './activation-names.ts';
import type { ConfigFields } from './config-fields.ts';
import { evenSizes, type FamilyReader, LARGEST, type TensorPlan } from './family.ts';
import { rotaryFrequencies } from './rotary.ts';
import { specialTokens } from './special-tokens.ts';

/**
 * GPT-NeoX, the family of Pythia: LayerNorm, rotary positions on the first `rotary_pct` of every head, attention and MLP in parallel unless
 * `use_parallel_residual` is false, q, k and v in one matrix stored [out, in], head by head.
 *
 * @source S. Black et al., arXiv:2204.06745; S. Biderman et al., arXiv:2304.01373; the documented fields of transformers' GPTNeoXConfig.
 */
export const GPT_NEOX: FamilyReader = {
  architectures: ['GPTNeoXForCausalLM', 'GPTNeoXModel'],
  config: gptNeoxConfig,
  plan: gptNeoxPlan,
};

function gptNeoxConfig(fields: ConfigFields, warn: (warning: string) => void): TransformerConfig {
  const { V, D, L, H, K } = evenSizes(fields, ['hidden_size', 'num_hidden_layers', 'num_attention_heads']);
  const maxPositions = fields.size('max_position_embeddings', LARGEST.positions, 2048);
  const bias = fields.boolean('attention_bias', true);
  fields.refuse([
    ['window_size', () => false],
    ['sliding_window', () => false],
  ]);
  return {
    family: 'gpt_neox',
    classes: null,
    causal: true,
    normPlacement: 'pre',
    residual: fields.boolean('use_parallel_residual', true) ? 'parallel' : 'sequential',
    V,
    D,
    L,
    H,
    G: H,
    K,
    F: fields.size('intermediate_size', LARGEST.width),
    maxPositions,
    norm: { kind: 'layer', eps: fields.positive('layer_norm_eps', 1e-5) },
    activation: fields.choice('hidden_act', ACTIVATION_NAMES, 'gelu'),
    gated: false,
    positions: {
      kind: 'rotary',
      frequencies: rotaryFrequencies(fields, K, warn, {
        bases: ['rotary_emb_base', 'rope_theta'],
        shares: { names: ['rotary_pct', 'partial_rotary_factor'], fallback: 0.25 },
      }),
    },
    attentionScale: new Array<number>(L).fill(1 / Math.sqrt(K)),
    attentionWindow: new Array<number>(L).fill(maxPositions),
    tied: fields.boolean('tie_word_embeddings', false),
    biases: { qkv: bias, attentionOut: bias, mlp: true },
    ...specialTokens(fields, V, warn),
  };
}

function gptNeoxPlan({ V, D, L, F, tied, biases }: TransformerConfig): TensorPlan {
  const shapes = new Map<string, readonly number[]>([['gpt_neox.embed_in.weight', [V, D]]]);
  const add = (name: string, weight: readonly number[], bias = true): void => {
    shapes.set(`${name}.weight`, weight);
    if (bias) shapes.set(`${name}.bias`, weight.slice(0, 1));
  };
  for (let i = 0; i < L; i++) {
    const layer = `gpt_neox.layers.${i}`;
    add(`${layer}.input_layernorm`, [D]);
    add(`${layer}.attention.query_key_value`, [3 * D, D], biases.qkv);
    add(`${layer}.attention.dense`, [D, D], biases.attentionOut);
    add(`${layer}.post_attention_layernorm`, [D]);
    add(`${layer}.mlp.dense_h_to_4h`, [F, D]);
    add(`${layer}.mlp.dense_4h_to_h`, [D, F]);
  }
  add('gpt_neox.final_layer_norm', [D]);
  if (!tied) shapes.set('embed_out.weight', [V, D]);
  return {
    shapes,
    canonicalName: (stored) =>
      // transformers from version 5 on writes the head under the other families' name.
      stored === 'lm_head.weight'
        ? 'embed_out.weight'
        : /^(embed_in|layers|final_layer_norm)\./.test(stored)
          ? `gpt_neox.${stored}`
          : stored,
    isSpare: (name) =>
      /^gpt_neox\.layers\.\d+\.attention\.(bias|masked_bias|rotary_emb\.inv_freq)$/.test(name) ||
      (tied && name === 'embed_out.weight'),
    head: { embedding: 'gpt_neox.embed_in.weight', unembedding: 'embed_out.weight' },
  };
}
