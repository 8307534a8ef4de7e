import { ACTIVATION_NAMES } from '../activation-names.ts';
import type { ConfigFields } from '../config-fields.ts';
import type { ModelConfig, ModelFamily } from '../family.ts';
import { PLAIN_WIRING } from '../plain-wiring.ts';
import { evenSizes, LARGEST } from '../sizes.ts';
import { specialTokens } from '../special-tokens.ts';

/**
 * GPT-2: LayerNorm, learned positions, one fused q/k/v projection stored [in, out].
 *
 * @source Radford et al., “Language Models are Unsupervised Multitask Learners” (2019), and the documented fields of
 *   transformers' GPT2Config.
 */
export const gpt2: ModelFamily = {
  architectures: ['GPT2LMHeadModel', 'GPT2Model', 'GPT2DoubleHeadsModel'],
  config: gpt2Config,
  prefix: 'transformer.',
  spares: /^h\.\d+\.attn\.(bias|masked_bias)$/,
  tensors: [
    ['wte', 'embedding'],
    ['wpe', 'positions'],
    ['h.#.ln_1', 'norm1'],
    ['h.#.attn.c_attn', ['q', 'k', 'v'], 'in-out'],
    ['h.#.attn.c_proj', ['out'], 'in-out'],
    ['h.#.ln_2', 'norm2'],
    ['h.#.mlp.c_fc', ['pre'], 'in-out'],
    ['h.#.mlp.c_proj', ['down'], 'in-out'],
    ['ln_f', 'finalNorm'],
    ['lm_head', 'unembedding'],
  ],
};

function gpt2Config(fields: ConfigFields, warn: (warning: string) => void): ModelConfig {
  const { V, D, L, H, K } = evenSizes(fields, ['n_embd', 'n_layer', 'n_head']);
  const scaled = fields.boolean('scale_attn_weights', true);
  const byLayer = fields.boolean('scale_attn_by_inverse_layer_idx', false);
  const context = fields.value('n_ctx');
  fields.refuse(
    ['sliding_window', 'window_size', 'rope_scaling', 'rope_parameters', 'rope_theta'].map((name) => [
      name,
      () => false,
    ]),
  );
  const maxPositions = fields.size('n_positions', LARGEST.positions, typeof context === 'number' ? context : undefined);
  return {
    ...PLAIN_WIRING,
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
    positions: { kind: 'learned', firstRow: 0 },
    attentionScale: Array.from({ length: L }, (_, i) => (scaled ? 1 / Math.sqrt(K) : 1) / (byLayer ? i + 1 : 1)),
    attentionWindow: new Array<number>(L).fill(maxPositions),
    tied: fields.boolean('tie_word_embeddings', true),
    biases: { qkv: true, attentionOut: true, mlp: true, head: false },
    ...specialTokens(fields, V, warn),
  };
}
