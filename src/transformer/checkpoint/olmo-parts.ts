import { ACTIVATION_NAMES } from './activation-names.ts';
import type { ConfigFields } from './config-fields.ts';
import type { TensorRow } from './family.ts';
import { GATED_ROWS, QUERY_KEY_NORM_ROWS } from './gated-rows.ts';
import { PLAIN_WIRING } from './plain-wiring.ts';
import { groupedSizes, LARGEST } from './sizes.ts';
import { specialTokens } from './special-tokens.ts';

/** Norms after both sublayers, and of queries and keys. */
export const OLMO_ROWS: readonly TensorRow[] = [
  ...GATED_ROWS,
  ...QUERY_KEY_NORM_ROWS,
  ['model.layers.#.post_attention_layernorm', 'norm1Post'],
  ['model.layers.#.post_feedforward_layernorm', 'norm2Post'],
];

/** What OLMo 2 and 3 have in common: all but positions and windows. */
export function olmoCommon(fields: ConfigFields, warn: (warning: string) => void) {
  const sizes = groupedSizes(fields);
  const bias = fields.boolean('attention_bias', false);
  fields.refuse([['window_size', () => false]]);
  return {
    ...PLAIN_WIRING,
    normPlacement: 'output',
    ...sizes,
    F: fields.size('intermediate_size', LARGEST.width),
    maxPositions: fields.size('max_position_embeddings', LARGEST.positions, 2048),
    norm: { kind: 'rms', eps: fields.positive('rms_norm_eps', 1e-5), offset: 0, bias: false },
    queryKeyNorm: { per: 'vector', bias: false },
    activation: fields.choice('hidden_act', ACTIVATION_NAMES, 'silu'),
    gated: true,
    attentionScale: new Array<number>(sizes.L).fill(1 / Math.sqrt(sizes.K)),
    tied: fields.boolean('tie_word_embeddings', false),
    biases: { qkv: bias, attentionOut: bias, mlp: false, head: false },
    ...specialTokens(fields, sizes.V, warn),
  } as const;
}
