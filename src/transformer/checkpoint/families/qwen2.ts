import { ACTIVATION_NAMES } from '../activation-names.ts';
import type { ConfigFields } from '../config-fields.ts';
import type { ModelConfig, ModelFamily } from '../family.ts';
import { PLAIN_WIRING } from '../plain-wiring.ts';
import { rotaryPositions } from '../rotary.ts';
import { groupedSizes, LARGEST } from '../sizes.ts';
import { specialTokens } from '../special-tokens.ts';

/**
 * Qwen2 and 2.5: as Llama, but q, k and v have biases, which the output and the MLP have not, and later layers may see a window only.
 *
 * @source A. Yang et al., arXiv:2407.10671, §2.2; Qwen team, arXiv:2412.15115; the documented fields of transformers' Qwen2Config.
 */
export const qwen2: ModelFamily = {
  architectures: ['Qwen2ForCausalLM', 'Qwen2Model'],
  config: qwen2Config,
  prefix: 'model.',
  spares: /^model\.(layers\.\d+\.self_attn\.)?rotary_emb\./,
  tensors: [
    ['model.embed_tokens', 'embedding'],
    ['model.layers.#.input_layernorm', 'norm1'],
    ['model.layers.#.self_attn.q_proj', 'q'],
    ['model.layers.#.self_attn.k_proj', 'k'],
    ['model.layers.#.self_attn.v_proj', 'v'],
    ['model.layers.#.self_attn.o_proj', 'out'],
    ['model.layers.#.post_attention_layernorm', 'norm2'],
    ['model.layers.#.mlp.gate_proj', 'pre'],
    ['model.layers.#.mlp.up_proj', 'up'],
    ['model.layers.#.mlp.down_proj', 'down'],
    ['model.norm', 'finalNorm'],
    ['lm_head', 'unembedding'],
  ],
};

function qwen2Config(fields: ConfigFields, warn: (warning: string) => void): ModelConfig {
  const { V, D, L, H, G, K } = groupedSizes(fields);
  const maxPositions = fields.size('max_position_embeddings', LARGEST.positions, 32_768);
  fields.refuse([
    ['use_mrope', (value) => value === false],
    ['window_size', () => false],
  ]);
  return {
    classes: null,
    causal: true,
    ...PLAIN_WIRING,
    normPlacement: 'pre',
    residual: 'sequential',
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
    attentionWindow: windows(fields, L, maxPositions),
    tied: fields.boolean('tie_word_embeddings', false),
    biases: { qkv: true, attentionOut: false, mlp: false, head: false },
    ...specialTokens(fields, V, warn),
  };
}

/** Positions that each layer sees: all, or with `use_sliding_window` in some layers the last `sliding_window`. */
function windows(fields: ConfigFields, L: number, maxPositions: number): number[] {
  if (!fields.boolean('use_sliding_window', false)) {
    fields.ignore(['sliding_window', 'max_window_layers']);
    return new Array<number>(L).fill(maxPositions);
  }
  const window = Math.min(fields.size('sliding_window', LARGEST.positions), maxPositions);
  return windowedLayers(fields, L).map((windowed) => (windowed ? window : maxPositions));
}

/** The layers that `layer_types` calls sliding_attention; without it those from `max_window_layers` on. */
function windowedLayers(fields: ConfigFields, L: number): boolean[] {
  const first = fields.value('max_window_layers') ?? 28;
  if (!Number.isSafeInteger(first) || (first as number) < 0) {
    throw fields.fault('max_window_layers', 'be an integer from 0 on', first);
  }
  const types = fields.value('layer_types');
  if (types === undefined) return Array.from({ length: L }, (_, layer) => layer >= (first as number));
  const known = ['full_attention', 'sliding_attention'];
  if (!Array.isArray(types) || types.length !== L || !types.every((type) => known.includes(type))) {
    throw fields.fault('layer_types', `name num_hidden_layers = ${L} layers as ${known.join(' or ')}`, types);
  }
  return types.map((type) => type === 'sliding_attention');
}
