import type { ConfigFields } from './config-fields.ts';
import type { TensorRow } from './family.ts';
import { GATED_ROWS } from './gated-rows.ts';
import { PLAIN_WIRING } from './plain-wiring.ts';
import { LARGEST } from './sizes.ts';
import { specialTokens } from './special-tokens.ts';
import { windowedLayers, windowsOf } from './windows.ts';

/** Sizes where config.json does not say them. */
export interface GemmaSizes {
  readonly D: number;
  readonly L: number;
  readonly H: number;
  readonly G: number;
  readonly K: number;
  readonly F: number;
  readonly V: number;
  readonly maxPositions: number;
}

/** Norms before and after both sublayers. */
export const SANDWICH_ROWS: readonly TensorRow[] = [
  ...GATED_ROWS,
  ['model.layers.#.input_layernorm', 'norm1'],
  ['model.layers.#.post_attention_layernorm', 'norm1Post'],
  ['model.layers.#.pre_feedforward_layernorm', 'norm2'],
  ['model.layers.#.post_feedforward_layernorm', 'norm2Post'],
];

/** V and the sizes of a Gemma, whose published files leave out what the class has. */
export function gemmaSizes(fields: ConfigFields, absent: GemmaSizes): GemmaSizes {
  const V = fields.size('vocab_size', LARGEST.vocabulary, absent.V);
  const D = fields.size('hidden_size', LARGEST.width, absent.D);
  const L = fields.size('num_hidden_layers', LARGEST.layers, absent.L);
  const H = fields.size('num_attention_heads', LARGEST.width, absent.H);
  const G = fields.size('num_key_value_heads', H, absent.G);
  if (H % G !== 0) throw fields.fault('num_key_value_heads', `divide num_attention_heads = ${H}`, G);
  const K = fields.size('head_dim', Math.min(LARGEST.headWidth, Math.floor(LARGEST.width / H)), absent.K);
  if (K % 2 !== 0) throw fields.fault('head_dim', 'be even, which rotary positions need', K);
  const F = fields.size('intermediate_size', LARGEST.width, absent.F);
  return {
    V,
    D,
    L,
    H,
    G,
    K,
    F,
    maxPositions: fields.size('max_position_embeddings', LARGEST.positions, absent.maxPositions),
  };
}

/** What all Gemmas are: RMSNorm with 1 + w, embeddings times √D, a gated MLP, rotation of all coordinates, no biases by default. */
export function gemmaCommon(fields: ConfigFields, sizes: GemmaSizes, warn: (warning: string) => void) {
  const bias = fields.boolean('attention_bias', false);
  fields.refuse([
    ['use_bidirectional_attention', (value) => value === false],
    ['window_size', () => false],
  ]);
  return {
    ...PLAIN_WIRING,
    ...sizes,
    norm: { kind: 'rms', eps: fields.positive('rms_norm_eps', 1e-6), offset: 1, bias: false },
    embeddingScale: Math.sqrt(sizes.D),
    gated: true,
    tied: fields.boolean('tie_word_embeddings', true),
    biases: { qkv: bias, attentionOut: bias, mlp: false, head: false },
    ...specialTokens(fields, sizes.V, warn),
  } as const;
}

/** The soft caps of scores and logits: what the file says, none where it says null, `absent` where it says nothing. */
export function gemmaCaps(
  fields: ConfigFields,
  absent: { readonly scores: number | null; readonly logits: number | null },
) {
  const cap = (name: string, fallback: number | null): number | null =>
    fields.isNull(name) || (fallback === null && fields.value(name) === undefined)
      ? null
      : fields.positive(name, fallback ?? undefined);
  return {
    scoreCap: cap('attn_logit_softcapping', absent.scores),
    logitCap: cap('final_logit_softcapping', absent.logits),
  };
}

/** Scores over √`query_pre_attn_scalar`, in every layer. */
export function gemmaScales(fields: ConfigFields, L: number): number[] {
  return new Array<number>(L).fill(1 / Math.sqrt(fields.positive('query_pre_attn_scalar', 256)));
}

/** The windowed layers, all but every `period`-th unless `layer_types` says otherwise, and the windows of all. */
export function gemmaWindows(fields: ConfigFields, { L, maxPositions }: GemmaSizes, period: number) {
  const windowed = windowedLayers(fields, L, (layer) => (layer + 1) % period !== 0);
  if (fields.isNull('sliding_window') && windowed.includes(true)) {
    throw fields.fault('sliding_window', 'be a number where layers are windowed', null);
  }
  const window = fields.size('sliding_window', LARGEST.positions, 4096);
  return { windowed, attentionWindow: windowsOf(windowed, window, maxPositions) };
}
