import { ACTIVATION_NAMES } from '../activation-names.ts';
import type { ConfigFields } from '../config-fields.ts';
import type { ModelConfig, ModelFamily } from '../family.ts';
import { QUERY_KEY_NORM_ROWS, ROTARY_SPARES } from '../gated-rows.ts';
import { gemmaCaps, gemmaCommon, gemmaScales, gemmaSizes, gemmaWindows, SANDWICH_ROWS } from '../gemma-parts.ts';
import { layeredRotary } from '../layered-rotary.ts';
import { LARGEST } from '../sizes.ts';

/**
 * Gemma 3, its text model: as Gemma 2 without its caps, but with RMSNorm of each query and key head, five windowed layers to a full one, and another base for the
 * rotation of each kind. In multimodal checkpoints (`gemma3`) its fields stand in `text_config`, and its tensors among others.
 *
 * @source Gemma team, arXiv:2503.19786, §2; the documented fields of transformers' Gemma3TextConfig.
 */
export const gemma3: ModelFamily = {
  modelTypes: ['gemma3'],
  architectures: ['Gemma3ForCausalLM', 'Gemma3TextModel', 'Gemma3ForConditionalGeneration', 'Gemma3Model'],
  config: gemma3Config,
  nested: {
    field: 'text_config',
    others: ['vision_config', 'mm_tokens_per_image', 'boi_token_index', 'eoi_token_index', 'image_token_index'],
  },
  prefix: 'model.',
  wrapped: [
    ['model.language_model.', 'model.'],
    ['language_model.', ''],
  ],
  spares: ROTARY_SPARES,
  others: /^(?:model\.)?(vision_tower|multi_modal_projector)\./,
  tensors: [...SANDWICH_ROWS, ...QUERY_KEY_NORM_ROWS],
};

/** What the class has where published files say nothing. */
const SIZES = { V: 262_208, D: 2304, L: 26, H: 8, G: 4, K: 256, F: 9216, maxPositions: 131_072 };

const ROTARY = {
  full: { bases: ['rope_theta'], base: 1_000_000, shares: null },
  windowed: { bases: ['rope_local_base_freq'], base: 10_000, shares: null },
};

function gemma3Config(fields: ConfigFields, warn: (warning: string) => void): ModelConfig {
  const sizes = gemmaSizes(fields, SIZES);
  fields.ignore(['_sliding_window_pattern', 'hidden_act', 'cache_implementation']);
  const period = fields.size('sliding_window_pattern', LARGEST.layers, 6);
  const { windowed, attentionWindow } = gemmaWindows(fields, sizes, period);
  return {
    ...gemmaCommon(fields, sizes, warn),
    ...gemmaCaps(fields, { scores: null, logits: null }),
    normPlacement: 'sandwich',
    queryKeyNorm: { per: 'head', bias: false },
    activation: fields.choice('hidden_activation', ACTIVATION_NAMES, 'gelu_pytorch_tanh'),
    positions: layeredRotary(fields, sizes, windowed, warn, ROTARY),
    attentionScale: gemmaScales(fields, sizes.L),
    attentionWindow,
  };
}
