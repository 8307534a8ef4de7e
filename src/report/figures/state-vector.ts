import * as Plot from '@observablehq/plot';
import type { QLensResult } from '../../qlens/result.ts';
import { indexAxis, logAxis, valueAxis } from '../svg/axes.ts';
import { chart, gridLines, type LegendEntry, zeroLine } from '../svg/chart.ts';
import type { Figure } from '../svg/figure.ts';
import { colour } from '../svg/palette.ts';
import { count, numeral } from '../text/numerals.ts';
import { prose } from '../text/prose.ts';
import { stageKind } from '../text/stage-names.ts';

/** Entropy, divergence from the final law, rank of the final token, angle of every transition. */
export function stateVectorFigures(qlens: QLensResult): Figure[] {
  return [entropyFigure(qlens), divergenceFigure(qlens), rankFigure(qlens), angleFigure(qlens)];
}

/** The colour of a sublayer or of the stage after it. */
export function kindColour(name: string): string {
  const kind = stageKind(name);
  return colour(kind === 'attention' ? 'teal' : kind === 'mlp' ? 'purple' : 'soft');
}

/** Legend of {@link kindColour} for the kinds that occur in `names`. */
export function kindLegend(names: readonly string[], symbol: LegendEntry['symbol']): LegendEntry[] {
  const kinds = new Set(names.map(stageKind));
  return [
    ...(kinds.has('attention') ? [{ label: 'attention', colour: colour('teal'), symbol }] : []),
    ...(kinds.has('mlp') ? [{ label: 'MLP', colour: colour('purple'), symbol }] : []),
  ];
}

const CAVEAT = 'A logit lens applies the final norm and the unembedding to a stage that was not trained for them.';

function entropyFigure({ stages, V }: QLensResult): Figure {
  const rows = stages.map(({ entropy }, i) => ({ i, entropy }));
  const drawing = chart({
    x: indexAxis(namesOf(stages), 'stage'),
    y: valueAxis('nats', {
      domain: [0, Math.max(Math.log(Math.max(2, V)), ...rows.map(({ entropy }) => entropy)) * 1.02],
      nice: false,
    }),
    marks: [
      gridLines(),
      Plot.ruleY([Math.log(Math.max(2, V))], { stroke: colour('soft'), strokeDasharray: '4 3' }),
      Plot.text([0], {
        x: -0.5,
        y: Math.log(Math.max(2, V)),
        text: () => `ln V = ${numeral(Math.log(V), 3)}`,
        textAnchor: 'start',
        dy: 9,
        fill: colour('soft'),
      }),
      zeroLine(),
      Plot.line(rows, { x: 'i', y: 'entropy', stroke: colour('blue'), strokeWidth: 2 }),
      Plot.dot(rows, { x: 'i', y: 'entropy', fill: colour('blue'), r: dotSize(rows.length) }),
    ],
  });
  return {
    name: 'qlens-entropy',
    title: 'Entropy by stage',
    description: `Entropy in nats of the law at each of ${stages.length} stages, from ${numeral(stages[0]?.entropy)} to ${numeral(stages.at(-1)?.entropy)}; the uniform law would have ${numeral(Math.log(V))}.`,
    caption: prose`Entropy of p = ψ² at every stage, ψ being the state vector √p (QLens, eqs. 5–7). ${CAVEAT}`,
    ...drawing,
  };
}

