import type { Block, Precision, RealBlock } from '../backend/memory.ts';
import { embeddingWidth } from './config.ts';
import { scaleBy } from './factors.ts';
import type { Model } from './model.ts';
import { recordedNorm } from './norm.ts';
import type { PassRows } from './pass.ts';
import type { Recorder } from './recorder.ts';
import { runsOf } from './rotation.ts';

/**
 * The stream before the first block, rows×D: N(s·E[id] W_in + P[position] + t), of which a model has the factor s, the map W_in from the width of
 * the embedding, the learned positions P, the token type t and the norm N only where its configuration says so. The block belongs to
 * the caller's memory scope.
 */
export function embedRows(model: Model, precision: Precision, rows: PassRows, recorder: Recorder): RealBlock {
  const { config, weights, backend } = model;
  const { D } = config;
  const { memory } = backend;
  const T = rows.ids.length;
  const x = memory.allocate(precision, T * D) as RealBlock;
  const norm = weights.embeddingNorm;
  memory.scope(() => {
    const sum = norm === null ? x : (memory.allocate(precision, T * D) as RealBlock);
    addUp(model, rows, sum);
    if (norm !== null) recordedNorm(model, recorder, 'embed_norm.scale', norm, sum, x, T);
  });
  recorder.record('embed', [T, D], x);
  return x;
}

/** The embedding without its norm. */
function addUp({ backend, config, weights }: Model, { ids, positions }: PassRows, x: RealBlock): void {
  const { memory, kernels } = backend;
  const { D, embeddingScale } = config;
  const { embedding, embeddingIn, tokenTypes } = weights;
  const plain = embeddingScale === 1 && embeddingIn === null;
  const E = embeddingWidth(config);
  const T = ids.length;
  const tokens = memory.allocate('i32', T);
  tokens.view().set(ids);
  const narrow = embeddingIn === null ? x : (memory.allocate(x.kind, T * E) as RealBlock);
  for (const { row, count, first } of runsOf(positions)) {
    kernels.embed({
      ids: tokens.part(row, count),
      table: embedding,
      positions: plain ? weights.positions : null,
      x: narrow.part(row * E, count * E) as RealBlock,
      first,
      T: count,
      D: E,
    });
  }
  scaleBy(narrow, embeddingScale);
  if (embeddingIn !== null)
    kernels.linear({ x: narrow, weights: embeddingIn.weights, bias: null, y: x, rows: T, k: E, n: D });
  if (!plain && weights.positions !== null) addTableRows(x, weights.positions, positions, D);
  if (tokenTypes !== null) addTableRows(x, tokenTypes, new Array<number>(T).fill(0), D);
}

/** x[t] += table[rows[t]]. */
function addTableRows(x: RealBlock, table: Block<'f32'>, rows: readonly number[], D: number): void {
  const [to, from] = [x.view(), table.view()];
  for (const [t, row] of rows.entries()) for (let c = 0; c < D; c++) to[t * D + c]! += from[row * D + c]!;
}
