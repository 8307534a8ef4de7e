import { ACTIVATION_NAMES } from '../activation-names.ts';
import type { ConfigFields } from '../config-fields.ts';
import type { ModelConfig, ModelFamily } from '../family.ts';
import { PLAIN_WIRING } from '../plain-wiring.ts';
import { rotaryPositions } from '../rotary.ts';
import { groupedSizes, LARGEST } from '../sizes.ts';
import { specialTokens } from '../special-tokens.ts';
import { llama } from './llama.ts';

/**
 * Mistral: as Llama, without biases, and every layer sees a window only, unless the file says that there is none.
 *
 * @source A. Q. Jiang et al., arXiv:2310.06825, §2; the documented fields of transformers' MistralConfig.
 */
export const mistral: ModelFamily = {
  ...llama,
  architectures: ['MistralForCausalLM', 'MistralModel'],
  config: mistralConfig,
};

function mistralConfig(fields: ConfigFields, warn: (warning: string) => void): ModelConfig {
  const { V, D, L, H, G, K } = groupedSizes(fields, { G: KEY_VALUE_HEADS });
  const maxPositions = fields.size('max_position_embeddings', LARGEST.positions, 131_072);
  fields.refuse([['window_size', () => false]]);
  if (fields.value('layer_types') !== undefined) {
    warn(
      'layer_types in config.json is ignored, as in transformers: all layers of a Mistral model see the same positions.',
    );
  }
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
    attentionWindow: new Array<number>(L).fill(Math.min(windowOf(fields) ?? maxPositions, maxPositions)),
    tied: fields.boolean('tie_word_embeddings', false),
    biases: { qkv: false, attentionOut: false, mlp: false, head: false },
    ...specialTokens(fields, V, warn),
  };
}

/** Key/value heads where config.json says nothing of them; null means as many as query heads. */
const KEY_VALUE_HEADS = 8;

/** Positions that every layer sees; null where the file says null, which is not the same as saying nothing. */
function windowOf(fields: ConfigFields): number | null {
  return fields.isNull('sliding_window') ? null : fields.size('sliding_window', LARGEST.positions, 4096);
}
