import type { TransformerConfig } from '../config.ts';
import type { ConfigFields } from './config-fields.ts';

/** What a configuration asks of the weight files. */
export interface TensorPlan {
  /** Shape of every tensor the model uses, by canonical name. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** The canonical name of a stored one. */
  canonicalName(stored: string): string;
  /** true for a tensor (by canonical name) that checkpoints of this family carry without need: masks, tied heads. */
  isSpare(name: string): boolean;
  /** The two tensors that are one where the unembedding is tied, by canonical name; null in a family without such a pair. */
  readonly head: { readonly embedding: string; readonly unembedding: string } | null;
}

/** How one family of checkpoints is read. */
export interface FamilyReader {
  /** Classes in `architectures` that compute what this package computes. */
  readonly architectures: readonly string[];
  /** @throws FormatError naming the field. `warn` takes what is worth telling the user. */
  config(fields: ConfigFields, warn: (warning: string) => void): TransformerConfig;
  plan(config: TransformerConfig): TensorPlan;
}

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

/** Largest sizes accepted; beyond them a file is damaged, and nothing is allocated for it. */
export const LARGEST = {
  layers: 4096,
  width: 1 << 24,
  headWidth: 1 << 16,
  vocabulary: 1 << 28,
  positions: 1 << 28,
} as const;
