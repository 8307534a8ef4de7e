import type { Precision, RealBlock } from '../../backend/memory.ts';
import { lensStages } from '../logit-lens.ts';
import type { Model } from '../model.ts';
import { maskedRows, predictsMasked } from '../position.ts';
import { textGroups, tokensTogether } from '../text-groups.ts';
import { activationOf, type Trace, traceTogether } from '../trace.ts';

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

/** What {@link eachStageRows} calls. */
export interface StageRowsUser {
  /** Rows that are shown at a time at most. */
  readonly most: number;
  /** Sees the rows of the text with this index. */
  use(rows: StageRows, text: number): void;
  /** Hears that a text is done. */
  done(text: number): void;
}

/** Runs a model over some texts and shows the streams of the tokens that predict, text by text. */
export function eachStageRows(
  model: Model,
  texts: readonly (readonly number[])[],
  precision: Precision,
  user: StageRowsUser,
): void {
  const names = lensStages(model.config);
  let text = 0;
  for (const group of textGroups(texts, ({ length }) => length, tokensTogether(model, precision))) {
    const traces = traceTogether(
      model,
      group.map((ids) => ({ ids })),
      { precision, keep: names },
    );
    for (const trace of traces) {
      showRows(model, trace, names, user, text);
      user.done(text++);
    }
  }
}

function showRows(
  model: Model,
  trace: Trace,
  names: readonly string[],
  { most, use }: StageRowsUser,
  text: number,
): void {
  const { precision } = trace;
  const { D } = model.config;
  const { memory } = model.backend;
  const predicting = predictingRows(model, trace.ids);
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
      use({ rows, tokens, streams }, text);
    });
  }
}
