import * as Plot from '@observablehq/plot';
import type { DataSetResult, StepRow, StepStatistics } from '../../qlens/data-set/result.ts';
import { locusBoundary } from '../../qlens/locus.ts';
import { valueAxis } from '../svg/axes.ts';
import { chart, type Drawing, gridLines, type LegendEntry, zeroLine } from '../svg/chart.ts';
import { type Figure, figureFile } from '../svg/figure.ts';
import { type ColourName, colour } from '../svg/palette.ts';
import { count, numeral } from '../text/numerals.ts';
import { prose } from '../text/prose.ts';
import { stageLabel } from '../text/stage-names.ts';

type Point = readonly [number, number];

/** Figures of a data set as SVG files, by file name: similarity histograms and scatter plots of every step. */
export function renderDataSetFigures(result: DataSetResult): Map<string, string> {
  return new Map(dataSetFigures(result).map((figure) => [`${figure.name}.svg`, figureFile(figure)]));
}

/** The same as figures of a page. */
export function dataSetFigures({ steps, V }: DataSetResult): Figure[] {
  return steps.flatMap((step, i) => stepFigures(step, i, V));
}

function stepFigures(step: StepRow, index: number, V: number): Figure[] {
  const { statistics, vectors } = step;
  if (statistics === null) return [];
  const name = (what: string): string => `qlens-${String(index + 1).padStart(2, '0')}-${what}`;
  const figures = [histogramFigure(name('similarity'), step, statistics)];
  if (V === 2 && vectors !== null) {
    const changes = vectors.map(([x, y], i): Point => [x * step.lengths[i]!, y * step.lengths[i]!]);
    return [...figures, vectorFigure(name('v'), step, vectors), changeFigure(name('change'), step, changes)];
  }
  for (const { of, points } of statistics.structures) {
    figures.push(clusterFigure(name(`pca-${of}`), step, statistics, points, of === 'v' ? PCA_V : PCA_CHANGE));
  }
  if (statistics.umap !== null) figures.push(clusterFigure(name('umap'), step, statistics, statistics.umap, UMAP));
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

function vectorFigure(name: string, { to, operators }: StepRow, vectors: readonly Point[]): Figure {
  return {
    name,
    title: `Householder vectors, step to ${stageLabel(to)}`,
    description: `${count(operators)} unit vectors v in the plane of two output units; all lie in quadrants II and IV.`,
    caption: prose`Unit vectors v = Δψ/‖Δψ‖ of ${count(operators)} predictions (QLens, section 5.1). Differences of two states lie in quadrants II and IV.`,
    ...scatter(vectors, null, [arc()], ['v₁', 'v₂'], 1.1),
  };
}

function changeFigure(name: string, { to, operators }: StepRow, changes: readonly Point[]): Figure {
  const lobes = locusBoundary().map((lobe) =>
    Plot.line(pairs(lobe), { x: '0', y: '1', stroke: colour('soft'), strokeDasharray: '4 3' }),
  );
  return {
    name,
    title: `Changes of the state, step to ${stageLabel(to)}`,
    description: `${count(operators)} changes Δψ in the plane of two output units, inside the two lobes that differences of states fill.`,
    caption: prose`Changes Δψ = ψ_out − ψ_in of ${count(operators)} predictions; dashed: the boundary of what two states can differ by, ‖Δ‖² = 2 min(‖Δ₊‖, ‖Δ₋‖) (QLens, appendix A.2).`,
    ...scatter(changes, null, lobes, ['Δψ₁', 'Δψ₂'], 1.1),
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
  { to, operators }: StepRow,
  statistics: StepStatistics,
  points: readonly Point[],
  { title, axes, words }: Layout,
): Figure {
  const { k, labels } = statistics.clusters;
  return {
    name,
    title: `${title}, step to ${stageLabel(to)}`,
    description: `${title} for ${count(operators)} predictions; ${k} clusters by k-means. ${words(statistics)}`,
    caption: prose`${title} for ${count(operators)} predictions. ${words(statistics)} Shapes and colours: ${String(k)} clusters of v by k-means.`,
    ...scatter(points, labels, [], axes),
  };
}

const PAINTS: readonly ColourName[] = ['blue', 'vermilion', 'teal', 'purple', 'ink', 'soft', 'heat', 'rule'];
const SYMBOLS = ['circle', 'triangle', 'square', 'cross', 'diamond', 'star', 'wye', 'times'] as const;

/** Points in a square; with `reach` both axes run from −reach to reach. */
function scatter(
  points: readonly Point[],
  labels: readonly number[] | null,
  marks: readonly Plot.Markish[],
  [xLabel, yLabel]: readonly [string, string],
  reach?: number,
): Drawing {
  const size = reach === undefined ? {} : { width: 420, height: 420 };
  const domain = reach === undefined ? {} : { domain: [-reach, reach], nice: false };
  const groups = [...new Set(labels ?? [0])].sort((a, b) => a - b);
  const legend: LegendEntry[] =
    groups.length < 2
      ? []
      : groups.map((group) => ({
          label: `${group + 1}`,
          colour: colour(PAINTS[group % PAINTS.length]!),
          symbol: 'dot',
        }));
  return chart({
    ...size,
    legend,
    x: { ...centred(xLabel), ...domain },
    y: valueAxis(yLabel, domain),
    marks: [
      gridLines(),
      ...marks,
      ...groups.map((group) =>
        Plot.dot(
          points.filter((_, i) => labels === null || labels[i] === group),
          {
            x: '0',
            y: '1',
            r: points.length > 300 ? 1.8 : 2.6,
            stroke: colour(PAINTS[group % PAINTS.length]!),
            strokeOpacity: 0.75,
            symbol: SYMBOLS[group % SYMBOLS.length]!,
          },
        ),
      ),
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
