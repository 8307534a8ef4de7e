import * as Plot from '@observablehq/plot';
import type { RankedToken } from '../../transformer/next-token.ts';
import { chart } from '../svg/chart.ts';
import type { Figure } from '../svg/figure.ts';
import { colour } from '../svg/palette.ts';
import { percent } from '../text/numerals.ts';
import { quoted, tokenLabel } from '../text/printable.ts';
import { fitEnd } from '../text/width.ts';

/** The likeliest next tokens, or words of a masked token, as horizontal bars. */
export function nextTokenFigure(top: readonly RankedToken[], masked: boolean): Figure {
  const bars = top.map(({ id, token, logProb }, rank) => ({ id, rank, token, probability: Math.exp(logProb) }));
  const first = bars[0];
  const drawing = chart({
    height: 46 + 22 * bars.length,
    marginLeft: 120,
    marginRight: 60,
    marginTop: 4,
    x: {
      label: `probability of the ${masked ? 'masked word' : 'next token'}`,
      labelAnchor: 'center',
      labelArrow: 'none',
      domain: [0, niceMaximum(bars.map(({ probability }) => probability))],
      ticks: 5,
      tickSize: 0,
    },
    y: {
      type: 'band',
      domain: bars.map(({ rank }) => rank),
      label: null,
      tickSize: 0,
      tickFormat: (rank: number) => fitEnd(tokenLabel(bars[rank]?.token ?? ''), 9.7),
      padding: 0.22,
    },
    marks: [
      Plot.gridX({ stroke: colour('rule'), strokeOpacity: 1, ticks: 5 }),
      Plot.barX(bars, { y: 'rank', x: 'probability', fill: colour('blue') }),
      Plot.text(bars, {
        y: 'rank',
        x: 'probability',
        text: ({ probability }) => percent(probability),
        textAnchor: 'start',
        dx: 5,
        fill: colour('soft'),
      }),
    ],
  });
  return {
    name: 'next-token',
    title: masked ? 'Likeliest words' : 'Likeliest next tokens',
    description: `Bar chart of the probabilities of the ${bars.length} likeliest ${masked ? 'words' : 'next tokens'}${
      first === undefined ? '' : `; first is ${quoted(first.token)} with ${percent(first.probability)}`
    }.`,
    caption: `Softmax of the logits at the ${masked ? 'masked' : 'last'} position, temperature 1. A space at either end of a token is drawn as ␣.`,
    ...drawing,
  };
}

function niceMaximum(values: readonly number[]): number {
  const largest = Math.max(0, ...values.filter(Number.isFinite));
  return largest > 0 ? largest : 1;
}
