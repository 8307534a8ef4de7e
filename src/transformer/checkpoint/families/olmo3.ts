import type { ConfigFields } from '../config-fields.ts';
import type { ModelConfig, ModelFamily } from '../family.ts';
import { ROTARY_SPARES } from '../gated-rows.ts';
import { type LayeredRotaryFields, layeredRotary } from '../layered-rotary.ts';
import { OLMO_ROWS, olmoCommon } from '../olmo-parts.ts';
import { LARGEST } from '../sizes.ts';
import { windowedLayers, windowsOf } from '../windows.ts';

/**
 * OLMo 3: as OLMo 2, but of four layers three see a window, and a scaling of the rotation (YaRN) is that of the full layers.
 *
 * @source Team OLMo, Olmo 3 (2025); the documented fields of transformers' Olmo3Config.
 */
export const olmo3: ModelFamily = {
  architectures: ['Olmo3ForCausalLM', 'Olmo3Model'],
  config: olmo3Config,
  prefix: 'model.',
  spares: ROTARY_SPARES,
  tensors: OLMO_ROWS,
};

const ROTARY: LayeredRotaryFields = {
  full: { bases: ['rope_theta'], base: 500_000, shares: null },
  windowed: 'full',
};

function olmo3Config(fields: ConfigFields, warn: (warning: string) => void): ModelConfig {
  const common = olmoCommon(fields, warn);
  const { L, maxPositions } = common;
  const windowed = windowedLayers(fields, L, (layer) => (layer + 1) % 4 !== 0);
  if (fields.isNull('sliding_window') && windowed.includes(true)) {
    throw fields.fault('sliding_window', 'be a number where layers are windowed', null);
  }
  return {
    ...common,
    positions: layeredRotary(fields, common, windowed, warn, ROTARY),
    attentionWindow: windowsOf(windowed, fields.size('sliding_window', LARGEST.positions, 4096), maxPositions),
  };
}
