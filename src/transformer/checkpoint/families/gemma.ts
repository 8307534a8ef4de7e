import type { ConfigFields } from '../config-fields.ts';
import type { ModelConfig, ModelFamily } from '../family.ts';
import { GATED_ROWS, ROTARY_SPARES } from '../gated-rows.ts';
import { gemmaCommon, gemmaSizes } from '../gemma-parts.ts';
import { rotaryPositions } from '../rotary.ts';

/**
 * Gemma: as Llama, but RMSNorm multiplies by 1 + w, embeddings are multiplied by √D, and the MLP is gated by the tanh form of GELU whatever `hidden_act` says.
 *
 * @source Gemma team, arXiv:2403.08295; the documented fields of transformers' GemmaConfig.
 */
export const gemma: ModelFamily = {
  architectures: ['GemmaForCausalLM', 'GemmaModel'],
  config: gemmaConfig,
  prefix: 'model.',
  spares: ROTARY_SPARES,
  tensors: [
    ...GATED_ROWS,
    ['model.layers.#.input_layernorm', 'norm1'],
    ['model.layers.#.post_attention_layernorm', 'norm2'],
  ],
};

/** Gemma 7B, which the class describes. */
const SIZES = { V: 256_000, D: 3072, L: 28, H: 16, G: 16, K: 256, F: 24_576, maxPositions: 8192 };

function gemmaConfig(fields: ConfigFields, warn: (warning: string) => void): ModelConfig {
  const sizes = gemmaSizes(fields, SIZES);
  const { K, L, maxPositions } = sizes;
  // Early files say gelu and were trained with its tanh form.
  fields.refuse(['hidden_act', 'hidden_activation'].map((name) => [name, (value) => GELUS.includes(value)]));
  fields.refuse([['sliding_window', () => false]]);
  return {
    ...gemmaCommon(fields, sizes, warn),
    normPlacement: 'pre',
    activation: 'gelu_tanh',
    positions: rotaryPositions(fields, sizes, warn),
    attentionScale: new Array<number>(L).fill(1 / Math.sqrt(K)),
    attentionWindow: new Array<number>(L).fill(maxPositions),
  };
}

const GELUS: readonly unknown[] = ['gelu', 'gelu_pytorch_tanh', 'gelu_new'];
