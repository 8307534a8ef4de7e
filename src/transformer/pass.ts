import type { Precision, RealBlock } from '../backend/memory.ts';
import { type AttentionCache, runBlock } from './block.ts';
import { embedRows } from './embedding.ts';
import type { Model } from './model.ts';
import { recordedNorm } from './norm.ts';
import type { Recorder } from './recorder.ts';
import { rotationsOf } from './rotation.ts';

/** The tokens of a pass: a row each. */
export interface PassRows {
  readonly ids: readonly number[];
  /** Position of each row in its own sequence. */
  readonly positions: readonly number[];
  /** Tokens of the whole sequence that the rows are part of. Where rows are of several, any of their lengths: all are of one {@link lengthClass}. */
  readonly length: number;
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
  const { weights } = model;
  const { memory } = model.backend;
  const { D } = model.config;
  const T = rows.ids.length;
  const x = embedRows(model, precision, rows, recorder);
  const rotations = rotationsOf(model, rows.positions, rows.length, memory);
  weights.layers.forEach((layer, i) => {
    runBlock({ model, precision, T, rotations, cache, recorder }, i, layer, x);
  });
  const { finalNorm } = weights;
  if (finalNorm === null) return x;
  const normed = memory.allocate(precision, T * D) as RealBlock;
  recordedNorm(model, recorder, 'final_norm.scale', finalNorm, x, normed, T);
  recorder.record('final_norm', [T, D], normed);
  return normed;
}
