import { ACTIVATION_NAMES } from '../activation-names.ts';
import type { ConfigFields } from '../config-fields.ts';
import type { ModelConfig, ModelFamily } from '../family.ts';
import { LLAMA_ROWS, ROTARY_SPARES } from '../gated-rows.ts';
import { PLAIN_WIRING } from '../plain-wiring.ts';
import { rotaryPositions } from '../rotary.ts';
import { groupedSizes, LARGEST } from '../sizes.ts';
import { specialTokens } from '../special-tokens.ts';

/**
 * StableLM 3B and 2: a gated MLP as Llama's, but LayerNorm, a share of a head's coordinates turns, and q, k and v may have biases. The model of 12 billion parameters has one norm
 * for attention and MLP, which are parallel, and a norm on each query and key head, with a weight for each.
 *
 * @source M. Bellagente et al., arXiv:2402.17834; the documented fields of transformers' StableLmConfig.
 */
export const stableLm: ModelFamily = {
  modelTypes: ['stablelm_epoch'],
  architectures: ['StableLmForCausalLM', 'StableLmModel', 'StableLMEpochForCausalLM'],
  config: stableLmConfig,
  prefix: 'model.',
  spares: ROTARY_SPARES,
  tensors: [
    ...LLAMA_ROWS,
    ['model.layers.#.self_attn.q_layernorm.norms.%', 'qNorm'],
    ['model.layers.#.self_attn.k_layernorm.norms.%', 'kNorm'],
  ],
};

function stableLmConfig(fields: ConfigFields, warn: (warning: string) => void): ModelConfig {
  const { V, D, L, H, G, K } = groupedSizes(fields, { G: 32 });
  if (K * H !== D) throw fields.fault('head_dim', `be hidden_size/num_attention_heads = ${D / H}`, K);
  const maxPositions = fields.size('max_position_embeddings', LARGEST.positions, 4096);
  const parallel = fields.boolean('use_parallel_residual', false);
  fields.refuse([
    ['rotary_scaling_factor', (value) => value === 1],
    ['sliding_window', () => false],
    ['window_size', () => false],
  ]);
  return {
    ...PLAIN_WIRING,
    residual: parallel ? 'parallel' : 'sequential',
    sharedNorm: parallel,
    V,
    D,
    L,
    H,
    G,
    K,
    F: fields.size('intermediate_size', LARGEST.width),
    maxPositions,
    norm: { kind: 'layer', eps: epsilon(fields), offset: 0, bias: true },
    queryKeyNorm: fields.boolean('qk_layernorm', false) ? { per: 'heads', bias: false } : null,
    activation: fields.choice('hidden_act', ACTIVATION_NAMES, 'silu'),
    gated: true,
    positions: rotaryPositions(fields, { K, L, maxPositions }, warn, {
      bases: ['rope_theta'],
      shares: { names: ['partial_rotary_factor', 'rope_pct'], fallback: 0.25 },
    }),
    attentionScale: new Array<number>(L).fill(1 / Math.sqrt(K)),
    attentionWindow: new Array<number>(L).fill(maxPositions),
    tied: fields.boolean('tie_word_embeddings', false),
    biases: { qkv: fields.boolean('use_qkv_bias', false), attentionOut: false, mlp: false, head: false },
    ...specialTokens(fields, V, warn),
  };
}

/** ε under its two names. */
function epsilon(fields: ConfigFields): number {
  const older = fields.positive('norm_eps', 1e-5);
  const eps = fields.positive('layer_norm_eps', older);
  if (fields.value('norm_eps') !== undefined && eps !== older)
    throw fields.fault('norm_eps', `agree with layer_norm_eps = ${eps}`, older);
  return eps;
}
