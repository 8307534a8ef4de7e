import type * as Plot from '@observablehq/plot';
import type { DysonResult } from '../../dyson/dyson-result.ts';
import { indexAxis, logAxis, positive, valueAxis } from '../svg/axes.ts';
import type { Figure } from '../svg/figure.ts';
import { numeral, signedNumeral } from '../text/numerals.ts';
import { predictingToken, tokenLabelOf } from '../text/predicting-token.ts';
import { quoted } from '../text/printable.ts';
import { prose } from '../text/prose.ts';
import { stageLabel } from '../text/stage-names.ts';
import { signedBars, sublayerBars } from './bars.ts';
import { lines } from './lines.ts';

/** Above this ratio of largest to smallest an axis of positive values is logarithmic. */
const WIDE = 30;

/** Step by step: logit attribution, updates, renormalisation, norms. */
export function sublayerFigures(dyson: DysonResult): Figure[] {
  return [attributionFigure(dyson), updateFigure(dyson), scaleFigure(dyson), normFigure(dyson)];
}

function attributionFigure({ sublayers, steps, embeddingTopLogit, top }: DysonResult): Figure {
  const names = ['embed', ...namesOf(sublayers)];
  const values = [embeddingTopLogit, ...sublayers.map(({ topLogit }) => topLogit)];
  const largest = values.reduce((best, value, i) => (Math.abs(value) > Math.abs(values[best]!) ? i : best), 0);
  return {
    name: 'dyson-attribution',
    title: 'Direct logit attribution',
    description: `Signed contribution of the embedding and of every ${steps} to the logit of ${quoted(top.token)}; the largest is ${signedNumeral(values[largest])} from ${stageLabel(names[largest] ?? '')}.`,
    caption: prose`All paths grouped by their last operator: what each ${steps}’s output adds to the logit of ${quoted(top.token)}. The bars add up to ${numeral(top.logit)}; “embed” includes the final biases.`,
    ...signedBars(values, indexAxis(names, steps), 'logit'),
  };
}

function updateFigure({ sublayers, steps, row, ids }: DysonResult): Figure {
  const token = predictingToken({ row, ids });
  return {
    name: 'dyson-update',
    title: 'Size of the updates',
    description: `Ratio of every ${steps}’s update to the state it is added to, at ${token}; a dashed line marks 1.`,
    caption: prose`‖δx‖/‖x‖ at ${token} (Dyson, eq. 2 and after). Well below the dashed line is the perturbative regime; near or above it, low orders cannot be expected to suffice.`,
    ...sublayerBars(
      namesOf(sublayers),
      sublayers.map(({ updateRatio }) => updateRatio),
      { what: steps, unit: '‖δx‖/‖x‖', reference: 1 },
    ),
  };
}

function scaleFigure({ sublayers, steps, row, ids }: DysonResult): Figure {
  const token = predictingToken({ row, ids });
  const last = sublayers.map(({ scale }) => scale);
  const mean = sublayers.map(({ scaleMean }) => scaleMean);
  return {
    name: 'dyson-scale',
    title: 'Renormalisation scale',
    description: `Scale σ of the norm in front of every ${steps}, from ${numeral(last[0])} to ${numeral(last.at(-1))} at ${token}.`,
    caption: prose`σ (LayerNorm) or rms (RMSNorm) in front of each ${steps}. Z = 1/σ is the wave-function renormalisation factor (Dyson, §IV.1): a growing σ makes later operators weaker.`,
    ...lines(
      [
        { label: tokenLabelOf({ row, ids }), values: last },
        { label: 'mean over tokens', values: mean, second: true },
      ],
      indexAxis(namesOf(sublayers), steps),
      amountAxis('σ', [...last, ...mean]),
    ),
  };
}

function normFigure({ sublayers, steps, row, ids }: DysonResult): Figure {
  const token = predictingToken({ row, ids });
  const stream = sublayers.map(({ stateNorm }) => stateNorm);
  const output = sublayers.map(({ outputNorm }) => outputNorm);
  return {
    name: 'dyson-norm',
    title: 'Residual stream and outputs',
    description: `Euclidean norms at ${token} of the residual stream before every ${steps}, from ${numeral(stream[0])} to ${numeral(stream.at(-1))}, and of every ${steps}’s output.`,
    caption: prose`Euclidean norms at ${token}: the stream that enters each ${steps}, and what the frozen operator adds to it, V^(l)x^(l) + B^(l) (Dyson, eq. 2).`,
    ...lines(
      [
        { label: 'stream before, ‖x‖', values: stream },
        { label: 'output, ‖Vx + B‖', values: output, second: true },
      ],
      indexAxis(namesOf(sublayers), steps),
      amountAxis('norm', [...stream, ...output]),
    ),
  };
}

function amountAxis(label: string, values: readonly number[]): Plot.ScaleOptions {
  const shown = positive(values);
  return Math.max(...shown) > WIDE * Math.min(...shown) ? logAxis(label, values) : valueAxis(label, { zero: true });
}

function namesOf(sublayers: DysonResult['sublayers']): string[] {
  return sublayers.map(({ name }) => name);
}
