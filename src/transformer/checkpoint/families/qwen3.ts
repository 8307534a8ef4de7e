import { ACTIVATION_NAMES } from '../activation-names.ts';
import type { ConfigFields } from '../config-fields.ts';
import type { ModelConfig, ModelFamily } from '../family.ts';
import { LLAMA_ROWS, QUERY_KEY_NORM_ROWS, ROTARY_SPARES } from '../gated-rows.ts';
import { PLAIN_WIRING } from '../plain-wiring.ts';
import { rotaryPositions } from '../rotary.ts';
import { groupedSizes, LARGEST } from '../sizes.ts';
import { specialTokens } from '../special-tokens.ts';
import { fromMaxWindowLayers, optionalWindows } from '../windows.ts';

/**
 * Qwen3: as Qwen2, but heads of a width of their own, RMSNorm of each query and key head before it turns, and biases in attention only where `attention_bias` says so.
 *
 * @source Qwen team, arXiv:2505.09388, §2; the documented fields of transformers' Qwen3Config.
 */
export const qwen3: ModelFamily = {
  architectures: ['Qwen3ForCausalLM', 'Qwen3Model'],
  config: qwen3Config,
  prefix: 'model.',
  spares: ROTARY_SPARES,
  tensors: [...LLAMA_ROWS, ...QUERY_KEY_NORM_ROWS],
};

function qwen3Config(fields: ConfigFields, warn: (warning: string) => void): ModelConfig {
  const { V, D, L, H, G, K } = groupedSizes(fields, { G: 32, K: 128 });
  const maxPositions = fields.size('max_position_embeddings', LARGEST.positions, 32_768);
  const bias = fields.boolean('attention_bias', false);
  fields.refuse([['window_size', () => false]]);
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
    queryKeyNorm: { per: 'head', bias: false },
    activation: fields.choice('hidden_act', ACTIVATION_NAMES, 'silu'),
    gated: true,
    positions: rotaryPositions(fields, { K, L, maxPositions }, warn),
    attentionScale: new Array<number>(L).fill(1 / Math.sqrt(K)),
    attentionWindow: optionalWindows(fields, { L, maxPositions }, fromMaxWindowLayers(fields), 4096),
    tied: fields.boolean('tie_word_embeddings', false),
    biases: { qkv: bias, attentionOut: bias, mlp: false, head: false },
    ...specialTokens(fields, V, warn),
  };
}
