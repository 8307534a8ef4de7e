import type { Block, RealBlock } from '../backend/memory.ts';
import type { TransformerConfig } from './config.ts';
import type { Model } from './model.ts';
import { normalise, renormalise } from './norm.ts';
import type { NormWeights } from './weights.ts';

/** Rows that the norm of queries or keys takes apart, for T tokens of some heads, and their width. */
export interface NormRows {
  readonly rows: number;
  readonly D: number;
}

/** A row of width K for each head, or one for all heads together. */
export function normRows({ K, queryKeyNorm }: TransformerConfig, T: number, heads: number): NormRows {
  return queryKeyNorm?.per === 'vector' ? { rows: T, D: heads * K } : { rows: T * heads, D: K };
}

/** Shape of the scales of T tokens: one for each head, or one. */
export function scaleShape({ queryKeyNorm }: TransformerConfig, T: number, heads: number): readonly number[] {
  return queryKeyNorm?.per === 'vector' ? [T] : [T, heads];
}

/** The norm of queries or keys of T tokens, in place; the scale of each row goes to `scale`. */
export function normaliseHeads(
  model: Model,
  weights: NormWeights,
  x: RealBlock,
  scale: Block<'f64'>,
  { rows, D }: NormRows,
): void {
  model.backend.memory.scope(() => {
    const { row, own } = splitWeights(model, weights, D);
    normalise(model, row, x, x, scale, rows, D);
    if (own !== null) timesHeads(model, x, own);
  });
}

/** The same again of x, with scales that were changed. x and y must not overlap. */
export function renormaliseHeads(
  model: Model,
  weights: NormWeights,
  x: RealBlock,
  y: RealBlock,
  scale: Block<'f64'>,
  { rows, D }: NormRows,
): void {
  model.backend.memory.scope(() => {
    const { row, own } = splitWeights(model, weights, D);
    renormalise(model, row, x, y, scale, rows, D);
    if (own !== null) timesHeads(model, y, own);
  });
}

/** Weights of one row's width, and those that each head has for itself, to be multiplied by afterwards. */
export function splitWeights(
  { backend }: Pick<Model, 'backend'>,
  weights: NormWeights,
  D: number,
): { readonly row: NormWeights; readonly own: Block<'f64'> | null } {
  if (weights.gamma.length === D) return { row: weights, own: null };
  const ones = backend.memory.allocate('f64', D);
  ones.view().fill(1);
  return { row: { gamma: ones, beta: null }, own: weights.gamma };
}

/** Multiplies every token's heads by weights, one for each coordinate of each head. */
export function timesHeads({ backend }: Pick<Model, 'backend'>, x: RealBlock, weights: Block<'f64'>): void {
  const { memory, kernels } = backend;
  memory.scope(() => {
    const r = memory.allocate(x.kind, weights.length) as RealBlock;
    r.view().set(weights.view());
    kernels.multiply({ x, r, y: x, n: x.length, period: weights.length });
  });
}
