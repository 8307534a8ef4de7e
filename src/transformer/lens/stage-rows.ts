import type { Precision, RealBlock } from '../../backend/memory.ts';
import type { TransformerConfig } from '../config.ts';
import { lensStages } from '../logit-lens.ts';
import type { Model } from '../model.ts';
import { activationOf, traceForward } from '../trace.ts';

/** Tokens of a text that predict: all, or the first of a model whose tokens see the whole text. */
export function predictingRows({ causal }: Pick<TransformerConfig, 'causal'>, T: number): number {
  return causal ? T : 1;
}

/** Some neighbouring tokens of a text with their residual streams in a backend's memory. */
export interface StageRows {
  readonly rows: number;
  /** Number of the first row in its text. */
  readonly first: number;
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
  const predicting = predictingRows(model.config, ids.length);
  for (let first = 0; first < predicting; first += most) {
    const rows = Math.min(most, predicting - first);
    memory.scope(() => {
      const streams = names.map((name) => {
        const block = memory.allocate(precision, rows * D) as RealBlock;
        block.view().set(activationOf(trace, name).data.subarray(first * D, (first + rows) * D));
        return block;
      });
      use({ rows, first, streams });
    });
  }
}
