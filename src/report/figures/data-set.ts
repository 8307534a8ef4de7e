import * as Plot from '@observablehq/plot';
import type { DataSetResult, StepRow, StepStatistics } from '../../qlens/data-set/result.ts';
import { locusBoundary } from '../../qlens/locus.ts';
import { valueAxis } from '../svg/axes.ts';
import { CHART_WIDTH, chart, type Drawing, gridLines, type LegendEntry, MARGINS, zeroLine } from '../svg/chart.ts';
import { type Figure, figureFile } from '../svg/figure.ts';
import { type ColourName, colour } from '../svg/palette.ts';
import { count, numeral } from '../text/numerals.ts';
import { clipEnd, printable } from '../text/printable.ts';
import { prose } from '../text/prose.ts';
import { stageLabel } from '../text/stage-names.ts';
import { POINT_LABEL_SIZE, pointLabels } from './point-labels.ts';

type Point = readonly [number, number];

/**
 * Figures of a data set as SVG files, by file name: similarity histograms and scatter plots of every step.
 *
 * @param names what the predictions are, first to last, where that is known: shown when the pointer rests on a point.
 */
export function renderDataSetFigures(result: DataSetResult, names: readonly string[] = []): Map<string, string> {
  return new Map(
    dataSetFigures(result, names)
      .flat()
      .map((figure) => [`${figure.name}.svg`, figureFile(figure)]),
  );
}

/** The figures of every step; none where it has no statistics. */
export function dataSetFigures({ steps, V }: DataSetResult, names: readonly string[] = []): Figure[][] {
  return steps.map((step, i) => stepFigures(step, i, V, names));
}

function stepFigures(step: StepRow, index: number, V: number, names: readonly string[]): Figure[] {
  const { statistics, vectors } = step;
  if (statistics === null) return [];
  const name = (what: string): string => `qlens-${String(index + 1).padStart(2, '0')}-${what}`;
  const figures = [histogramFigure(name('similarity'), step, statistics)];
  if (V === 2 && vectors !== null) {
    const changes = vectors.map(([x, y], i): Point => [x * step.lengths[i]!, y * step.lengths[i]!]);
    return [
      ...figures,
      vectorFigure(name('v'), step, vectors, names),
      changeFigure(name('change'), step, changes, names),
    ];
  }
  for (const { of, points } of statistics.structures) {
    const layout = of === 'v' ? PCA_V : PCA_CHANGE;
    figures.push(clusterFigure(name(`pca-${of}`), step, statistics, points, layout, names));
  }
  if (statistics.umap !== null)
    figures.push(clusterFigure(name('umap'), step, statistics, statistics.umap, UMAP, names));
  return figures;
}

function histogramFigure(
  name: string,
  { to, operators }: StepRow,
  { histogram, similarityH, baselines }: StepStatistics,
): Figure {
  const baseline = baselines[0];
  const series = [
    { label: 'this step', paint: colour('blue'), dashes: {}, ...histogram },
    ...(baseline === undefined
      ? []
      : [
          {
            label: baseline.baseline,
            paint: colour('vermilion'),
            dashes: { strokeDasharray: '4 3' },
            ...baseline.histogram,
          },
        ]),
  ];
  const steps = series.map(({ counts, low, high, ...look }) => {
    const pairs = counts.reduce((sum, n) => sum + n, 0) || 1;
    const width = (high - low) / counts.length;
    const points = counts.flatMap((n, i) => [
      { x: low + i * width, y: n / pairs },
      { x: low + (i + 1) * width, y: n / pairs },
    ]);
    return { ...look, points };
  });
  return {
    name,
    title: `Similarity of operators, step to ${stageLabel(to)}`,
    description: `Share of pairs of ${count(operators)} operators against their similarity c² from 0 to ${numeral(histogram.high, 3)}. Mean ${numeral(similarityH)}; of ${baseline?.baseline ?? 'no baseline'} ${numeral(baseline?.similarityH)}.`,
    caption: prose`Similarity sim_H = c_ij², c_ij = v_i·v_j, over pairs of Householder operators; dashed: the baseline. The mean is ${numeral(similarityH)}, that of the baseline ${numeral(baseline?.similarityH)}.`,
    ...chart({
      legend: steps.map(({ label, paint }, i) => ({ label, colour: paint, symbol: i === 0 ? 'line' : 'dashed' })),
      x: centred('similarity c²'),
      y: valueAxis('share of pairs', { zero: true }),
      marks: [
        gridLines(),
        zeroLine(),
        ...steps.map(({ points, paint, dashes }) =>
          Plot.line(points, { x: 'x', y: 'y', stroke: paint, strokeWidth: 1.6, ...dashes }),
        ),
      ],
    }),
  };
}

