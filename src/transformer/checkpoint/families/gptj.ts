import { ACTIVATION_NAMES } from '../activation-names.ts';
import type { ConfigFields } from '../config-fields.ts';
import type { ModelConfig, ModelFamily } from '../family.ts';
import { PLAIN_WIRING } from '../plain-wiring.ts';
import { plainRotation } from '../rotary.ts';
import { evenSizes, LARGEST } from '../sizes.ts';
import { specialTokens } from '../special-tokens.ts';

/**
 * GPT-J: attention and MLP read the same LayerNorm, the first `rotary_dim` coordinates of a head turn in pairs of neighbours, and biases are on the MLP and the unembedding
 * only.
 *
 * @source B. Wang, A. Komatsuzaki, GPT-J-6B (2021); the documented fields of transformers' GPTJConfig.
 */
export const gptJ: ModelFamily = {
  architectures: ['GPTJForCausalLM', 'GPTJModel'],
  config: gptJConfig,
  prefix: 'transformer.',
  spares: /^transformer\.h\.\d+\.attn\.(bias|masked_bias|embed_positions)$/,
  rotaryPairs: 'neighbours',
  tensors: [
    ['transformer.wte', 'embedding'],
    ['transformer.h.#.ln_1', 'norm1'],
    ['transformer.h.#.attn.q_proj', 'q'],
    ['transformer.h.#.attn.k_proj', 'k'],
    ['transformer.h.#.attn.v_proj', 'v'],
    ['transformer.h.#.attn.out_proj', 'out'],
    ['transformer.h.#.mlp.fc_in', 'pre'],
    ['transformer.h.#.mlp.fc_out', 'down'],
    ['transformer.ln_f', 'finalNorm'],
    ['lm_head', 'unembedding'],
  ],
};

/** What GPT-J and CodeGen read. */
export function gptJConfig(fields: ConfigFields, warn: (warning: string) => void): ModelConfig {
  const { V, D, L, H, K } = evenSizes(fields, ['n_embd', 'n_layer', 'n_head']);
  const maxPositions = fields.size('n_positions', LARGEST.positions, 2048);
  if (fields.isNull('rotary_dim')) throw fields.fault('rotary_dim', 'be a number', null);
  const R = fields.size('rotary_dim', LARGEST.headWidth, 64);
  if (R % 2 !== 0 || R > K) throw fields.fault('rotary_dim', `be an even number of a head's ${K} coordinates`, R);
  fields.refuse([
    ['rotary', (value) => value === true],
    ['scale_attn_weights', (value) => value === true],
    ...['window_size', 'sliding_window', 'rope_scaling', 'rope_parameters', 'rope_theta'].map(
      (name) => [name, () => false] as const,
    ),
  ]);
  fields.ignore(['n_ctx']);
  return {
    ...PLAIN_WIRING,
    residual: 'parallel',
    sharedNorm: true,
    V,
    D,
    L,
    H,
    G: H,
    K,
    F: fields.size('n_inner', LARGEST.width, 4 * D),
    maxPositions,
    norm: { kind: 'layer', eps: fields.positive('layer_norm_epsilon', 1e-5), offset: 0, bias: true },
    activation: fields.choice('activation_function', ACTIVATION_NAMES, 'gelu_new'),
    gated: false,
    positions: plainRotation(R, L),
    attentionScale: new Array<number>(L).fill(1 / Math.sqrt(K)),
    attentionWindow: new Array<number>(L).fill(maxPositions),
    tied: fields.boolean('tie_word_embeddings', false),
    biases: { qkv: false, attentionOut: false, mlp: true, head: true },
    ...specialTokens(fields, V, warn),
  };
}
