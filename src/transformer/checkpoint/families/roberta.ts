import { bertConfig, bertRows, respeltNorms } from '../bert-parts.ts';
import type { ConfigFields } from '../config-fields.ts';
import type { ModelConfig, ModelFamily } from '../family.ts';
import { LARGEST } from '../sizes.ts';

/**
 * RoBERTa: as BERT, but positions begin behind the row of the padding token, which has none itself and so is refused in texts, and the head's activation is the exact GELU, whatever that of the MLPs is.
 *
 * @source Y. Liu et al., arXiv:1907.11692; the documented fields of transformers' RobertaConfig.
 */
export const roberta: ModelFamily = {
  architectures: ['RobertaForMaskedLM', 'RobertaModel'],
  config: robertaConfig,
  prefix: 'roberta.',
  respelt: respeltNorms,
  // A tied decoder has no bias of its own.
  renamed: ({ tied }) => (tied ? { 'lm_head.decoder': 'lm_head' } : {}),
  spares: /^(roberta\.)?(embeddings\.position_ids$|pooler\.)|^lm_head\.(decoder\.)?bias$/,
  tensors: [
    ...bertRows('roberta'),
    ['lm_head.dense', 'headDense'],
    ['lm_head.layer_norm', 'headNorm'],
    ['lm_head.decoder', 'unembedding'],
  ],
};

function robertaConfig(fields: ConfigFields, warn: (warning: string) => void): ModelConfig {
  const padding = fields.value('pad_token_id') ?? 1;
  if (!Number.isSafeInteger(padding) || (padding as number) < 0 || (padding as number) >= LARGEST.positions) {
    throw fields.fault('pad_token_id', 'be a token id, behind whose row positions begin', padding);
  }
  return bertConfig(fields, warn, { firstRow: (padding as number) + 1, unplaced: padding as number, head: 'gelu' });
}
