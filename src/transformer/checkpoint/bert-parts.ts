import { ACTIVATION_NAMES } from './activation-names.ts';
import type { ConfigFields } from './config-fields.ts';
import type { ModelConfig } from './family.ts';
import { PLAIN_WIRING } from './plain-wiring.ts';
import { evenSizes, LARGEST } from './sizes.ts';
import { specialTokens } from './special-tokens.ts';

/** Names of norms as BERT's first files have them. */
export function respeltNorms(stored: string): string {
  return stored.replace(/\bLayerNorm\.gamma$/, 'LayerNorm.weight').replace(/\bLayerNorm\.beta$/, 'LayerNorm.bias');
}

/** Fields that make another computation of a BERT than an encoder's. */
export function refuseDecoder(fields: ConfigFields): void {
  fields.refuse([
    ['is_decoder', (value) => value === false],
    ['sliding_window', () => false],
    ['window_size', () => false],
    ['rope_theta', () => false],
    ['rope_scaling', () => false],
    ['rope_parameters', () => false],
  ]);
}

/** What BERT, RoBERTa and DistilBERT share: norms after the sums and after the embedding, learned positions, biases everywhere, and the head of masked words. */
export const BERT_WIRING = {
  ...PLAIN_WIRING,
  causal: false,
  normPlacement: 'post',
  embeddingNorm: true,
  finalNorm: false,
  gated: false,
  biases: { qkv: true, attentionOut: true, mlp: true, head: true },
} as const satisfies Partial<ModelConfig>;

/** The configuration of a BERT, whose first token has the position `firstRow` of the table; `head` is the activation of its head, null for that of the MLP. */
export function bertConfig(
  fields: ConfigFields,
  warn: (warning: string) => void,
  { head, ...places }: { readonly firstRow: number; readonly unplaced?: number; readonly head: 'gelu' | null },
): ModelConfig {
  const { V, D, L, H, K } = evenSizes(fields, ['hidden_size', 'num_hidden_layers', 'num_attention_heads']);
  const { firstRow } = places;
  const rows = fields.size('max_position_embeddings', LARGEST.positions, 512);
  if (rows <= firstRow)
    throw fields.fault('max_position_embeddings', `be more than pad_token_id + 1 = ${firstRow}`, rows);
  const maxPositions = rows - firstRow;
  const activation = fields.choice('hidden_act', ACTIVATION_NAMES, 'gelu');
  refuseDecoder(fields);
  return {
    ...BERT_WIRING,
    headTransform: { activation: head ?? activation, bias: true },
    V,
    D,
    L,
    H,
    G: H,
    K,
    F: fields.size('intermediate_size', LARGEST.width),
    maxPositions,
    norm: { kind: 'layer', eps: fields.positive('layer_norm_eps', 1e-12), offset: 0, bias: true },
    tokenTypes: fields.size('type_vocab_size', LARGEST.vocabulary, 2),
    activation,
    positions: { kind: 'learned', ...places },
    attentionScale: new Array<number>(L).fill(1 / Math.sqrt(K)),
    attentionWindow: new Array<number>(L).fill(maxPositions),
    tied: fields.boolean('tie_word_embeddings', true),
    ...specialTokens(fields, V, warn),
  };
}

/** The rows of a BERT's body under a prefix. */
export function bertRows<Prefix extends string>(prefix: Prefix) {
  return [
    [`${prefix}.embeddings.word_embeddings`, 'embedding'],
    [`${prefix}.embeddings.position_embeddings`, 'positions'],
    [`${prefix}.embeddings.token_type_embeddings`, 'tokenTypes'],
    [`${prefix}.embeddings.LayerNorm`, 'embeddingNorm'],
    [`${prefix}.encoder.layer.#.attention.self.query`, 'q'],
    [`${prefix}.encoder.layer.#.attention.self.key`, 'k'],
    [`${prefix}.encoder.layer.#.attention.self.value`, 'v'],
    [`${prefix}.encoder.layer.#.attention.output.dense`, 'out'],
    [`${prefix}.encoder.layer.#.attention.output.LayerNorm`, 'norm1'],
    [`${prefix}.encoder.layer.#.intermediate.dense`, 'pre'],
    [`${prefix}.encoder.layer.#.output.dense`, 'down'],
    [`${prefix}.encoder.layer.#.output.LayerNorm`, 'norm2'],
  ] as const;
}
