import { ACTIVATION_NAMES } from '../activation-names.ts';
import type { ConfigFields } from '../config-fields.ts';
import type { ModelConfig, ModelFamily } from '../family.ts';
import { ROTARY_SPARES } from '../gated-rows.ts';
import { PLAIN_WIRING } from '../plain-wiring.ts';
import { rotaryPositions } from '../rotary.ts';
import { groupedSizes, LARGEST } from '../sizes.ts';
import { specialTokens } from '../special-tokens.ts';

/**
 * Command R: attention and a gated MLP read the same LayerNorm, which has no β, a head turns in pairs of neighbours, and logits have a factor. Command R+ has a norm on each
 * query and key head, with a weight for each.
 *
 * @source Cohere, Command R and R+ (2024); the documented fields of transformers' CohereConfig.
 */
export const cohere: ModelFamily = {
  architectures: ['CohereForCausalLM', 'CohereModel'],
  config: cohereConfig,
  prefix: 'model.',
  spares: ROTARY_SPARES,
  rotaryPairs: 'neighbours',
  tensors: [
    ['model.embed_tokens', 'embedding'],
    ['model.layers.#.input_layernorm', 'norm1'],
    ['model.layers.#.self_attn.q_proj', 'q'],
    ['model.layers.#.self_attn.k_proj', 'k'],
    ['model.layers.#.self_attn.v_proj', 'v'],
    ['model.layers.#.self_attn.o_proj', 'out'],
    ['model.layers.#.self_attn.q_norm', 'qNorm'],
    ['model.layers.#.self_attn.k_norm', 'kNorm'],
    ['model.layers.#.mlp.gate_proj', 'pre'],
    ['model.layers.#.mlp.up_proj', 'up'],
    ['model.layers.#.mlp.down_proj', 'down'],
    ['model.norm', 'finalNorm'],
    ['lm_head', 'unembedding'],
  ],
};

function cohereConfig(fields: ConfigFields, warn: (warning: string) => void): ModelConfig {
  const { V, D, L, H, G, K } = groupedSizes(fields);
  const maxPositions = fields.size('max_position_embeddings', LARGEST.positions, 8192);
  const bias = fields.boolean('attention_bias', false);
  fields.refuse([
    ['sliding_window', () => false],
    ['window_size', () => false],
  ]);
  fields.ignore(['model_max_length']);
  return {
    ...PLAIN_WIRING,
    residual: 'parallel',
    sharedNorm: true,
    logitScale: fields.positive('logit_scale', 0.0625),
    V,
    D,
    L,
    H,
    G,
    K,
    F: fields.size('intermediate_size', LARGEST.width),
    maxPositions,
    norm: { kind: 'layer', eps: fields.positive('layer_norm_eps', 1e-5), offset: 0, bias: false },
    queryKeyNorm: fields.boolean('use_qk_norm', false) ? { per: 'heads', bias: false } : null,
    activation: fields.choice('hidden_act', ACTIVATION_NAMES, 'silu'),
    gated: true,
    positions: rotaryPositions(fields, { K, L, maxPositions }, warn, {
      bases: ['rope_theta'],
      base: 500_000,
      shares: null,
    }),
    attentionScale: new Array<number>(L).fill(1 / Math.sqrt(K)),
    attentionWindow: new Array<number>(L).fill(maxPositions),
    tied: fields.boolean('tie_word_embeddings', true),
    biases: { qkv: bias, attentionOut: bias, mlp: false, head: false },
    ...specialTokens(fields, V, warn),
  };
}
