import { ACTIVATION_NAMES } from '../activation-names.ts';
import type { ConfigFields } from '../config-fields.ts';
import type { ModelConfig, ModelFamily } from '../family.ts';
import { PLAIN_WIRING } from '../plain-wiring.ts';
import { evenSizes, LARGEST } from '../sizes.ts';
import { specialTokens } from '../special-tokens.ts';

/** Row of the table of positions that belongs to the first token. */
const FIRST_POSITION = 2;

/**
 * OPT: LayerNorm, learned positions that begin at row 2 of their table, separate q, k and v. The model of 350 million parameters has its norms after the sublayers, none at
 * the end, and an embedding narrower than the stream. Galactica is stored as OPT without biases.
 *
 * @source S. Zhang et al., arXiv:2205.01068; the documented fields of transformers' OPTConfig.
 */
export const opt: ModelFamily = {
  architectures: ['OPTForCausalLM', 'OPTModel'],
  config: optConfig,
  prefix: 'model.',
  tensors: [
    ['model.decoder.embed_tokens', 'embedding'],
    ['model.decoder.embed_positions', 'positions'],
    ['model.decoder.project_in', 'embeddingIn'],
    ['model.decoder.layers.#.self_attn.q_proj', 'q'],
    ['model.decoder.layers.#.self_attn.k_proj', 'k'],
    ['model.decoder.layers.#.self_attn.v_proj', 'v'],
    ['model.decoder.layers.#.self_attn.out_proj', 'out'],
    ['model.decoder.layers.#.self_attn_layer_norm', 'norm1'],
    ['model.decoder.layers.#.fc1', 'pre'],
    ['model.decoder.layers.#.fc2', 'down'],
    ['model.decoder.layers.#.final_layer_norm', 'norm2'],
    ['model.decoder.final_layer_norm', 'finalNorm'],
    ['model.decoder.project_out', 'embeddingOut'],
    ['lm_head', 'unembedding'],
  ],
};

function optConfig(fields: ConfigFields, warn: (warning: string) => void): ModelConfig {
  const { V, D, L, H, K } = evenSizes(fields, ['hidden_size', 'num_hidden_layers', 'num_attention_heads']);
  const maxPositions = fields.size('max_position_embeddings', LARGEST.positions, 2048);
  const E = fields.size('word_embed_proj_dim', LARGEST.width, D);
  const before = fields.boolean('do_layer_norm_before', true);
  const bias = fields.boolean('enable_bias', true);
  const affine = fields.boolean('layer_norm_elementwise_affine', true);
  // Read in any case: it says nothing where norms come after.
  const ends = !fields.boolean('_remove_final_layer_norm', false);
  fields.ignore(['init_std', 'layerdrop', 'activation_dropout']);
  fields.refuse(
    ['sliding_window', 'window_size', 'rope_scaling', 'rope_parameters', 'rope_theta'].map((name) => [
      name,
      () => false,
    ]),
  );
  return {
    ...PLAIN_WIRING,
    normPlacement: before ? 'pre' : 'post',
    finalNorm: before && ends,
    normWeights: affine,
    embeddingWidth: E === D ? null : E,
    V,
    D,
    L,
    H,
    G: H,
    K,
    F: fields.size('ffn_dim', LARGEST.width),
    maxPositions,
    norm: { kind: 'layer', eps: 1e-5, offset: 0, bias: affine },
    activation: fields.choice('activation_function', ACTIVATION_NAMES, 'relu'),
    gated: false,
    positions: { kind: 'learned', firstRow: FIRST_POSITION },
    attentionScale: new Array<number>(L).fill(1 / Math.sqrt(K)),
    attentionWindow: new Array<number>(L).fill(maxPositions),
    tied: fields.boolean('tie_word_embeddings', true),
    biases: { qkv: bias, attentionOut: bias, mlp: bias, head: false },
    ...specialTokens(fields, V, warn),
  };
}
