import type { Precision, RealBlock } from '../backend/memory.ts';
import { type AttentionCache, runBlock } from './block.ts';
import { unitCount } from './config.ts';
import type { Model } from './model.ts';
import { normalise, renormalise } from './norm.ts';
import type { Recorder } from './recorder.ts';
import { rotationsOf, runsOf } from './rotation.ts';

/** The tokens of a pass: a row each. */
export interface PassRows {
  readonly ids: readonly number[];
  /** Position of each row in its own sequence. */
  readonly positions: readonly number[];
}

/**
 * Runs all blocks and the final norm, if there is one, over some rows. They may stand in one sequence or in several: only `cache` knows what a
 * row sees before it. The result, rows×D, belongs to the caller's memory scope.
 */
export function runPass(
  model: Model,
  precision: Precision,
  rows: PassRows,
  cache: AttentionCache,
  recorder: Recorder,
): RealBlock {
  const { backend, config, weights } = model;
  const { memory, kernels } = backend;
  const { D } = config;
  const T = rows.ids.length;
  const x = memory.allocate(precision, T * D) as RealBlock;
  const ids = memory.allocate('i32', T);
  ids.view().set(rows.ids);
  for (const { row, count, first } of runsOf(rows.positions)) {
    const part = x.part(row * D, count * D) as RealBlock;
    kernels.embed({
      ids: ids.part(row, count),
      table: weights.embedding,
      positions: weights.positions,
      x: part,
      first,
      T: count,
      D,
    });
  }
  recorder.record('embed', [T, D], x);
  const rotations = rotationsOf(model, rows.positions, memory);
  weights.layers.forEach((layer, i) => {
    runBlock({ model, precision, T, rotations, cache, recorder }, i, layer, x);
  });
  const { finalNorm } = weights;
  if (finalNorm === null) return x;
  const scale = memory.allocate('f64', T);
  const before = recorder.changes('final_norm.scale') ? (memory.allocate(precision, T * D) as RealBlock) : null;
  before?.view().set(x.view());
  normalise(model, finalNorm, x, x, scale, T);
  recorder.record('final_norm.scale', [T], scale);
  if (before !== null) renormalise(model, finalNorm, before, x, scale, T);
  recorder.record('final_norm', [T, D], x);
  return x;
}

/** Logits of rows that {@link runPass} gave, a column for each output unit. */
export function unembed({ backend, config, weights }: Model, x: RealBlock, rows: number): RealBlock {
  const { memory, kernels } = backend;
  const { unembedding } = weights;
  const units = unitCount(config);
  const logits = memory.allocate(x.kind, rows * units) as RealBlock;
  kernels.linear({ x, weights: unembedding.weights, bias: unembedding.bias, y: logits, rows, k: config.D, n: units });
  return logits;
}
