import { ACTIVATION_NAMES } from '../activation-names.ts';
import type { ConfigFields } from '../config-fields.ts';
import type { ModelConfig, ModelFamily } from '../family.ts';
import { ROTARY_SPARES } from '../gated-rows.ts';
import { PLAIN_WIRING } from '../plain-wiring.ts';
import { type RotaryFields, rotaryPositions } from '../rotary.ts';
import { groupedSizes, LARGEST } from '../sizes.ts';
import { specialTokens } from '../special-tokens.ts';
import { oneWindow } from '../windows.ts';

/**
 * Phi-3, Phi-3.5 and Phi-4: as Llama, but q, k and v are one matrix and so are the two of the gated MLP, all layers have one window, and in Phi-4-mini three quarters
 * of a head's coordinates turn.
 *
 * @source M. Abdin et al., arXiv:2404.14219 and arXiv:2503.01743; the documented fields of transformers' Phi3Config.
 */
export const phi3: ModelFamily = {
  architectures: ['Phi3ForCausalLM', 'Phi3Model'],
  config: phi3Config,
  prefix: 'model.',
  spares: ROTARY_SPARES,
  tensors: [
    ['model.embed_tokens', 'embedding'],
    ['model.layers.#.input_layernorm', 'norm1'],
    ['model.layers.#.self_attn.qkv_proj', ['q', 'k', 'v'], 'stacked'],
    ['model.layers.#.self_attn.o_proj', 'out'],
    ['model.layers.#.post_attention_layernorm', 'norm2'],
    ['model.layers.#.mlp.gate_up_proj', ['pre', 'up'], 'stacked'],
    ['model.layers.#.mlp.down_proj', 'down'],
    ['model.norm', 'finalNorm'],
    ['lm_head', 'unembedding'],
  ],
};

/** Files of 2024 call one scaling by the names of others. */
const ROTARY: RotaryFields = {
  bases: ['rope_theta'],
  shares: { names: ['partial_rotary_factor'], fallback: 1 },
  kinds: new Map([
    ['su', 'longrope'],
    ['yarn', 'longrope'],
  ]),
};

function phi3Config(fields: ConfigFields, warn: (warning: string) => void): ModelConfig {
  const { V, D, L, H, G, K } = groupedSizes(fields);
  const maxPositions = fields.size('max_position_embeddings', LARGEST.positions, 4096);
  fields.refuse([
    ...['attention_bias', 'mlp_bias', 'lm_head_bias'].map(
      (name) => [name, (value: unknown) => value === false] as const,
    ),
    ...['full_attn_mod', 'interpolate_factor'].map((name) => [name, (value: unknown) => value === 1] as const),
  ]);
  fields.ignore(['original_max_position_embeddings']);
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
    norm: { kind: 'rms', eps: fields.positive('rms_norm_eps', 1e-5), offset: 0, bias: false },
    activation: fields.choice('hidden_act', ACTIVATION_NAMES, 'silu'),
    gated: true,
    positions: rotaryPositions(fields, { K, L, maxPositions }, warn, ROTARY),
    attentionScale: new Array<number>(L).fill(1 / Math.sqrt(K)),
    attentionWindow: new Array<number>(L).fill(oneWindow(fields, maxPositions)),
    tied: fields.boolean('tie_word_embeddings', false),
    biases: { qkv: false, attentionOut: false, mlp: false, head: false },
    ...specialTokens(fields, V, warn),
  };
}
