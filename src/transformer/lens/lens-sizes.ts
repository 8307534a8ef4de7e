import { embeddingWidth, type TransformerConfig, unitCount } from '../config.ts';
import type { Model } from '../model.ts';

/** Products of D·V that one crossing of the boundary takes at once, unless {@link FEW_ROWS} are more. */
const MOST_PRODUCTS = 1e8;
/** Rows for which reading the unembedding costs little beside the products, and rows beyond which nothing is gained. */
const [FEW_ROWS, MANY_ROWS] = [64, 256];
/** Laws that are held at once, p and log p in f64: bytes, and at least this many. */
const [LAW_BYTES, FEW_LAWS] = [2 ** 26, 8];

/** Model width, and output units as the V of what follows. */
export function lensSizes(config: TransformerConfig): { readonly D: number; readonly V: number } {
  return { D: config.D, V: unitCount(config) };
}

/** Rows that go through the unembedding of a model at once. */
export function rowsAtOnce({ config }: { readonly config: TransformerConfig }): number {
  const { D, V } = lensSizes(config);
  return Math.min(MANY_ROWS, Math.max(FEW_ROWS, Math.floor(MOST_PRODUCTS / (D * V))));
}

/** Rows whose final laws are held at once: at most {@link rowsAtOnce}, fewer where there are many units. */
export function targetsAtOnce(model: { readonly config: TransformerConfig }): number {
  const { V } = lensSizes(model.config);
  return Math.min(rowsAtOnce(model), Math.max(FEW_LAWS, Math.floor(LAW_BYTES / (16 * V))));
}

/** Floating-point operations of looking at one row through an affine lens. */
export function lookFlop(config: TransformerConfig): number {
  const { D, V } = lensSizes(config);
  return 2 * (embeddingWidth(config) * V + D * D);
}

/** Of that and its gradient. */
export function gradientFlop(config: TransformerConfig): number {
  const { D } = config;
  return 2 * lookFlop(config) + 2 * D * D;
}

/** Of the affine maps of one token's pass; what attention takes besides grows with the text. */
export function passFlop({ weights }: Pick<Model, 'weights'>): number {
  const matrices = weights.layers.flatMap(({ q, k, v, out, pre, up, down }) => [q, k, v, out, pre, up, down]);
  return matrices.reduce((sum, matrix) => sum + (matrix === null ? 0 : 2 * matrix.k * matrix.n), 0);
}
