import * as Plot from '@observablehq/plot';
import type { DysonResult } from '../../dyson/run-dyson.ts';
import { indexAxis, integerAxis, logAxis, positive, valueAxis } from '../svg/axes.ts';
import { chart, gridLines, zeroLine } from '../svg/chart.ts';
import type { Figure } from '../svg/figure.ts';
import { colour } from '../svg/palette.ts';
import { numeral, signedNumeral } from '../text/numerals.ts';
import { quoted } from '../text/printable.ts';
import { prose } from '../text/prose.ts';
import { secondOrderFigure } from './second-order.ts';
import { signedBars } from './signed-bars.ts';
import { kindColour, kindLegend } from './state-vector.ts';

/** Spectrum of orders, their logits, partial sums, second order, attribution, renormalisation. */
export function dysonFigures(dyson: DysonResult): Figure[] {
  return [
    spectrumFigure(dyson),
    orderLogitFigure(dyson),
    partialErrorFigure(dyson),
    partialDivergenceFigure(dyson),
    secondOrderFigure(dyson),
    attributionFigure(dyson),
    updateFigure(dyson),
    scaleFigure(dyson),
    normFigure(dyson),
  ];
}

function spectrumFigure({ orders, cancellation }: DysonResult): Figure {
  const all = orders.map(({ order, normAll }) => ({ order, value: normAll })).filter(isPositive);
  const last = orders.map(({ order, normLast }) => ({ order, value: normLast })).filter(isPositive);
  const peak = [...all].sort((a, b) => b.value - a.value)[0];
  const axis = logAxis(
    '‖Tₖ‖₂',
    [...all, ...last].map(({ value }) => value),
  );
  const drawing = chart({
    legend: [
      { label: 'all tokens', colour: colour('blue'), symbol: 'line' },
      { label: 'last token', colour: colour('vermilion'), symbol: 'dashed' },
    ],
    x: orderAxis(orders.length),
    y: axis,
    marks: [
      gridLines(axis),
      Plot.line(all, { x: 'order', y: 'value', stroke: colour('blue'), strokeWidth: 2 }),
      Plot.dot(all, { x: 'order', y: 'value', fill: colour('blue'), r: 2.6 }),
      Plot.line(last, { x: 'order', y: 'value', stroke: colour('vermilion'), strokeWidth: 2, strokeDasharray: '4 3' }),
      Plot.dot(last, { x: 'order', y: 'value', fill: colour('vermilion'), r: 2.6 }),
    ],
  });
  return {
    name: 'dyson-spectrum',
    title: 'Size of every order',
    description: `Norms of the order terms T_0 to T_${orders.length - 1} on a log scale${
      peak === undefined ? '' : `, largest at order ${peak.order} with ${numeral(peak.value)}`
    }.`,
    caption: prose`T_k collects every path through exactly k sublayers (Dyson, eq. 7). The orders are ${numeral(cancellation, 3)} times as large together as the state they add up to: the more above 1, the more they cancel.`,
    ...drawing,
  };
}

function orderLogitFigure({ orders, top }: DysonResult): Figure {
  const token = quoted(top.token);
  return {
    name: 'dyson-order-logits',
    title: `Logit of ${token} by order`,
    description: `Signed contributions of the orders to the logit ${numeral(top.logit)} of the top token ${token}; order 0 gives ${signedNumeral(orders[0]?.topLogit)}.`,
    caption: prose`What T_k alone adds to the logit of the model’s top token, the final norm frozen at its value on this trace. The bars add up to ${numeral(top.logit)}; order 0 includes the biases.`,
    ...signedBars(
      orders.map(({ topLogit }) => topLogit),
      orderAxis(orders.length),
      'logit',
    ),
  };
}

