import * as Plot from '@observablehq/plot';
import { plainTick, valueAxis } from '../svg/axes.ts';
import { chart, type Drawing, gridLines, zeroLine } from '../svg/chart.ts';
import { colour } from '../svg/palette.ts';

/** Bars above and below zero at 0, 1, 2, …: upwards blue, downwards vermilion. */
export function signedBars(values: readonly number[], x: Plot.ScaleOptions, label: string): Drawing {
  const bars = values.map((value, i) => ({ i, value })).filter(({ value }) => Number.isFinite(value));
  const spread = wideSpread(bars.map(({ value }) => Math.abs(value)));
  const y = spread === null ? valueAxis(label) : symmetricLogAxis(label, spread);
  return chart({
    marginLeft: 60,
    x,
    y,
    marks: [
      gridLines(y),
      Plot.rectY(bars, {
        x1: ({ i }) => i - 0.36,
        x2: ({ i }) => i + 0.36,
        y: 'value',
        fill: ({ value }) => colour(value < 0 ? 'vermilion' : 'blue'),
      }),
      zeroLine(),
    ],
  });
}

/** The sizes' [small, large] when a linear axis would hide most of them, else null. */
function wideSpread(sizes: readonly number[]): { readonly small: number; readonly large: number } | null {
  const sorted = sizes.filter((size) => size > 0).sort((a, b) => a - b);
  const large = sorted.at(-1);
  const middle = sorted[sorted.length >> 1];
  if (large === undefined || middle === undefined || large < 100 * middle) return null;
  return { small: sorted[sorted.length >> 2] ?? middle, large };
}

function symmetricLogAxis(label: string, { small, large }: { small: number; large: number }): Plot.ScaleOptions {
  const from = Math.floor(Math.log10(small));
  const to = Math.ceil(Math.log10(large));
  const every = Math.max(1, Math.ceil((to - from + 1) / 4));
  const powers: number[] = [];
  for (let power = to; power >= from; power -= every) powers.push(10 ** power);
  return valueAxis(`${label}, symmetric log scale`, {
    type: 'symlog',
    constant: 10 ** from,
    ticks: [...powers.map((size) => -size), 0, ...powers],
    tickFormat: plainTick,
    nice: false,
  });
}
