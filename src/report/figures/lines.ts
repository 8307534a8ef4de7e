import * as Plot from '@observablehq/plot';
import { chart, type Drawing, gridLines, zeroLine } from '../svg/chart.ts';
import { type ColourName, colour } from '../svg/palette.ts';

/** Values at 0, 1, 2, …, joined by a line. */
export interface Series {
  readonly values: readonly number[];
  /** Name in the legend; none for a series that is alone. */
  readonly label?: string;
  /** The second of two: another colour and dashes. */
  readonly second?: boolean;
}

/** One or two lines over stages, sublayers or orders. What an axis cannot show (0 on a log axis, infinities) leaves a gap. */
export function lines(
  series: readonly Series[],
  x: Plot.ScaleOptions,
  y: Plot.ScaleOptions,
  marks: readonly Plot.Markish[] = [],
): Drawing {
  const logarithmic = y.type === 'log';
  return chart({
    x,
    y,
    legend: series.flatMap(({ label, second }) =>
      label === undefined
        ? []
        : [{ label, colour: colour(colourOf(second)), symbol: second ? 'dashed' : 'line' } as const],
    ),
    marks: [
      gridLines(y),
      logarithmic ? null : zeroLine(),
      ...marks,
      ...series.map(({ values, second }) => {
        const points = values.map((value, i) => ({ i, value }));
        const stroke = colour(colourOf(second));
        const dashes = second ? { strokeDasharray: '4 3' } : {};
        return [
          Plot.line(points, { x: 'i', y: 'value', stroke, strokeWidth: 2, ...dashes }),
          Plot.dot(points, { x: 'i', y: 'value', fill: stroke, r: points.length > 30 ? 1.9 : 3 }),
        ];
      }),
    ],
  });
}

function colourOf(second: boolean | undefined): ColourName {
  return second ? 'vermilion' : 'blue';
}
