import { ACTIVATION_NAMES } from '../activation-names.ts';
import type { ConfigFields } from '../config-fields.ts';
import type { ModelConfig, ModelFamily } from '../family.ts';
import { ROTARY_SPARES } from '../gated-rows.ts';
import { PLAIN_WIRING } from '../plain-wiring.ts';
import { rotaryPositions } from '../rotary.ts';
import { groupedSizes, LARGEST } from '../sizes.ts';
import { specialTokens } from '../special-tokens.ts';

/**
 * Phi-1, 1.5 and 2: attention and MLP read the same LayerNorm, a share of a head's coordinates turns, and every affine map has a bias, the unembedding too.
 *
 * @source S. Gunasekar et al., arXiv:2306.11644; Y. Li et al., arXiv:2309.05463; the documented fields of transformers' PhiConfig.
 */
export const phi: ModelFamily = {
  architectures: ['PhiForCausalLM', 'PhiModel'],
  config: phiConfig,
  prefix: 'model.',
  spares: ROTARY_SPARES,
  tensors: [
    ['model.embed_tokens', 'embedding'],
    ['model.layers.#.input_layernorm', 'norm1'],
    ['model.layers.#.self_attn.q_proj', 'q'],
    ['model.layers.#.self_attn.k_proj', 'k'],
    ['model.layers.#.self_attn.v_proj', 'v'],
    ['model.layers.#.self_attn.dense', 'out'],
    ['model.layers.#.self_attn.q_layernorm', 'qNorm'],
    ['model.layers.#.self_attn.k_layernorm', 'kNorm'],
    ['model.layers.#.mlp.fc1', 'pre'],
    ['model.layers.#.mlp.fc2', 'down'],
    ['model.final_layernorm', 'finalNorm'],
    ['lm_head', 'unembedding'],
  ],
};

function phiConfig(fields: ConfigFields, warn: (warning: string) => void): ModelConfig {
  const { V, D, L, H, G, K } = groupedSizes(fields);
  const maxPositions = fields.size('max_position_embeddings', LARGEST.positions, 2048);
  return {
    ...PLAIN_WIRING,
    residual: 'parallel',
    sharedNorm: true,
    V,
    D,
    L,
    H,
    G,
    K,
    F: fields.size('intermediate_size', LARGEST.width),
    maxPositions,
    norm: { kind: 'layer', eps: fields.positive('layer_norm_eps', 1e-5), offset: 0, bias: true },
    queryKeyNorm: fields.boolean('qk_layernorm', false) ? { per: 'head', bias: true } : null,
    activation: fields.choice('hidden_act', ACTIVATION_NAMES, 'gelu_new'),
    gated: false,
    positions: rotaryPositions(fields, { K, L, maxPositions }, warn, {
      bases: ['rope_theta'],
      shares: { names: ['partial_rotary_factor'], fallback: 0.5 },
    }),
    attentionScale: new Array<number>(L).fill(1 / Math.sqrt(K)),
    attentionWindow: new Array<number>(L).fill(maxPositions),
    tied: fields.boolean('tie_word_embeddings', false),
    biases: { qkv: true, attentionOut: true, mlp: true, head: true },
    ...specialTokens(fields, V, warn),
  };
}
