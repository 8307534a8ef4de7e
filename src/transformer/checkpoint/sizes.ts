import type { ConfigFields } from './config-fields.ts';

/** Largest sizes accepted; beyond them a file is damaged, and nothing is allocated for it. */
export const LARGEST = {
  layers: 4096,
  width: 1 << 24,
  headWidth: 1 << 16,
  vocabulary: 1 << 28,
  positions: 1 << 28,
} as const;

/** The name of a field, or the names that files of different ages have for it. */
type FieldName = string | readonly [string, ...string[]];

/** V and the sizes of a model whose heads share its width evenly, from the fields that a family has for D, L and H. */
export function evenSizes(
  fields: ConfigFields,
  [width, layers, heads]: readonly [D: FieldName, L: FieldName, H: FieldName],
) {
  const V = fields.size('vocab_size', LARGEST.vocabulary);
  const D = sizeUnder(fields, width, LARGEST.width);
  const L = sizeUnder(fields, layers, LARGEST.layers);
  const H = sizeUnder(fields, heads, D);
  const [named] = namesThere(fields, heads);
  if (D % H !== 0) throw fields.fault(named, `divide ${namesThere(fields, width)[0]} = ${D}`, H);
  if (D / H > LARGEST.headWidth) throw fields.fault(named, `give heads of at most ${LARGEST.headWidth} coordinates`, H);
  return { V, D, L, H, K: D / H };
}

/** The size that stands under any of the names, the same under all that are there; required if there is no `fallback`. */
export function sizeUnder(fields: ConfigFields, name: FieldName, high: number, fallback?: number): number {
  const [first, ...others] = namesThere(fields, name);
  const size = fields.size(first, high, fallback);
  for (const other of others) {
    const twin = fields.size(other, high);
    if (twin !== size) throw fields.fault(other, `agree with ${first} = ${size}`, twin);
  }
  return size;
}

/** The names under which something stands, else the first. */
function namesThere(fields: ConfigFields, name: FieldName): readonly [string, ...string[]] {
  const names = typeof name === 'string' ? ([name] as const) : name;
  const [first, ...others] = names.filter((each) => fields.value(each) !== undefined);
  return first === undefined ? [names[0]] : [first, ...others];
}

/**
 * V and the sizes of a model whose H query heads share G key and value heads, from the usual names of the fields. Heads have `head_dim` coordinates, or
 * share the width evenly; K is even, which rotary positions need. `absent` has what a family takes where a field is not there; a null means H key/value heads.
 */
export function groupedSizes(fields: ConfigFields, absent: { readonly G?: number; readonly K?: number } = {}) {
  const V = fields.size('vocab_size', LARGEST.vocabulary);
  const D = fields.size('hidden_size', LARGEST.width);
  const L = fields.size('num_hidden_layers', LARGEST.layers);
  const H = fields.size('num_attention_heads', LARGEST.width);
  const groups = fields.isNull('num_key_value_heads') ? H : (absent.G ?? H);
  const G = fields.size('num_key_value_heads', H, groups);
  if (H % G !== 0) throw fields.fault('num_key_value_heads', `divide num_attention_heads = ${H}`, G);
  return { V, D, L, H, G, K: headWidth(fields, D, H, absent.K) };
}

function headWidth(fields: ConfigFields, D: number, H: number, absent?: number): number {
  const given = fields.value('head_dim') ?? absent;
  if (given === undefined && D % H !== 0) {
    throw fields.fault('num_attention_heads', `divide hidden_size = ${D} where there is no head_dim`, H);
  }
  if (given === undefined && D / H > LARGEST.headWidth) {
    throw fields.fault('num_attention_heads', `give heads of at most ${LARGEST.headWidth} coordinates`, H);
  }
  const widest = Math.min(LARGEST.headWidth, Math.max(1, Math.floor(LARGEST.width / H)));
  const K = fields.size('head_dim', widest, absent ?? D / H);
  if (K % 2 !== 0) {
    const field = given === undefined ? 'num_attention_heads' : 'head_dim';
    throw fields.fault(field, 'give heads of even width, which rotary positions need', given ?? H);
  }
  return K;
}
