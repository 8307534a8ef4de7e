import type { ConfigFields } from './config-fields.ts';

/** Largest sizes accepted; beyond them a file is damaged, and nothing is allocated for it. */
export const LARGEST = {
  layers: 4096,
  width: 1 << 24,
  headWidth: 1 << 16,
  vocabulary: 1 << 28,
  positions: 1 << 28,
} as const;

/** V and the sizes of a model whose heads share its width evenly, from the fields that a family has for D, L and H. */
export function evenSizes(fields: ConfigFields, [width, layers, heads]: readonly [D: string, L: string, H: string]) {
  const V = fields.size('vocab_size', LARGEST.vocabulary);
  const D = fields.size(width, LARGEST.width);
  const L = fields.size(layers, LARGEST.layers);
  const H = fields.size(heads, D);
  if (D % H !== 0) throw fields.fault(heads, `divide ${width} = ${D}`, H);
  if (D / H > LARGEST.headWidth) throw fields.fault(heads, `give heads of at most ${LARGEST.headWidth} coordinates`, H);
  return { V, D, L, H, K: D / H };
}

/**
 * V and the sizes of a model whose H query heads share G key and value heads, from the usual names of the fields. Heads have `head_dim` coordinates, or
 * share the width evenly; K is even, which rotary positions need.
 *
 * @param fallback G where the file does not say; H if undefined
 */
export function groupedSizes(fields: ConfigFields, fallback?: number) {
  const V = fields.size('vocab_size', LARGEST.vocabulary);
  const D = fields.size('hidden_size', LARGEST.width);
  const L = fields.size('num_hidden_layers', LARGEST.layers);
  const H = fields.size('num_attention_heads', LARGEST.width);
  const G = fields.size('num_key_value_heads', H, fallback ?? H);
  if (H % G !== 0) throw fields.fault('num_key_value_heads', `divide num_attention_heads = ${H}`, G);
  return { V, D, L, H, G, K: headWidth(fields, D, H) };
}

function headWidth(fields: ConfigFields, D: number, H: number): number {
  const given = fields.value('head_dim');
  if (given === undefined && D % H !== 0) {
    throw fields.fault('num_attention_heads', `divide hidden_size = ${D} where there is no head_dim`, H);
  }
  if (given === undefined && D / H > LARGEST.headWidth) {
    throw fields.fault('num_attention_heads', `give heads of at most ${LARGEST.headWidth} coordinates`, H);
  }
  const widest = Math.min(LARGEST.headWidth, Math.max(1, Math.floor(LARGEST.width / H)));
  const K = fields.size('head_dim', widest, D / H);
  if (K % 2 !== 0) {
    const field = given === undefined ? 'num_attention_heads' : 'head_dim';
    throw fields.fault(field, 'give heads of even width, which rotary positions need', given ?? H);
  }
  return K;
}