function vectorFigure(
  name: string,
  { to, operators, members }: StepRow,
  vectors: readonly Point[],
  names: readonly string[],
): Figure {
  return {
    name,
    title: `Householder vectors, step to ${stageLabel(to)}`,
    description: `${count(operators)} unit vectors v in the plane of two output units; all lie in quadrants II and IV.`,
    caption: prose`Unit vectors v = Δψ/‖Δψ‖ of ${count(operators)} predictions (QLens, section 5.1). Differences of two states lie in quadrants II and IV. ${NUMBERS}`,
    ...scatter(vectors, { members, names }, null, [arc()], ['v₁', 'v₂'], 1.1),
  };
}

function changeFigure(
  name: string,
  { to, operators, members }: StepRow,
  changes: readonly Point[],
  names: readonly string[],
): Figure {
  const lobes = locusBoundary().map((lobe) =>
    Plot.line(pairs(lobe), { x: '0', y: '1', stroke: colour('soft'), strokeDasharray: '4 3' }),
  );
  return {
    name,
    title: `Changes of the state, step to ${stageLabel(to)}`,
    description: `${count(operators)} changes Δψ in the plane of two output units, inside the two lobes that differences of states fill.`,
    caption: prose`Changes Δψ = ψ_out − ψ_in of ${count(operators)} predictions; dashed: the boundary of what two states can differ by, ‖Δ‖² = 2 min(‖Δ₊‖, ‖Δ₋‖) (QLens, appendix A.2). ${NUMBERS}`,
    ...scatter(changes, { members, names }, null, lobes, ['Δψ₁', 'Δψ₂'], 1.1),
  };
}

interface Layout {
  readonly title: string;
  readonly axes: readonly [string, string];
  readonly words: (statistics: StepStatistics) => string;
}

const sharesOf = ({ structures }: StepStatistics, of: 'v' | 'change'): string => {
  const shares = structures.find((structure) => structure.of === of)?.shares ?? [];
  return `The two components hold ${numeral(shares[0] ?? 0, 3)} and ${numeral(shares[1] ?? 0, 3)} of the variance.`;
};
const PCA_V: Layout = {
  title: 'Principal components of v',
  axes: ['first component', 'second component'],
  words: (statistics) => sharesOf(statistics, 'v'),
};
const PCA_CHANGE: Layout = {
  title: 'Principal components of Δψ',
  axes: ['first component', 'second component'],
  words: (statistics) => sharesOf(statistics, 'change'),
};
const UMAP: Layout = {
  title: 'UMAP of the operators',
  axes: ['', ''],
  words: () => 'It keeps neighbourhoods; lengths and areas in it mean nothing.',
};

function clusterFigure(
  name: string,
  { to, operators, members }: StepRow,
  statistics: StepStatistics,
  points: readonly Point[],
  { title, axes, words }: Layout,
  names: readonly string[],
): Figure {
  const { k, labels } = statistics.clusters;
  return {
    name,
    title: `${title}, step to ${stageLabel(to)}`,
    description: `${title} for ${count(operators)} predictions; ${k} clusters by k-means. ${words(statistics)}`,
    caption: prose`${title} for ${count(operators)} predictions. ${words(statistics)} Shapes and colours: ${String(k)} clusters of v by k-means. ${NUMBERS}`,
    ...scatter(points, { members, names }, labels, [], axes),
  };
}

const PAINTS: readonly ColourName[] = ['blue', 'vermilion', 'teal', 'purple', 'ink', 'soft', 'heat', 'rule'];
const SYMBOLS = ['circle', 'triangle', 'square', 'cross', 'diamond', 'star', 'wye', 'times'] as const;

