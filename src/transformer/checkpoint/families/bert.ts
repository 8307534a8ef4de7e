import { bertConfig, bertRows, respeltNorms } from '../bert-parts.ts';
import type { ModelFamily } from '../family.ts';

/**
 * BERT: an encoder whose tokens see the whole text, with norms after the sums, learned positions, token types (all of the first here) and a head that tells masked words. Files
 * without the head open as an encoder without output units; a pooler and the head of following sentences are not read.
 *
 * @source J. Devlin et al., arXiv:1810.04805; the documented fields of transformers' BertConfig.
 */
export const bert: ModelFamily = {
  architectures: ['BertForMaskedLM', 'BertForPreTraining', 'BertModel'],
  config: (fields, warn) => bertConfig(fields, warn, { firstRow: 0, head: null }),
  prefix: 'bert.',
  respelt: respeltNorms,
  // A tied decoder has no bias of its own.
  renamed: ({ tied }) => (tied ? { 'cls.predictions.decoder': 'cls.predictions' } : {}),
  spares: /^(bert\.)?(embeddings\.position_ids$|pooler\.)|^cls\.(seq_relationship\.|predictions\.(decoder\.)?bias$)/,
  tensors: [
    ...bertRows('bert'),
    ['cls.predictions.transform.dense', 'headDense'],
    ['cls.predictions.transform.LayerNorm', 'headNorm'],
    ['cls.predictions.decoder', 'unembedding'],
  ],
};
