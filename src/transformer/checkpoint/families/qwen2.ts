import { ACTIVATION_NAMES } from '../activation-names.ts';
import type { ConfigFields } from '../config-fields.ts';
import type { ModelConfig, ModelFamily } from '../family.ts';
import { LLAMA_ROWS, ROTARY_SPARES } from '../gated-rows.ts';
import { PLAIN_WIRING } from '../plain-wiring.ts';
import { rotaryPositions } from '../rotary.ts';
import { groupedSizes, LARGEST } from '../sizes.ts';
import { specialTokens } from '../special-tokens.ts';
import { fromMaxWindowLayers, optionalWindows } from '../windows.ts';

/**
 * Qwen2 and 2.5: as Llama, but q, k and v have biases, which the output and the MLP have not, and later layers may see a window only.
 *
 * @source A. Yang et al., arXiv:2407.10671, §2.2; Qwen team, arXiv:2412.15115; the documented fields of transformers' Qwen2Config.
 */
export const qwen2: ModelFamily = {
  architectures: ['Qwen2ForCausalLM', 'Qwen2Model'],
  config: qwen2Config,
  prefix: 'model.',
  spares: ROTARY_SPARES,
  tensors: LLAMA_ROWS,
};

function qwen2Config(fields: ConfigFields, warn: (warning: string) => void): ModelConfig {
  const { V, D, L, H, G, K } = groupedSizes(fields, { G: 32 });
  const maxPositions = fields.size('max_position_embeddings', LARGEST.positions, 32_768);
  fields.refuse([
    ['use_mrope', (value) => value === false],
    ['window_size', () => false],
  ]);
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
    attentionWindow: optionalWindows(fields, { L, maxPositions }, fromMaxWindowLayers(fields)),
    tied: fields.boolean('tie_word_embeddings', false),
    biases: { qkv: true, attentionOut: false, mlp: false, head: false },
    ...specialTokens(fields, V, warn),
  };
}