function partialErrorFigure({ orders }: DysonResult): Figure {
  const rows = orders.map(({ order, partialSum }) => ({ order, value: partialSum.relativeError }));
  return {
    name: 'dyson-partial-error',
    title: 'Error of the partial sums',
    description: `Relative error of the last token’s state when the series stops after order K, from ${numeral(rows[0]?.value)} at K = 0 to ${numeral(rows.at(-1)?.value)}.`,
    caption: prose`‖S_K − x‖/‖x‖ at the last token, S_K = T_0 + … + T_K (Dyson, eq. 7). The series ends with the last sublayer, where only rounding is left; a rise before that is cancellation still to come.`,
    ...decadeLine(rows, 'relative error', orders.length),
  };
}

function partialDivergenceFigure({ orders }: DysonResult): Figure {
  const rows = orders.map(({ order, partialSum }) => ({ order, value: partialSum.klFinal }));
  return {
    name: 'dyson-partial-divergence',
    title: 'Prediction of the partial sums',
    description: `Kullback–Leibler divergence in nats of the model’s law from that of the partial sum S_K, from ${numeral(rows[0]?.value)} at K = 0 to ${numeral(rows.at(-1)?.value)}.`,
    caption: prose`KL(final ‖ S_K) in nats, with the final norm frozen. Values that rounding makes 0 or negative have no place on a log axis and are left out.`,
    ...decadeLine(rows, 'nats', orders.length),
  };
}

function attributionFigure({ sublayers, embeddingTopLogit, top }: DysonResult): Figure {
  const names = ['embed', ...sublayers.map(({ name }) => name)];
  const values = [embeddingTopLogit, ...sublayers.map(({ topLogit }) => topLogit)];
  const largest = values.reduce((best, value, i) => (Math.abs(value) > Math.abs(values[best]!) ? i : best), 0);
  return {
    name: 'dyson-attribution',
    title: 'Direct logit attribution',
    description: `Signed contribution of the embedding and of every sublayer to the logit of ${quoted(top.token)}; the largest is ${signedNumeral(values[largest])} from ${names[largest]}.`,
    caption: prose`All paths grouped by their last operator: what each sublayer’s output adds to the logit of ${quoted(top.token)}. The bars add up to ${numeral(top.logit)}; “embed” includes the final biases.`,
    ...signedBars(values, indexAxis(names, 'sublayer'), 'logit'),
  };
}

function scaleFigure({ sublayers }: DysonResult): Figure {
  const rows = sublayers.map(({ scale, scaleMean }, i) => ({ i, scale, scaleMean }));
  const values = positive(rows.flatMap(({ scale, scaleMean }) => [scale, scaleMean]));
  const wide = Math.max(...values) > 30 * Math.min(...values);
  const y = wide ? logAxis('σ', values) : valueAxis('σ', { zero: true });
  const drawing = chart({
    legend: [
      { label: 'last token', colour: colour('blue'), symbol: 'line' },
      { label: 'mean over tokens', colour: colour('vermilion'), symbol: 'dashed' },
    ],
    x: indexAxis(namesOf(sublayers), 'sublayer'),
    y,
    marks: [
      gridLines(y),
      wide ? null : zeroLine(),
      Plot.line(rows, { x: 'i', y: 'scale', stroke: colour('blue'), strokeWidth: 2 }),
      Plot.dot(rows, { x: 'i', y: 'scale', fill: colour('blue'), r: 2.6 }),
      Plot.line(rows, { x: 'i', y: 'scaleMean', stroke: colour('vermilion'), strokeWidth: 2, strokeDasharray: '4 3' }),
    ],
  });
  return {
    name: 'dyson-scale',
    title: 'Renormalisation scale',
    description: `Scale of the norm in front of every sublayer, from ${numeral(sublayers[0]?.scale)} to ${numeral(sublayers.at(-1)?.scale)} at the last token.`,
    caption:
      'σ (LayerNorm) or rms (RMSNorm) in front of each sublayer. Z = 1/σ is the wave-function renormalisation factor (Dyson, §IV.1): a growing σ makes later operators weaker.',
    ...drawing,
  };
}

