import * as Plot from '@observablehq/plot';
import { indexAxis, plainTick, valueAxis } from '../svg/axes.ts';
import { chart, type Drawing, gridLines, type LegendEntry, zeroLine } from '../svg/chart.ts';
import { colour } from '../svg/palette.ts';
import { stageKind } from '../text/stage-names.ts';

/** Half the width of a bar; neighbours lie 1 apart. */
const HALF = 0.36;

interface Bar {
  readonly i: number;
  readonly value: number;
}

function barsOf(values: readonly number[]): Bar[] {
  return values.map((value, i) => ({ i, value })).filter(({ value }) => Number.isFinite(value));
}

function barMark(bars: readonly Bar[], fill: (bar: Bar) => string): Plot.Markish {
  return Plot.rectY(bars, { x1: ({ i }) => i - HALF, x2: ({ i }) => i + HALF, y: 'value', fill });
}

/** Bars above and below zero at 0, 1, 2, …: upwards blue, downwards vermilion. */
export function signedBars(values: readonly number[], x: Plot.ScaleOptions, label: string): Drawing {
  const bars = barsOf(values);
  const spread = wideSpread(bars.map(({ value }) => Math.abs(value)));
  const y = spread === null ? valueAxis(label) : symmetricLogAxis(label, spread);
  const fill = ({ value }: Bar) => colour(value < 0 ? 'vermilion' : 'blue');
  return chart({ marginLeft: 60, x, y, marks: [gridLines(y), barMark(bars, fill), zeroLine()] });
}

/** Bars from zero for each sublayer, attention and MLP in two colours; `reference` draws a dashed line. */
export function sublayerBars(
  names: readonly string[],
  values: readonly number[],
  { what, unit, reference }: { readonly what: string; readonly unit: string; readonly reference?: number },
): Drawing {
  return chart({
    legend: kindLegend(names),
    x: indexAxis(names, what),
    y: valueAxis(unit, { zero: true }),
    marks: [
      gridLines(),
      barMark(barsOf(values), ({ i }) => kindColour(names[i] ?? '')),
      reference === undefined ? null : Plot.ruleY([reference], { stroke: colour('soft'), strokeDasharray: '4 3' }),
      zeroLine(),
    ],
  });
}

function kindColour(name: string): string {
  const kind = stageKind(name);
  return colour(kind === 'attention' ? 'teal' : kind === 'mlp' ? 'purple' : 'soft');
}

function kindLegend(names: readonly string[]): LegendEntry[] {
  const kinds = new Set(names.map(stageKind));
  return [
    ...(kinds.has('attention') ? [{ label: 'attention', colour: colour('teal'), symbol: 'bar' } as const] : []),
    ...(kinds.has('mlp') ? [{ label: 'MLP', colour: colour('purple'), symbol: 'bar' } as const] : []),
  ];
}

/** The sizes' [small, large] when a linear axis would hide most of them, else null. */
function wideSpread(sizes: readonly number[]): { readonly small: number; readonly large: number } | null {
  const sorted = sizes.filter((size) => size > 0).sort((a, b) => a - b);
  const large = sorted.at(-1);
  const middle = sorted[sorted.length >> 1];
  if (large === undefined || middle === undefined || large < 1000 * middle) return null;
  return { small: Math.max(sorted[sorted.length >> 2]!, large * 1e-12), large };
}

function symmetricLogAxis(label: string, { small, large }: { small: number; large: number }): Plot.ScaleOptions {
  const from = Math.floor(Math.log10(small));
  const to = Math.ceil(Math.log10(large));
  const every = Math.max(1, Math.ceil((to - from + 1) / 4));
  const powers: number[] = [];
  for (let power = to; power > from; power -= every) powers.push(10 ** power);
  return valueAxis(`${label}, symmetric log scale`, {
    type: 'symlog',
    constant: 10 ** from,
    ticks: [...powers.map((size) => -size), 0, ...powers],
    tickFormat: plainTick,
    nice: false,
  });
}
