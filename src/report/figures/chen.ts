import * as Plot from '@observablehq/plot';
import type { ChenResult, ChenTrajectories } from '../../fock/chen-result.ts';
import { integerAxis, valueAxis } from '../svg/axes.ts';
import { chart, gridLines, zeroLine } from '../svg/chart.ts';
import type { Figure } from '../svg/figure.ts';
import { colour } from '../svg/palette.ts';
import { more } from '../text/more.ts';
import { count, numeral } from '../text/numerals.ts';
import { prose } from '../text/prose.ts';
import { fitStart } from '../text/width.ts';
import { measurementTree, outcomeLabel } from './measurement-tree.ts';

/** Sequences drawn with their intervals. */
const SEQUENCES = 14;

/** Measurement tree, entropy by step, and trajectories where there are any. */
export function chenFigures(chen: ChenResult): Figure[] {
  const figures = [measurementTree(chen), entropyFigure(chen)];
  if (chen.trajectories !== null && chen.trajectories.sequences.length > 0) {
    figures.push(trajectoryFigure(chen.trajectories, chen.texts.length));
  }
  return figures;
}

function entropyFigure({ table, certificate, trajectories }: ChenResult): Figure {
  const exact = certificate.discarded === 0;
  const last = table.at(-1);
  const estimates = trajectories?.entropies ?? [];
  const bound = exact ? '' : ' ≥';
  const drawing = chart({
    legend: [
      { label: `entropy${bound}`, colour: colour('blue'), symbol: 'line' },
      { label: `conditional entropy${bound}`, colour: colour('teal'), symbol: 'bar' },
      ...(estimates.length === 0
        ? []
        : [{ label: 'estimated, 95 %', colour: colour('vermilion'), symbol: 'dot' } as const]),
    ],
    x: integerAxis(1, Math.max(1, table.length), 'step ℓ (generated tokens)'),
    y: valueAxis('nats', { zero: true }),
    marks: [
      gridLines(),
      Plot.rectY(table, {
        x1: ({ step }) => step - 0.25,
        x2: ({ step }) => step + 0.25,
        y: 'conditionalEntropy',
        fill: colour('teal'),
        fillOpacity: 0.75,
      }),
      zeroLine(),
      Plot.line(table, { x: 'step', y: 'entropy', stroke: colour('blue'), strokeWidth: 2 }),
      Plot.dot(table, { x: 'step', y: 'entropy', fill: colour('blue'), r: 3.5 }),
      Plot.ruleX(estimates, { x: 'step', y1: 'low', y2: 'high', stroke: colour('vermilion'), strokeWidth: 1.6 }),
      Plot.dot(estimates, { x: 'step', y: 'estimate', fill: colour('vermilion'), r: 3 }),
    ],
  });
  return {
    name: 'chen-entropy',
    title: 'Entropy by step',
    description: `Von Neumann entropy in nats against the step${
      last === undefined
        ? ''
        : `; after step ${last.step} it is ${exact ? '' : 'at least '}${numeral(last.entropy)} nats`
    }. Bars: what each step adds.`,
    caption: [
      exact
        ? prose`Von Neumann entropy of the state after each operation E_ℓ (Chen, eqs. 7 and 12). Nothing was dropped, so each bar is exactly the growth of the line (chain rule).`
        : prose`Strings were dropped, so the line is a lower bound of the von Neumann entropy after each operation E_ℓ (Chen, eqs. 7 and 12). The bars, Σ w H(p_ℓ), run over the strings kept before the step; from the first drop on the line grows by them.`,
      estimates.length === 0
        ? ''
        : prose` The dots are the entropy of the exact state as the trajectories estimate it, the mean of −ln P, with 95 % intervals.`,
    ],
    ...drawing,
  };
}

function trajectoryFigure({ sequences, count: trials, seed }: ChenTrajectories, texts: number): Figure {
  const rows = sequences.slice(0, SEQUENCES).map((sequence, row) => ({ ...sequence, row }));
  const rest = sequences.length > rows.length ? more(sequences.length - rows.length, 'sequences') : '';
  const known = rows.filter(({ exact }) => exact !== null);
  const drawing = chart({
    height: 66 + 20 * rows.length,
    marginLeft: 200,
    marginTop: 6,
    legend: [
      { label: 'sampled, 95 %', colour: colour('blue'), symbol: 'dot' },
      { label: 'exact', colour: colour('vermilion'), symbol: 'tick' },
    ],
    x: {
      label: 'probability of the outcomes',
      labelAnchor: 'center',
      labelArrow: 'none',
      tickSize: 0,
      ticks: 4,
      zero: true,
      nice: true,
    },
    y: {
      type: 'band',
      domain: rows.map(({ row }) => row),
      label: null,
      tickSize: 0,
      padding: 0.3,
      tickFormat: (row: number) =>
        fitStart(`${outcomeLabel(rows[row]?.labels ?? [])}${texts > 1 ? ` (${rows[row]?.text})` : ''}`, 17),
    },
    marks: [
      Plot.gridX({ stroke: colour('rule'), strokeOpacity: 1, ticks: 4 }),
      Plot.ruleY(rows, { y: 'row', x1: 'low', x2: 'high', stroke: colour('blue'), strokeWidth: 1.6 }),
      Plot.dot(rows, { y: 'row', x: 'frequency', fill: colour('blue'), r: 3.5 }),
      Plot.tickX(known, { y: 'row', x: 'exact', stroke: colour('vermilion'), strokeWidth: 2.2 }),
    ],
  });
  return {
    name: 'chen-trajectories',
    title: 'Sampled trajectories against the exact law',
    description: `Frequencies of the ${rows.length} most frequent outcome sequences among ${count(trials)} sampled trajectories with Wilson 95 % intervals, beside their exact probabilities${rest === '' ? '' : `; ${rest}`}.`,
    caption: prose`Sequential measurement sampled ${count(trials)} times (seed ${seed}), with Wilson 95 % intervals. An interval covers its tick 95 % of the time for a sequence named beforehand; these were chosen for being frequent, so rare ones lie right of their ticks.${rest === '' ? '' : ` Not drawn: ${rest}.`} A sequence without a tick was dropped by the truncation.${texts > 1 ? ' The number in brackets is that of the text, from 0.' : ''}`,
    ...drawing,
  };
}