function normFigure({ sublayers }: DysonResult): Figure {
  const rows = sublayers.map(({ stateNorm, outputNorm }, i) => ({ i, stateNorm, outputNorm }));
  const values = positive(rows.flatMap(({ stateNorm, outputNorm }) => [stateNorm, outputNorm]));
  const wide = Math.max(...values) > 30 * Math.min(...values);
  const y = wide ? logAxis('norm', values) : valueAxis('norm', { zero: true });
  const drawing = chart({
    legend: [
      { label: 'stream before, ‖x‖', colour: colour('blue'), symbol: 'line' },
      { label: 'output, ‖Vx + B‖', colour: colour('vermilion'), symbol: 'dashed' },
    ],
    x: indexAxis(namesOf(sublayers), 'sublayer'),
    y,
    marks: [
      gridLines(y),
      wide ? null : zeroLine(),
      Plot.line(rows, { x: 'i', y: 'stateNorm', stroke: colour('blue'), strokeWidth: 2 }),
      Plot.dot(rows, { x: 'i', y: 'stateNorm', fill: colour('blue'), r: 2.6 }),
      Plot.line(rows, { x: 'i', y: 'outputNorm', stroke: colour('vermilion'), strokeWidth: 2, strokeDasharray: '4 3' }),
    ],
  });
  return {
    name: 'dyson-norm',
    title: 'Residual stream and outputs',
    description: `Euclidean norms at the last token of the residual stream before every sublayer, from ${numeral(sublayers[0]?.stateNorm)} to ${numeral(sublayers.at(-1)?.stateNorm)}, and of every sublayer’s output.`,
    caption: prose`Euclidean norms at the last token: the stream that enters each sublayer, and what the frozen operator adds to it, V^(l)x^(l) + B^(l) (Dyson, eq. 2).`,
    ...drawing,
  };
}

function updateFigure({ sublayers }: DysonResult): Figure {
  const bars = sublayers.map(({ updateRatio, name }, i) => ({ i, updateRatio, name }));
  const drawing = chart({
    legend: kindLegend(namesOf(sublayers), 'bar'),
    x: indexAxis(namesOf(sublayers), 'sublayer'),
    y: valueAxis('‖δx‖/‖x‖', { zero: true }),
    marks: [
      gridLines(),
      Plot.rectY(bars, {
        x1: ({ i }) => i - 0.36,
        x2: ({ i }) => i + 0.36,
        y: 'updateRatio',
        fill: ({ name }) => kindColour(name),
      }),
      Plot.ruleY([1], { stroke: colour('soft'), strokeDasharray: '4 3' }),
      zeroLine(),
    ],
  });
  return {
    name: 'dyson-update',
    title: 'Size of the updates',
    description: `Ratio of every sublayer’s update to the state it is added to, at the last token; the dashed line is 1.`,
    caption:
      '‖δx‖/‖x‖ at the last token (Dyson, eq. 2 and after). Well below the dashed line is the perturbative regime; near or above it, low orders cannot be expected to suffice.',
    ...drawing,
  };
}

function decadeLine(rows: readonly { order: number; value: number }[], label: string, orders: number) {
  const shown = rows.filter(isPositive);
  const y = logAxis(
    label,
    shown.map(({ value }) => value),
  );
  return chart({
    x: orderAxis(orders, 'partial sum up to order K'),
    y,
    marks: [
      gridLines(y),
      Plot.line(shown, { x: 'order', y: 'value', stroke: colour('blue'), strokeWidth: 2 }),
      Plot.dot(shown, { x: 'order', y: 'value', fill: colour('blue'), r: 2.6 }),
    ],
  });
}

function orderAxis(orders: number, label = 'order k (sublayers on the path)'): Plot.ScaleOptions {
  return integerAxis(0, Math.max(0, orders - 1), label);
}

function isPositive({ value }: { readonly value: number }): boolean {
  return Number.isFinite(value) && value > 0;
}

function namesOf(sublayers: DysonResult['sublayers']): string[] {
  return sublayers.map(({ name }) => name);
}
