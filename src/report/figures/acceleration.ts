import * as Plot from '@observablehq/plot';
import { ACCELERATION_METHODS, type AccelerationMethod } from '../../dyson/acceleration/methods.ts';
import type {
  AcceleratedSequence,
  AccelerationResult,
  AccelerationScore,
} from '../../dyson/acceleration/run-acceleration.ts';
import { integerAxis, logAxis } from '../svg/axes.ts';
import { chart, gridLines, type LegendEntry } from '../svg/chart.ts';
import { type Figure, figureFile } from '../svg/figure.ts';
import { type ColourName, colour } from '../svg/palette.ts';
import { count, numeral } from '../text/numerals.ts';
import { prose } from '../text/prose.ts';

/** Names of the methods, for people. */
export const METHOD_LABELS: Readonly<Record<AccelerationMethod, string>> = {
  truncation: 'truncation',
  lens: 'logit lens',
  aitken: 'Aitken',
  scalarEpsilon: 'scalar ε',
  vectorEpsilon: 'vector ε',
  minimalPolynomial: 'MPE',
  reducedRank: 'RRE',
  anderson: 'Anderson',
  borelPade: 'Borel–Padé',
};

const LOOKS: Readonly<Record<AccelerationMethod, { readonly paint: ColourName; readonly dashed: boolean }>> = {
  truncation: { paint: 'ink', dashed: false },
  lens: { paint: 'ink', dashed: true },
  aitken: { paint: 'soft', dashed: false },
  scalarEpsilon: { paint: 'purple', dashed: true },
  vectorEpsilon: { paint: 'purple', dashed: false },
  minimalPolynomial: { paint: 'blue', dashed: false },
  reducedRank: { paint: 'teal', dashed: false },
  anderson: { paint: 'teal', dashed: true },
  borelPade: { paint: 'vermilion', dashed: false },
};

/** Error curves of the methods as SVG files by name. */
export function renderAccelerationFigures(result: AccelerationResult): Map<string, string> {
  const figures = (['trajectory', 'series'] as const).flatMap((sequence) => [
    curves(result, sequence, 'error'),
    curves(result, sequence, 'divergence'),
  ]);
  return new Map(figures.map((figure) => [`${figure.name}.svg`, figureFile(figure)]));
}

const WHAT: Readonly<Record<AcceleratedSequence, string>> = {
  trajectory: 'states along depth',
  series: 'partial sums of the Dyson series',
};

const MEASURES = {
  error: {
    label: 'relative error',
    words: 'median relative error of the final state',
    of: (score: AccelerationScore) => score.stateError.median,
  },
  divergence: {
    label: 'nats',
    words: 'median KL(model ‖ prediction) in nats',
    of: (score: AccelerationScore) => score.kl.median,
  },
} as const;

function curves(result: AccelerationResult, sequence: AcceleratedSequence, measure: keyof typeof MEASURES): Figure {
  const { label, words, of } = MEASURES[measure];
  const scores = result.scores.filter((score) => score.sequence === sequence);
  const series = ACCELERATION_METHODS.map((method) => ({
    method,
    points: scores
      .filter((score) => score.method === method)
      .map((score) => ({ terms: score.terms, value: of(score) })),
  })).filter(({ points }) => points.length > 0);
  const values = series.flatMap(({ points }) => points.map(({ value }) => value));
  const y = logAxis(label, values);
  const last = result.terms.at(-1);
  const truncated = series[0]?.points.at(-1)?.value;
  return {
    name: `acceleration-${sequence}-${measure}`,
    title: `Extrapolating the ${WHAT[sequence]}`,
    description: `The ${words} against the number of terms, for ${series.length} ways to predict it; from ${last} terms truncation gives ${numeral(truncated)}.`,
    caption: prose`The ${words} over ${count(result.prompts)} prompts, from the first terms of the ${WHAT[sequence]}, ${count(result.S + 1)} in all (Dyson, §VI). A method below truncation has accelerated the sequence.`,
    ...chart({
      width: 900,
      height: 340,
      legend: series.map(({ method }): LegendEntry => {
        const { paint, dashed } = LOOKS[method];
        return { label: METHOD_LABELS[method], colour: colour(paint), symbol: dashed ? 'dashed' : 'line' };
      }),
      x: integerAxis(1, result.S, 'terms m'),
      y,
      marks: [
        gridLines(y),
        ...series.map(({ method, points }) => {
          const { paint, dashed } = LOOKS[method];
          const shown = points.filter(({ value }) => value > 0 && Number.isFinite(value));
          const stroke = colour(paint);
          const dashes = dashed ? { strokeDasharray: '4 3' } : {};
          return [
            Plot.line(shown, { x: 'terms', y: 'value', stroke, strokeWidth: 2, ...dashes }),
            Plot.dot(shown, { x: 'terms', y: 'value', fill: stroke, r: 2.5 }),
          ];
        }),
      ],
    }),
    wide: true,
  };
}
