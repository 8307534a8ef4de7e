import { ACTIVATION_NAMES } from '../activation-names.ts';
import type { ConfigFields } from '../config-fields.ts';
import type { ModelConfig, ModelFamily } from '../family.ts';
import { LLAMA_ROWS, ROTARY_SPARES } from '../gated-rows.ts';
import { PLAIN_WIRING } from '../plain-wiring.ts';
import { type RotaryFields, rotaryPositions } from '../rotary.ts';
import { groupedSizes, LARGEST } from '../sizes.ts';
import { specialTokens } from '../special-tokens.ts';
import { optionalWindows } from '../windows.ts';

/**
 * SmolLM3: as Llama, but queries and keys of every fourth layer do not turn: `no_rope_layers` has 1 for a layer that turns and 0 for one that does not.
 *
 * @source E. Bakouch et al., SmolLM3 (2025), after B. Yang et al., arXiv:2501.18795; the documented fields of transformers' SmolLM3Config.
 */
export const smolLm3: ModelFamily = {
  architectures: ['SmolLM3ForCausalLM', 'SmolLM3Model'],
  config: smolLm3Config,
  prefix: 'model.',
  spares: ROTARY_SPARES,
  tensors: LLAMA_ROWS,
};

function smolLm3Config(fields: ConfigFields, warn: (warning: string) => void): ModelConfig {
  const { V, D, L, H, G, K } = groupedSizes(fields, { G: 4 });
  const maxPositions = fields.size('max_position_embeddings', LARGEST.positions, 32_768);
  const bias = fields.boolean('attention_bias', false);
  const turns = turningLayers(fields, L);
  fields.refuse([
    ['window_size', () => false],
    ['pretraining_tp', (value) => value === 1],
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
    positions: rotaryPositions(fields, { K, L, maxPositions }, warn, ROTARY, turns),
    attentionScale: new Array<number>(L).fill(1 / Math.sqrt(K)),
    attentionWindow: windows(fields, { L, maxPositions }, turns),
    tied: fields.boolean('tie_word_embeddings', true),
    biases: { qkv: bias, attentionOut: bias, mlp: fields.boolean('mlp_bias', false), head: false },
    ...specialTokens(fields, V, warn),
  };
}

const ROTARY: RotaryFields = { bases: ['rope_theta'], base: 2_000_000, shares: null };

/** Layers whose queries and keys turn: all but every fourth, or as `no_rope_layers` lists them. */
function turningLayers(fields: ConfigFields, L: number): boolean[] {
  const interval = fields.size('no_rope_layer_interval', LARGEST.layers, 4);
  const listed = fields.value('no_rope_layers');
  if (listed === undefined) return Array.from({ length: L }, (_, layer) => (layer + 1) % interval !== 0);
  if (!Array.isArray(listed) || listed.length < L || !listed.every((turns) => turns === 0 || turns === 1)) {
    throw fields.fault('no_rope_layers', `list 1 (turns) or 0 for each of num_hidden_layers = ${L} layers`, listed);
  }
  return listed.slice(0, L).map((turns) => turns === 1);
}

/** Windows, if there are any, are those of the layers that do not turn. */
function windows(fields: ConfigFields, sizes: { readonly L: number; readonly maxPositions: number }, turns: boolean[]) {
  if (fields.value('sliding_window') !== undefined) return optionalWindows(fields, sizes, (layer) => !turns[layer]);
  fields.ignore(['use_sliding_window', 'max_window_layers']);
  fields.refuse([['layer_types', (types) => Array.isArray(types) && types.every((type) => type === 'full_attention')]]);
  return new Array<number>(sizes.L).fill(sizes.maxPositions);
}
