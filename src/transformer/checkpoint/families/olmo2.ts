import type { ConfigFields } from '../config-fields.ts';
import type { ModelConfig, ModelFamily } from '../family.ts';
import { ROTARY_SPARES } from '../gated-rows.ts';
import { OLMO_ROWS, olmoCommon } from '../olmo-parts.ts';
import { rotaryPositions } from '../rotary.ts';

/**
 * OLMo 2: as Llama, but each sublayer's output is normalised before it is added, nothing before it, and queries and keys have an RMSNorm over all their heads.
 *
 * @source Team OLMo, arXiv:2501.00656, §2; the documented fields of transformers' Olmo2Config.
 */
export const olmo2: ModelFamily = {
  architectures: ['Olmo2ForCausalLM', 'Olmo2Model'],
  config: olmo2Config,
  prefix: 'model.',
  spares: ROTARY_SPARES,
  tensors: OLMO_ROWS,
};

function olmo2Config(fields: ConfigFields, warn: (warning: string) => void): ModelConfig {
  const common = olmoCommon(fields, warn);
  fields.refuse([['sliding_window', () => false]]);
  return {
    ...common,
    positions: rotaryPositions(fields, common, warn),
    attentionWindow: new Array<number>(common.L).fill(common.maxPositions),
  };
}
