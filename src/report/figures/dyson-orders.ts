import type * as Plot from '@observablehq/plot';
import type { DysonResult } from '../../dyson/dyson-result.ts';
import { integerAxis, logAxis } from '../svg/axes.ts';
import type { Figure } from '../svg/figure.ts';
import { numeral, signedNumeral } from '../text/numerals.ts';
import { predictingToken, tokenLabelOf } from '../text/predicting-token.ts';
import { quoted } from '../text/printable.ts';
import { prose } from '../text/prose.ts';
import { signedBars } from './bars.ts';
import { lines } from './lines.ts';

/** Order by order: sizes, logits, and how fast the partial sums converge. */
export function orderFigures(dyson: DysonResult): Figure[] {
  return [spectrumFigure(dyson), logitFigure(dyson), errorFigure(dyson), divergenceFigure(dyson)];
}

function spectrumFigure({ orders, steps, cancellation, row, ids }: DysonResult): Figure {
  const all = orders.map(({ normAll }) => normAll);
  const last = orders.map(({ normLast }) => normLast);
  const peak = all.reduce((best, value, i) => (value > all[best]! ? i : best), 0);
  return {
    name: 'dyson-spectrum',
    title: 'Size of every order',
    description: `Norms of the order terms T_0 to T_${orders.length - 1} on a log scale, largest at order ${peak} with ${numeral(all[peak])} over all tokens.`,
    caption: prose`T_k collects every path through exactly k ${steps}s (Dyson, eq. 7). All orders together are ${numeral(cancellation, 3)} times as large as the state they add up to: the more above 1, the more they cancel.`,
    ...lines(
      [
        { label: 'all tokens', values: all },
        { label: tokenLabelOf({ row, ids }), values: last, second: true },
      ],
      orderAxis(orders, `order k (${steps}s on the path)`),
      logAxis('‖Tₖ‖', [...all, ...last]),
    ),
  };
}

function logitFigure({ orders, steps, top }: DysonResult): Figure {
  const token = quoted(top.token);
  return {
    name: 'dyson-order-logits',
    title: `Logit of ${token} by order`,
    description: `Signed contributions of the orders to the logit ${numeral(top.logit)} of the top token ${token}; order 0 gives ${signedNumeral(orders[0]?.topLogit)}.`,
    caption: prose`What T_k alone adds to the logit of the model’s top token, the final norm frozen at its value on this trace. The bars add up to ${numeral(top.logit)}; order 0 includes the biases.`,
    ...signedBars(
      orders.map(({ topLogit }) => topLogit),
      orderAxis(orders, `order k (${steps}s on the path)`),
      'logit',
    ),
  };
}

function errorFigure({ orders, steps, row, ids }: DysonResult): Figure {
  const token = predictingToken({ row, ids });
  const values = orders.map(({ partialSum }) => partialSum.relativeError);
  return {
    name: 'dyson-partial-error',
    title: 'Error of the partial sums',
    description: `Relative error of ${token}’s state when the series stops after order K, from ${numeral(values[0])} at K = 0 to ${numeral(values.at(-1))}.`,
    caption: prose`‖S_K − x‖/‖x‖ at ${token}, S_K = T_0 + … + T_K (Dyson, eq. 7). The series ends with the last ${steps}, where only rounding is left; a rise before that is cancellation still to come.`,
    ...lines([{ values }], orderAxis(orders, 'partial sum up to order K'), logAxis('relative error', values)),
  };
}

function divergenceFigure({ orders }: DysonResult): Figure {
  const values = orders.map(({ partialSum }) => partialSum.klFinal);
  return {
    name: 'dyson-partial-divergence',
    title: 'Prediction of the partial sums',
    description: `Kullback–Leibler divergence in nats of the model’s law from that of the partial sum S_K, from ${numeral(values[0])} at K = 0 to ${numeral(values.at(-1))}.`,
    caption: prose`KL(final ‖ S_K) in nats, with the final norm frozen. Values that rounding makes 0 or negative have no place on a log axis and are left out.`,
    ...lines([{ values }], orderAxis(orders, 'partial sum up to order K'), logAxis('nats', values)),
  };
}

function orderAxis(orders: DysonResult['orders'], label: string): Plot.ScaleOptions {
  return integerAxis(0, Math.max(0, orders.length - 1), label);
}
