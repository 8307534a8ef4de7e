import type { Precision, RealBlock } from '../../backend/memory.ts';
import { lensStages } from '../logit-lens.ts';
import type { Model } from '../model.ts';
import { maskedRows, predictsMasked } from '../position.ts';
import { activationOf, traceForward } from '../trace.ts';

/** Tokens of a text that predict: all; the first alone of a classifier; the masked ones of a model of masked words, where a text has some. */
export function predictingRows(model: Pick<Model, 'config' | 'maskId'>, ids: readonly number[]): readonly number[] {
  const all = Array.from(ids, (_, row) => row);
  if (model.config.causal) return all;
  if (!predictsMasked(model)) return all.slice(0, 1);
  const masked = maskedRows(model, ids);
  return masked.length > 0 ? masked : all;
}

/** Some tokens of a text with their residual streams in a backend's memory. */
export interface StageRows {
  readonly rows: number;
  /** Numbers of the rows in their text. */
  readonly tokens: readonly number[];
  /** Residual stream by stage, rows×D each, in the order of `lensStages`. */
  readonly streams: readonly RealBlock[];
}

/** Runs a model over a text and shows the streams of the tokens that predict to `use`, at most `most` rows at a time. */
export function eachStageRows(
  model: Model,
  ids: readonly number[],
  precision: Precision,
  most: number,
  use: (rows: StageRows) => void,
): void {
  const { D } = model.config;
  const { memory } = model.backend;
  const names = lensStages(model.config);
  const trace = traceForward(model, ids, { precision, keep: names });
  const predicting = predictingRows(model, ids);
  for (let first = 0; first < predicting.length; first += most) {
    const tokens = predicting.slice(first, first + most);
    const rows = tokens.length;
    memory.scope(() => {
      const streams = names.map((name) => {
        const block = memory.allocate(precision, rows * D) as RealBlock;
        const [to, { data }] = [block.view(), activationOf(trace, name)];
        for (const [r, token] of tokens.entries()) to.set(data.subarray(token * D, (token + 1) * D), r * D);
        return block;
      });
      use({ rows, tokens, streams });
    });
  }
}
