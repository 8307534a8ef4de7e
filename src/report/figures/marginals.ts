import * as Plot from '@observablehq/plot';
import { integerAxis, valueAxis } from '../svg/axes.ts';
import { chart, gridLines } from '../svg/chart.ts';
import type { Figure } from '../svg/figure.ts';
import { type ColourName, colour } from '../svg/palette.ts';
import { count, percent } from '../text/numerals.ts';
import { clipEnd, tokenLabel } from '../text/printable.ts';
import { prose } from '../text/prose.ts';

/** The law of the token of one step, or its heaviest entries. */
export interface StepMarginal {
  readonly step: number;
  readonly marginal: readonly { readonly token: number; readonly label: string; readonly probability: number }[];
}

const COLOURS: readonly ColourName[] = ['blue', 'vermilion', 'teal', 'purple'];
/** Of more steps evenly spaced ones are drawn. */
const STEPS = 240;

/** Law of the token of every step as stacked bars: the tokens that are likeliest over all steps, the rest in grey. */
export function marginalsFigure(table: readonly StepMarginal[], name: string): Figure {
  const drawn = heaviestTokens(table);
  const every = Math.max(1, Math.ceil(table.length / STEPS));
  const width = (table.length > 40 ? 0.5 : 0.42) * every;
  const bars = table
    .filter((_, i) => i % every === 0)
    .flatMap(({ step, marginal }) => {
      let below = 0;
      const parts = drawn.map(({ token, paint }) => {
        const probability = marginal.find((entry) => entry.token === token)?.probability ?? 0;
        below += probability;
        return { step, low: below - probability, high: below, paint };
      });
      const listed = marginal.reduce((sum, { probability }) => sum + probability, 0);
      return [...parts, { step, low: below, high: Math.max(below, listed), paint: colour('rule') }];
    });
  const others = table.some(({ marginal }) => marginal.some(({ token }) => drawn.every((one) => one.token !== token)));
  const last = table.at(-1);
  return {
    name: 'chen-marginals',
    title: 'Law of the token by step',
    description: `Stacked probabilities of the tokens of ${clipEnd(name, 80)} against the step${
      last === undefined || last.marginal.length === 0
        ? ''
        : `; at step ${last.step} the likeliest is ${tokenLabel(last.marginal[0]!.label)} with ${percent(last.marginal[0]!.probability)}`
    }.`,
    caption: prose`Law of the measurement (X_ℓ, D) at each step (Chen, eqs. 8, 9): the ${count(drawn.length)} tokens that are likeliest over all steps. Grey: other tokens listed in the result. White up to 1: tokens that are not listed, and weight that earlier steps dropped.`,
    ...chart({
      legend: [
        ...drawn.map(({ label, paint }) => ({ label, colour: paint, symbol: 'bar' as const })),
        ...(others ? [{ label: 'others', colour: colour('rule'), symbol: 'bar' as const }] : []),
      ],
      x: integerAxis(1, Math.max(1, table.length), 'step ℓ (generated tokens)'),
      y: valueAxis('probability', { domain: [0, 1], nice: false }),
      marks: [
        gridLines(),
        Plot.rect(bars, {
          x1: ({ step }) => step - width,
          x2: ({ step }) => step + width,
          y1: 'low',
          y2: 'high',
          fill: 'paint',
        }),
      ],
    }),
  };
}

/** The tokens with the largest sums over all steps, each with its colour. */
function heaviestTokens(table: readonly StepMarginal[]) {
  const sums = new Map<number, { token: number; label: string; sum: number }>();
  for (const { token, label, probability } of table.flatMap(({ marginal }) => marginal)) {
    const known = sums.get(token) ?? { token, label: clipEnd(tokenLabel(label), 12), sum: 0 };
    known.sum += probability;
    sums.set(token, known);
  }
  return [...sums.values()]
    .sort((a, b) => b.sum - a.sum || a.token - b.token)
    .slice(0, COLOURS.length)
    .map(({ token, label }, i) => ({ token, label, paint: colour(COLOURS[i]!) }));
}
