import { ACTIVATION_NAMES } from '../activation-names.ts';
import type { ConfigFields } from '../config-fields.ts';
import type { ModelConfig, ModelFamily } from '../family.ts';
import { LLAMA_ROWS, ROTARY_SPARES } from '../gated-rows.ts';
import { PLAIN_WIRING } from '../plain-wiring.ts';
import { rotaryPositions } from '../rotary.ts';
import { groupedSizes, LARGEST } from '../sizes.ts';
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
  spares: ROTARY_SPARES,
  tensors: LLAMA_ROWS,
};

function llamaConfig(fields: ConfigFields, warn: (warning: string) => void): ModelConfig {
  const { V, D, L, H, G, K } = groupedSizes(fields);
  checkLlamaOnly(fields);
  const maxPositions = fields.size('max_position_embeddings', LARGEST.positions);
  const bias = fields.boolean('attention_bias', false);
  return {
    ...PLAIN_WIRING,
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
    attentionScale: new Array<number>(L).fill(1 / Math.sqrt(K)),
    attentionWindow: new Array<number>(L).fill(maxPositions),
    tied: fields.boolean('tie_word_embeddings', false),
    biases: { qkv: bias, attentionOut: bias, mlp: fields.boolean('mlp_bias', false), head: false },
    ...specialTokens(fields, V, warn),
  };
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
