import { alibiSlopes } from '../alibi.ts';
import type { ConfigFields } from '../config-fields.ts';
import type { ModelConfig, ModelFamily } from '../family.ts';
import { PLAIN_WIRING } from '../plain-wiring.ts';
import { evenSizes, LARGEST } from '../sizes.ts';
import { specialTokens } from '../special-tokens.ts';

/**
 * BLOOM: a LayerNorm on the embedding, slopes on distances in place of positions, q, k and v in one matrix head by head, and the tanh form of GELU with √(2/π) cut to eight
 * digits.
 *
 * @source T. Le Scao et al., arXiv:2211.05100; the documented fields of transformers' BloomConfig.
 */
export const bloom: ModelFamily = {
  architectures: ['BloomForCausalLM', 'BloomModel'],
  config: bloomConfig,
  prefix: 'transformer.',
  tensors: [
    ['transformer.word_embeddings', 'embedding'],
    ['transformer.word_embeddings_layernorm', 'embeddingNorm'],
    ['transformer.h.#.input_layernorm', 'norm1'],
    ['transformer.h.#.self_attention.query_key_value', ['q', 'k', 'v'], 'grouped'],
    ['transformer.h.#.self_attention.dense', 'out'],
    ['transformer.h.#.post_attention_layernorm', 'norm2'],
    ['transformer.h.#.mlp.dense_h_to_4h', 'pre'],
    ['transformer.h.#.mlp.dense_4h_to_h', 'down'],
    ['transformer.ln_f', 'finalNorm'],
    ['lm_head', 'unembedding'],
  ],
};

function bloomConfig(fields: ConfigFields, warn: (warning: string) => void): ModelConfig {
  const { V, D, L, H, K } = evenSizes(fields, [
    ['hidden_size', 'n_embed'],
    ['n_layer', 'num_hidden_layers'],
    ['n_head', 'num_attention_heads'],
  ]);
  // Nothing but its training bounds the length; files say it under a name that nothing reads.
  const maxPositions = fields.size('seq_length', LARGEST.positions, 2048);
  const parallelParts = fields.size('pretraining_tp', LARGEST.width, 1);
  fields.refuse([
    ['apply_residual_connection_post_layernorm', (value) => value === false],
    ['slow_but_exact', (value) => value === false || parallelParts === 1],
    ['n_inner', (value) => value === 4 * D],
    ['sliding_window', () => false],
    ['window_size', () => false],
  ]);
  fields.ignore([
    'attention_softmax_in_fp32',
    'bias_dropout_fusion',
    'masked_softmax_fusion',
    'offset_alibi',
    'skip_bias_add',
    'skip_bias_add_qkv',
    'unk_token_id',
  ]);
  return {
    ...PLAIN_WIRING,
    embeddingNorm: true,
    V,
    D,
    L,
    H,
    G: H,
    K,
    F: 4 * D,
    maxPositions,
    norm: { kind: 'layer', eps: fields.positive('layer_norm_epsilon', 1e-5), offset: 0, bias: true },
    activation: 'gelu_bloom',
    gated: false,
    positions: { kind: 'alibi', slopes: alibiSlopes(H) },
    attentionScale: new Array<number>(L).fill(1 / Math.sqrt(K)),
    attentionWindow: new Array<number>(L).fill(maxPositions),
    tied: fields.boolean('tie_word_embeddings', true),
    biases: { qkv: true, attentionOut: true, mlp: true, head: false },
    ...specialTokens(fields, V, warn),
  };
}
