import type { Precision, RealBlock } from '../backend/memory.ts';
import { type AttentionCache, type Pass, runBlock } from './block.ts';
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

/** One of the passes that go through a model together. */
export interface PassPart {
  readonly rows: PassRows;
  readonly cache: AttentionCache;
  readonly recorder: Recorder;
}

/**
 * Runs all blocks and the final norm, if there is one, over the rows of some passes. They go through each layer one after another before any of them
 * goes on to the next, so that a layer that is read from its file is read once for all. The rows of a pass may stand in one sequence or in several: only
 * its `cache` knows what a row sees before it. The results, rows×D each, belong to the caller's memory scope.
 */
export function runPasses(model: Model, precision: Precision, parts: readonly PassPart[]): RealBlock[] {
  const { weights } = model;
  const { memory } = model.backend;
  const { D } = model.config;
  const streams = parts.map(({ rows, recorder }) => embedRows(model, precision, rows, recorder));
  const passes = parts.map(({ rows, cache, recorder }): Pass => {
    const rotations = rotationsOf(model, rows.positions, rows.length, memory);
    return { model, precision, T: rows.ids.length, rotations, cache, recorder };
  });
  for (const [i, layer] of weights.layers.entries())
    for (const [p, pass] of passes.entries()) runBlock(pass, i, layer, streams[p]!);
  const { finalNorm } = weights;
  if (finalNorm === null) return streams;
  return passes.map(({ T, recorder }, p) => {
    const normed = memory.allocate(precision, T * D) as RealBlock;
    recordedNorm(model, recorder, 'final_norm.scale', finalNorm, streams[p]!, normed, T);
    recorder.record('final_norm', [T, D], normed);
    return normed;
  });
}
