import { ACTIVATION_NAMES } from '../activation-names.ts';
import type { ConfigFields } from '../config-fields.ts';
import type { ModelConfig, ModelFamily } from '../family.ts';
import { LLAMA_ROWS, ROTARY_SPARES } from '../gated-rows.ts';
import { PLAIN_WIRING } from '../plain-wiring.ts';
import { rotaryPositions } from '../rotary.ts';
import { groupedSizes, LARGEST } from '../sizes.ts';
import { specialTokens } from '../special-tokens.ts';

/**
 * Granite 3: as Llama, with factors on embeddings, on what a sublayer adds, on scores (in place of 1/√K) and under the logits.
 *
 * @source IBM Granite team, Granite 3.0 language models (2024); the documented fields of transformers' GraniteConfig.
 */
export const granite: ModelFamily = {
  architectures: ['GraniteForCausalLM', 'GraniteModel'],
  config: graniteConfig,
  prefix: 'model.',
  spares: ROTARY_SPARES,
  tensors: LLAMA_ROWS,
};

function graniteConfig(fields: ConfigFields, warn: (warning: string) => void): ModelConfig {
  const { V, D, L, H, G, K } = groupedSizes(fields);
  const maxPositions = fields.size('max_position_embeddings', LARGEST.positions, 2048);
  const bias = fields.boolean('attention_bias', false);
  fields.refuse([
    ['sliding_window', () => false],
    ['window_size', () => false],
  ]);
  return {
    ...PLAIN_WIRING,
    embeddingScale: fields.positive('embedding_multiplier', 1),
    residualScale: fields.positive('residual_multiplier', 1),
    logitScale: 1 / fields.positive('logits_scaling', 1),
    V,
    D,
    L,
    H,
    G,
    K,
    F: fields.size('intermediate_size', LARGEST.width),
    maxPositions,
    norm: { kind: 'rms', eps: fields.positive('rms_norm_eps', 1e-6), offset: 0, bias: false },
    activation: fields.choice('hidden_act', ACTIVATION_NAMES, 'silu'),
    gated: true,
    positions: rotaryPositions(fields, { K, L, maxPositions }, warn),
    attentionScale: new Array<number>(L).fill(fields.positive('attention_multiplier', 1)),
    attentionWindow: new Array<number>(L).fill(maxPositions),
    tied: fields.boolean('tie_word_embeddings', false),
    biases: { qkv: bias, attentionOut: bias, mlp: fields.boolean('mlp_bias', false), head: false },
    ...specialTokens(fields, V, warn),
  };
}