const NUMBERS =
  'Numbers beside points are those of the predictions, from 1, where there is room; a pointer that rests on a point shows more.';

/** More points get no titles, which make the figure large. */
const TITLED = 1000;
const TITLE_LENGTH = 80;

/** Which prediction a point is, and what it is called where that is known. */
interface Predictions {
  readonly members: readonly number[];
  readonly names: readonly string[];
}

function titlesOf({ members, names }: Predictions): string[] {
  return members.map((member) => {
    const name = names[member];
    return name === undefined ? String(member + 1) : `${member + 1}: ${clipEnd(printable(name), TITLE_LENGTH)}`;
  });
}

/** The range of some numbers and a little more, which is not empty. */
function rangeOf(values: readonly number[]): [number, number] {
  const [low, high] = [values.reduce((x, y) => Math.min(x, y)), values.reduce((x, y) => Math.max(x, y))];
  const margin = 0.05 * (high - low) || 0.05 * Math.abs(high) || 1;
  return [low - margin, high + margin];
}

/** Points in a square; with `reach` both axes run from −reach to reach. */
function scatter(
  points: readonly Point[],
  predictions: Predictions,
  labels: readonly number[] | null,
  marks: readonly Plot.Markish[],
  [xLabel, yLabel]: readonly [string, string],
  reach?: number,
): Drawing {
  const size = reach === undefined ? { width: CHART_WIDTH, height: 270 } : { width: 420, height: 420 };
  const [xDomain, yDomain] = [0, 1].map((axis): [number, number] =>
    reach === undefined ? rangeOf(points.map((point) => point[axis]!)) : [-reach, reach],
  ) as [[number, number], [number, number]];
  const groups = [...new Set(labels ?? [0])].sort((a, b) => a - b);
  const legend: LegendEntry[] =
    groups.length < 2
      ? []
      : groups.map((group) => ({
          label: `${group + 1}`,
          colour: colour(PAINTS[group % PAINTS.length]!),
          symbol: 'dot',
        }));
  const titles = points.length > TITLED ? null : titlesOf(predictions);
  const numbers = pointLabels(
    points,
    predictions.members.map((member) => String(member + 1)),
    {
      x: xDomain,
      y: yDomain,
      width: size.width - MARGINS.left - MARGINS.right,
      height: size.height - MARGINS.top - MARGINS.bottom - (legend.length > 0 ? MARGINS.legend : 0),
    },
  );
  return chart({
    ...size,
    legend,
    x: { ...centred(xLabel), domain: xDomain, nice: false },
    y: valueAxis(yLabel, { domain: yDomain, nice: false }),
    marks: [
      gridLines(),
      ...marks,
      ...groups.map((group) =>
        Plot.dot(
          points.flatMap(([x, y], i) => (labels === null || labels[i] === group ? [{ x, y, title: titles?.[i] }] : [])),
          {
            x: 'x',
            y: 'y',
            r: points.length > 300 ? 1.8 : 2.6,
            ...(titles === null ? {} : { title: 'title' }),
            // A ground that the pointer can rest on.
            fill: colour(PAINTS[group % PAINTS.length]!),
            fillOpacity: 0.15,
            stroke: colour(PAINTS[group % PAINTS.length]!),
            strokeOpacity: 0.75,
            symbol: SYMBOLS[group % SYMBOLS.length]!,
          },
        ),
      ),
      Plot.text(numbers, {
        x: 'x',
        y: 'y',
        text: 'text',
        fontSize: POINT_LABEL_SIZE,
        fill: colour('soft'),
        stroke: colour('paper'),
        strokeWidth: 2,
      }),
    ],
  });
}

function centred(label: string): Plot.ScaleOptions {
  return { type: 'linear', label, labelAnchor: 'center', labelArrow: 'none', tickSize: 3 };
}

/** The unit circle. */
function arc(): Plot.Markish {
  const points = Array.from({ length: 129 }, (_, i) => [Math.cos((i * Math.PI) / 64), Math.sin((i * Math.PI) / 64)]);
  return Plot.line(points, { x: '0', y: '1', stroke: colour('soft'), strokeDasharray: '4 3' });
}

function pairs(flat: Float64Array): Point[] {
  return Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i]!, flat[2 * i + 1]!]);
}
