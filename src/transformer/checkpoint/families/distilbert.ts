import { ACTIVATION_NAMES } from '../activation-names.ts';
import { BERT_WIRING, refuseDecoder, respeltNorms } from '../bert-parts.ts';
import type { ConfigFields } from '../config-fields.ts';
import type { ModelConfig, ModelFamily } from '../family.ts';
import { evenSizes, LARGEST } from '../sizes.ts';
import { specialTokens } from '../special-tokens.ts';

/**
 * DistilBERT: as BERT, with half as many layers, no token types and ε fixed.
 *
 * @source V. Sanh et al., arXiv:1910.01108; the documented fields of transformers' DistilBertConfig.
 */
export const distilBert: ModelFamily = {
  architectures: ['DistilBertForMaskedLM', 'DistilBertModel'],
  config: distilBertConfig,
  prefix: 'distilbert.',
  respelt: respeltNorms,
  spares: /^(distilbert\.)?embeddings\.position_ids$/,
  tensors: [
    ['distilbert.embeddings.word_embeddings', 'embedding'],
    ['distilbert.embeddings.position_embeddings', 'positions'],
    ['distilbert.embeddings.LayerNorm', 'embeddingNorm'],
    ['distilbert.transformer.layer.#.attention.q_lin', 'q'],
    ['distilbert.transformer.layer.#.attention.k_lin', 'k'],
    ['distilbert.transformer.layer.#.attention.v_lin', 'v'],
    ['distilbert.transformer.layer.#.attention.out_lin', 'out'],
    ['distilbert.transformer.layer.#.sa_layer_norm', 'norm1'],
    ['distilbert.transformer.layer.#.ffn.lin1', 'pre'],
    ['distilbert.transformer.layer.#.ffn.lin2', 'down'],
    ['distilbert.transformer.layer.#.output_layer_norm', 'norm2'],
    ['vocab_transform', 'headDense'],
    ['vocab_layer_norm', 'headNorm'],
    ['vocab_projector', 'unembedding'],
  ],
};

function distilBertConfig(fields: ConfigFields, warn: (warning: string) => void): ModelConfig {
  const { V, D, L, H, K } = evenSizes(fields, [
    ['dim', 'hidden_size'],
    ['n_layers', 'num_hidden_layers'],
    ['n_heads', 'num_attention_heads'],
  ]);
  const maxPositions = fields.size('max_position_embeddings', LARGEST.positions, 512);
  const activation = fields.choice('activation', ACTIVATION_NAMES, 'gelu');
  refuseDecoder(fields);
  // Sinusoidal positions are stored as learned ones are.
  fields.ignore(['sinusoidal_pos_embds', 'qa_dropout', 'seq_classif_dropout', 'tie_weights_']);
  return {
    ...BERT_WIRING,
    headTransform: { activation, bias: true },
    V,
    D,
    L,
    H,
    G: H,
    K,
    F: fields.size('hidden_dim', LARGEST.width),
    maxPositions,
    norm: { kind: 'layer', eps: 1e-12, offset: 0, bias: true },
    activation,
    positions: { kind: 'learned', firstRow: 0 },
    attentionScale: new Array<number>(L).fill(1 / Math.sqrt(K)),
    attentionWindow: new Array<number>(L).fill(maxPositions),
    tied: fields.boolean('tie_word_embeddings', true),
    ...specialTokens(fields, V, warn),
  };
}
