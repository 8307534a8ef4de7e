import { ACTIVATION_NAMES } from '../activation-names.ts';
import type { ConfigFields } from '../config-fields.ts';
import type { ModelConfig, ModelFamily } from '../family.ts';
import { ROTARY_SPARES } from '../gated-rows.ts';
import { gemmaCaps, gemmaCommon, gemmaScales, gemmaSizes, gemmaWindows, SANDWICH_ROWS } from '../gemma-parts.ts';
import { rotaryPositions } from '../rotary.ts';

/**
 * Gemma 2: as Gemma, but with norms before and after both sublayers, soft caps on scores and logits, and a window in every other layer, the first one included.
 *
 * @source Gemma team, arXiv:2408.00118, §2; the documented fields of transformers' Gemma2Config.
 */
export const gemma2: ModelFamily = {
  architectures: ['Gemma2ForCausalLM', 'Gemma2Model'],
  config: gemma2Config,
  prefix: 'model.',
  spares: ROTARY_SPARES,
  tensors: SANDWICH_ROWS,
};

/** Gemma 2 2B, which the class describes. */
const SIZES = { V: 256_000, D: 2304, L: 26, H: 8, G: 4, K: 256, F: 9216, maxPositions: 8192 };

function gemma2Config(fields: ConfigFields, warn: (warning: string) => void): ModelConfig {
  const sizes = gemmaSizes(fields, SIZES);
  const { attentionWindow } = gemmaWindows(fields, sizes, 2);
  // A name of the activation that nothing reads any more, and how a cache is kept.
  fields.ignore(['hidden_act', 'cache_implementation']);
  return {
    ...gemmaCommon(fields, sizes, warn),
    ...gemmaCaps(fields, { scores: 50, logits: 30 }),
    normPlacement: 'sandwich',
    activation: fields.choice('hidden_activation', ACTIVATION_NAMES, 'gelu_pytorch_tanh'),
    positions: rotaryPositions(fields, sizes, warn),
    attentionScale: gemmaScales(fields, sizes.L),
    attentionWindow,
  };
}
