import * as Plot from '@observablehq/plot';
import type { LyapunovResult, RankCollapseResult } from '../../dyson/run-stability.ts';
import { indexAxis, integerAxis, valueAxis } from '../svg/axes.ts';
import { chart, gridLines, zeroLine } from '../svg/chart.ts';
import { type Figure, figureFile } from '../svg/figure.ts';
import { colour } from '../svg/palette.ts';
import { count, numeral } from '../text/numerals.ts';
import { prose } from '../text/prose.ts';
import { lines } from './lines.ts';

/** Exponents drawn; a line of more points looks the same. */
const POINTS = 2000;

/** The exponents of a pass as an SVG file by name. */
export function renderLyapunovFigures(result: LyapunovResult): Map<string, string> {
  return filesOf([exponentsFigure(result)]);
}

/** Deviation and ranks along depth, and attention gaps, as SVG files by name. */
export function renderRankCollapseFigures(result: RankCollapseResult): Map<string, string> {
  return filesOf([deviationFigure(result), ranksFigure(result), gapsFigure(result)]);
}

function exponentsFigure({ qr, singular, at, steps, dimension }: LyapunovResult): Figure {
  const every = Math.ceil(dimension / POINTS);
  const curves = [
    { label: 'QR', paint: colour('blue'), values: qr, dash: {} },
    { label: 'singular values', paint: colour('vermilion'), values: singular, dash: { strokeDasharray: '4 3' } },
  ].map(({ values, ...curve }) => ({
    ...curve,
    points: values
      .map((value, i) => ({ i: i + 1, value }))
      .filter(({ i, value }) => Number.isFinite(value) && (i % every === 0 || i === 1 || i === dimension)),
  }));
  const growing = qr.filter((value) => value > 0).length;
  return {
    name: 'dyson-lyapunov',
    title: 'Lyapunov exponents of the pass',
    description: `${count(dimension)} exponents in nats per step, largest first, of ${steps} ${WORDS[at]} steps: from ${numeral(qr[0])} to ${numeral(qr.at(-1))} by QR, from ${numeral(singular[0])} to ${numeral(singular.at(-1))} by singular values; ${count(growing)} are positive.`,
    caption: prose`How fast changes of the residual stream grow per step in Π(1 + V), V being ${at === 'tangent' ? 'the derivative of the real step at this prompt' : 'the operator frozen on this prompt'}: (1/S) Σ log |R_ii| of the QR factors, and (1/S) log σ_i of the product. At finite depth the two differ; both sum to log |det P|/S. Exponents of −∞ are left out.`,
    ...chart({
      legend: curves.map(({ label, paint }, k) => ({ label, colour: paint, symbol: k === 0 ? 'line' : 'dashed' })),
      x: integerAxis(1, Math.max(2, dimension), 'exponent'),
      y: valueAxis('nats per step', { zero: true }),
      marks: [
        gridLines(),
        zeroLine(),
        ...curves.map(({ paint, points, dash }) =>
          Plot.line(points, { x: 'i', y: 'value', stroke: paint, strokeWidth: 1.8, ...dash }),
        ),
      ],
    }),
  };
}

const WORDS = { tangent: 'tangent', frozen: 'frozen' } as const;

function deviationFigure({ stages }: RankCollapseResult): Figure {
  const values = stages.map(({ deviation }) => deviation);
  return {
    name: 'rank-collapse-deviation',
    title: 'How far the tokens differ, by stage',
    description: `‖X − 1x̄ᵀ‖/‖X‖ of the residual stream at ${stages.length} stages, from ${numeral(values[0])} to ${numeral(values.at(-1))}; 0 when all tokens have one state.`,
    caption: prose`‖X − 1x̄ᵀ‖_F/‖X‖_F, x̄ being the mean over the tokens: 0 when all tokens have one state, which attention alone would lead to (Dong, Cordonnier, Loukas, arXiv 2103.03404).`,
    ...lines([{ values }], indexAxis(namesOf(stages), 'stage'), valueAxis('relative deviation', { zero: true })),
  };
}

function ranksFigure({ stages }: RankCollapseResult): Figure {
  const [stable, effective] = [
    stages.map(({ stableRank }) => stableRank),
    stages.map(({ effectiveRank }) => effectiveRank),
  ];
  return {
    name: 'rank-collapse-ranks',
    title: 'Rank of the residual stream by stage',
    description: `Stable rank from ${numeral(stable[0])} to ${numeral(stable.at(-1))} and effective rank from ${numeral(effective[0])} to ${numeral(effective.at(-1))} over ${stages.length} stages.`,
    caption: prose`Stable rank ‖X‖_F²/‖X‖₂² and effective rank exp H(σ/Σσ) (Roy, Vetterli, EUSIPCO 2007). Both are 1 when all states are multiples of one.`,
    ...lines(
      [
        { label: 'effective rank', values: effective },
        { label: 'stable rank', values: stable, second: true },
      ],
      indexAxis(namesOf(stages), 'stage'),
      valueAxis('rank', { zero: true }),
    ),
  };
}

function gapsFigure({ stages }: RankCollapseResult): Figure {
  const blocks = stages.flatMap(({ attentionGaps }) => (attentionGaps === null ? [] : [attentionGaps]));
  const points = blocks.flatMap((gaps, block) =>
    gaps.flatMap((gap, head) => (gap === null ? [] : [{ block, head, gap }])),
  );
  const gaps = points.map(({ gap }) => gap);
  return {
    name: 'rank-collapse-gaps',
    title: 'Attention gap of every head, by block',
    description:
      points.length === 0
        ? 'A single token has no attention gap.'
        : `1 − |λ₂| of the attention of ${points.length} heads in ${blocks.length} blocks, from ${numeral(gaps.reduce((a, b) => Math.min(a, b)))} to ${numeral(gaps.reduce((a, b) => Math.max(a, b)))}.`,
    caption: prose`1 − |λ₂| of the attention matrix of each head: near 1 one application mixes the tokens almost completely, near 0 hardly. Where attention is causal it is 1 − max_{i≥2} A_ii.`,
    ...chart({
      x: integerAxis(0, Math.max(1, blocks.length - 1), 'block'),
      y: valueAxis('1 − |λ₂|', { domain: [0, 1], nice: false }),
      marks: [gridLines(), Plot.dot(points, { x: 'block', y: 'gap', fill: colour('blue'), fillOpacity: 0.6, r: 3 })],
    }),
  };
}

function namesOf(stages: RankCollapseResult['stages']): string[] {
  return stages.map(({ name }) => name);
}

function filesOf(figures: readonly Figure[]): Map<string, string> {
  return new Map(figures.map((figure) => [`${figure.name}.svg`, figureFile(figure)]));
}