function divergenceFigure({ stages }: QLensResult): Figure {
  const rows = stages.map(({ klFinal, jensenShannon }, i) => ({ i, klFinal, jensenShannon }));
  const drawing = chart({
    legend: [
      { label: 'KL(final ‖ stage)', colour: colour('blue'), symbol: 'line' },
      { label: 'Jensen–Shannon', colour: colour('vermilion'), symbol: 'dashed' },
    ],
    x: indexAxis(namesOf(stages), 'stage'),
    y: valueAxis('nats', { zero: true }),
    marks: [
      gridLines(),
      zeroLine(),
      Plot.line(rows, { x: 'i', y: 'klFinal', stroke: colour('blue'), strokeWidth: 2 }),
      Plot.dot(rows, { x: 'i', y: 'klFinal', fill: colour('blue'), r: dotSize(rows.length) }),
      Plot.line(rows, {
        x: 'i',
        y: 'jensenShannon',
        stroke: colour('vermilion'),
        strokeWidth: 2,
        strokeDasharray: '4 3',
      }),
    ],
  });
  return {
    name: 'qlens-divergence',
    title: 'Distance to the final law by stage',
    description: `Kullback–Leibler divergence of the final law from the law at each stage, in nats, from ${numeral(stages[0]?.klFinal)} down to ${numeral(stages.at(-1)?.klFinal)}, and Jensen–Shannon divergence.`,
    caption:
      'How much of the final prediction each stage still lacks. The Jensen–Shannon divergence cannot exceed ln 2 = 0.693 nats, so it saturates where the Kullback–Leibler divergence does not.',
    ...drawing,
  };
}

function rankFigure({ stages, V }: QLensResult): Figure {
  const rows = stages.map(({ finalTopRank, name }, i) => ({ i, finalTopRank, name }));
  const axis = logAxis('rank', [1, ...rows.map(({ finalTopRank }) => finalTopRank)]);
  const drawing = chart({
    x: indexAxis(namesOf(stages), 'stage'),
    y: { ...axis, reverse: true },
    marks: [
      gridLines(axis),
      Plot.line(rows, { x: 'i', y: 'finalTopRank', stroke: colour('blue'), strokeWidth: 2 }),
      Plot.dot(rows, { x: 'i', y: 'finalTopRank', fill: colour('blue'), r: dotSize(rows.length) }),
    ],
  });
  const settled = stages.length - 1 - [...stages].reverse().findIndex(({ finalTopRank }) => finalTopRank !== 1);
  const name = settled < stages.length ? namesOf(stages)[settled + 1] : namesOf(stages)[0];
  return {
    name: 'qlens-rank',
    title: 'Rank of the final token by stage',
    description: `Rank, among ${count(V)}, of the model’s final top token at each stage, 1 at the top; it stays first from ${name ?? 'the last stage'} on.`,
    caption: 'Where the model’s own answer stands in the law of each stage; 1, at the top, is the most probable token.',
    ...drawing,
  };
}

function angleFigure({ transitions, summary }: QLensResult): Figure {
  const names = transitions.map(({ to }) => to);
  const bars = transitions.map(({ buresAngle, to }, i) => ({ i, buresAngle, to }));
  const drawing = chart({
    legend: kindLegend(names, 'bar'),
    x: indexAxis(names, 'transition into stage'),
    y: valueAxis('radians', { zero: true }),
    marks: [
      gridLines(),
      Plot.rectY(bars, {
        x1: ({ i }) => i - 0.36,
        x2: ({ i }) => i + 0.36,
        y: 'buresAngle',
        fill: ({ to }) => kindColour(to),
      }),
      zeroLine(),
    ],
  });
  return {
    name: 'qlens-angle',
    title: 'Bures angle of every transition',
    description: `Bures angle in radians between the states before and after each of ${bars.length} sublayers. Path length ${numeral(summary.pathLength)}, geodesic ${numeral(summary.geodesic)}.`,
    caption: prose`Angle arccos⟨ψ_l|ψ_{l+1}⟩ that each sublayer turns the state by. The bars add up to the path length ${numeral(summary.pathLength)}; the shortest way from first to last is ${numeral(summary.geodesic)} (at most π/2), which gives a speed-limit efficiency of ${numeral(summary.efficiency)}.`,
    ...drawing,
  };
}

function namesOf(stages: QLensResult['stages']): string[] {
  return stages.map(({ name }) => name);
}

function dotSize(points: number): number {
  return points > 30 ? 2 : 3.2;
}
