import * as Plot from '@observablehq/plot';
import type { NamedComparison } from '../../analyses/spectra/named-comparison.ts';
import { randomMatrices } from '../../linalg/index.ts';
import { valueAxis } from '../svg/axes.ts';
import { chart, gridLines, zeroLine } from '../svg/chart.ts';
import { type Figure, figureFile } from '../svg/figure.ts';
import { colour } from '../svg/palette.ts';
import { CAUSAL_STATISTICS } from '../text/causal-statistics.ts';
import { numeral } from '../text/numerals.ts';
import { prose } from '../text/prose.ts';
import { curve, ellipse, linearAxis, logTicks, pointsOf } from './plane.ts';

const SIDE = 440;
const MOST_BINS = 30;

/** The figures of comparisons with random matrices as SVG files by name, numbered where there are several comparisons. */
export function renderRandomFigures(comparisons: readonly NamedComparison[]): Map<string, string> {
  const figures = comparisons.flatMap((comparison, k) => {
    const suffix = comparisons.length > 1 ? `-${k + 1}` : '';
    return figuresOf(comparison).map((figure) => ({ ...figure, name: `random-${figure.name}${suffix}` }));
  });
  return new Map(figures.map((figure) => [`${figure.name}.svg`, figureFile(figure)]));
}

function figuresOf(comparison: NamedComparison): Figure[] {
  const { of, marchenkoPastur, tail, elliptic, eigenvalues, spacingRatios, overlaps, causal } = comparison;
  return [
    ...(marchenkoPastur === null ? [] : [marchenkoPasturFigure(comparison, marchenkoPastur)]),
    ...(marchenkoPastur === null || tail === null ? [] : [tailFigure(of, marchenkoPastur.eigenvalues, tail)]),
    ...(elliptic === null || eigenvalues === null ? [] : [ellipticFigure(of, eigenvalues, elliptic)]),
    ...(spacingRatios === null || spacingRatios.count === 0 ? [] : [spacingFigure(of, spacingRatios)]),
    ...(overlaps === null || overlaps.reduced.length === 0 ? [] : [overlapFigure(of, overlaps)]),
    ...(causal === null ? [] : [causalFigure(of, causal)]),
  ];
}

/** Histogram of σ as a density, and the law of the bulk: of σ²/n, by 2σ/n. Spikes are ticks; those far out are only counted. */
function marchenkoPasturFigure(comparison: NamedComparison, fit: randomMatrices.MarchenkoPasturFit): Figure {
  const { of, rows, columns } = comparison;
  const { spikes, ratio, variance, eigenvalues, pValue } = fit;
  const n = Math.max(rows, columns);
  const sigmaOf = (eigenvalue: number) => Math.sqrt(n * eigenvalue);
  const [low, high] = [sigmaOf(fit.edges[0]), sigmaOf(fit.edges[1])];
  const shown = spikes.map(({ eigenvalue }) => sigmaOf(eigenvalue)).filter((value) => value < FARTHEST * high);
  const end = 1.05 * Math.max(1.1 * high, ...shown);
  const start = Math.max(0, Math.min(sigmaOf(eigenvalues[0]!), 0.95 * low));
  const bulk = eigenvalues.length - spikes.length;
  const values = eigenvalues.subarray(0, bulk).map(sigmaOf);
  const bars = histogram(values, start, Math.max(high, values.at(-1) ?? high));
  const law = randomMatrices.marchenkoPastur(ratio, variance);
  const hidden = spikes.length - shown.length;
  return {
    name: 'marchenko-pastur',
    title: 'Singular values and Marchenko–Pastur',
    description: `Histogram of ${bulk} singular values of the bulk with the Marchenko–Pastur density between ${numeral(low)} and ${numeral(high)}, and ${spikes.length} spikes beyond ${numeral(sigmaOf(fit.spikeEdge))}.`,
    caption: prose`Singular values of ${of}: density of the bulk, Marchenko–Pastur with s² = ${numeral(variance)}, c = ${numeral(ratio, 3)} (p ${numeral(pValue, 2)}), and ${String(spikes.length)} spikes${hidden > 0 ? ` (${hidden} more to the right)` : ''}.`,
    ...chart({
      x: linearAxis('singular value', [start, end]),
      y: valueAxis('density', { zero: true }),
      legend: [
        { label: 'matrix', colour: colour('blue'), symbol: 'bar' },
        { label: 'Marchenko–Pastur', colour: colour('vermilion'), symbol: 'line' },
        ...(shown.length > 0 ? [{ label: 'spikes', colour: colour('purple'), symbol: 'tick' } as const] : []),
      ],
      marks: [
        gridLines(),
        Plot.rectY(bars, { ...BARS, fill: colour('blue'), fillOpacity: 0.55 }),
        Plot.line(
          curve(low, high, (x) => (x > 0 ? (law.density((x * x) / n) * 2 * x) / n : quarterCircle(variance, n))),
          { x: 'x', y: 'y', stroke: colour('vermilion'), strokeWidth: 2 },
        ),
        Plot.tickX(shown, { x: (value) => value, stroke: colour('purple'), strokeWidth: 1.5, insetTop: 120 }),
        zeroLine(),
      ],
    }),
  };
}

/** Spikes beyond so many bulk edges are not drawn. */
const FARTHEST = 3;
const BARS = { x1: 'from', x2: 'to', y: 'density' } as const;

/** The density of σ at 0 for c = 1, where the law is a quarter circle of radius 2s√n. */
function quarterCircle(variance: number, n: number): number {
  return 2 / (Math.PI * Math.sqrt(variance * n));
}

/** Shares of numbers in bins of equal width, over the width; the fewer numbers, the fewer bins. */
function histogram(values: Float64Array, start: number, end: number) {
  const bins = Math.max(4, Math.min(MOST_BINS, Math.round(2 * Math.sqrt(values.length))));
  const width = (end - start) / bins;
  const bars = Array.from({ length: bins }, (_, k) => ({
    from: start + k * width,
    to: start + (k + 1) * width,
    density: 0,
  }));
  for (const value of values) {
    bars[Math.min(bins - 1, Math.floor((value - start) / width))]!.density += 1 / values.length / width;
  }
  return bars;
}

/** How far below the tail the figure begins, as a factor. */
const BEFORE_TAIL = 100;

/** Share of the eigenvalues at or above each, both axes logarithmic: a power law is a straight line. */
function tailFigure(of: string, eigenvalues: Float64Array, tail: randomMatrices.PowerLawFit): Figure {
  const sorted = eigenvalues.filter((value) => value > 0);
  const n = sorted.length;
  const points = Array.from(sorted, (x, k) => ({ x, y: (n - k) / n }));
  const top = sorted.at(-1)!;
  const share = tail.count / n;
  const line = [tail.xmin, top].map((x) => ({ x, y: share * (x / tail.xmin) ** (1 - tail.alpha) }));
  const verdict = tail.flags.length === 0 ? 'no flag' : `flags: ${tail.flags.join(', ')}`;
  const least = Math.min(1 / n, line[1]!.y);
  const start = Math.max(sorted[0]!, tail.xmin / BEFORE_TAIL);
  return {
    name: 'tail',
    title: 'Tail of the squared singular values',
    description: `Share of the squared singular values at or above each, and the power law with exponent ${numeral(tail.alpha, 3)} from ${numeral(tail.xmin)} on; ${verdict}.`,
    caption: prose`Share at or above x of ${of}; power law x^−α, α = ${numeral(tail.alpha, 3)} ± ${numeral(tail.standardError, 2)} for the ${String(tail.count)} beyond ${numeral(tail.xmin)}, p ${numeral(tail.pValue, 2)} (${verdict}).`,
    ...chart({
      x: { ...linearAxis('σ²/n, log scale', [start, top]), type: 'log', ticks: logTicks(start, top) },
      y: { ...valueAxis('share, log scale'), type: 'log', domain: [least, 1], nice: false, ticks: logTicks(least, 1) },
      legend: [
        { label: 'matrix', colour: colour('blue'), symbol: 'dot' },
        { label: 'power law', colour: colour('vermilion'), symbol: 'dashed' },
      ],
      marks: [
        gridLines({ ticks: logTicks(least, 1) }),
        Plot.dot(
          points.filter(({ x }) => x >= start),
          { x: 'x', y: 'y', fill: colour('blue'), r: 2 },
        ),
        Plot.line(line, { x: 'x', y: 'y', stroke: colour('vermilion'), strokeWidth: 2, strokeDasharray: '4 3' }),
      ],
    }),
  };
}

function ellipticFigure(of: string, eigenvalues: Float64Array, fit: randomMatrices.EllipticLawFit): Figure {
  const points = pointsOf(eigenvalues);
  const reach = (axis: 'x' | 'y', semi: number) =>
    1.1 * points.reduce((most, point) => Math.max(most, Math.abs(point[axis])), semi);
  const [wide, high] = [reach('x', fit.semiAxes[0]), reach('y', fit.semiAxes[1])];
  return {
    name: 'elliptic',
    title: 'Eigenvalues and the elliptic law',
    description: `${points.length} eigenvalues and the ellipse of semi-axes ${numeral(fit.semiAxes[0])} and ${numeral(fit.semiAxes[1])}; ${fit.outliers.length} lie outside.`,
    caption: prose`Eigenvalues of ${of} and the edge of the elliptic law, τ = ${numeral(fit.tau, 3)} (0: circular law), p ${numeral(fit.pValue, 2)}, ${String(fit.outliers.length)} outliers.`,
    ...chart({
      width: SIDE + 68,
      height: Math.round(Math.min(1.6, Math.max(0.4, high / wide)) * SIDE) + 86,
      x: linearAxis('Re λ', [-wide, wide]),
      y: valueAxis('Im λ', { domain: [-high, high], nice: false }),
      legend: [
        { label: 'eigenvalues', colour: colour('vermilion'), symbol: 'dot' },
        { label: 'elliptic law', colour: colour('teal'), symbol: 'line' },
      ],
      marks: [
        Plot.line(ellipse(...fit.semiAxes), { x: 'x', y: 'y', stroke: colour('teal'), strokeWidth: 1.5 }),
        Plot.dot(points, { x: 'x', y: 'y', fill: colour('vermilion'), r: 2.5 }),
      ],
    }),
  };
}

function spacingFigure(of: string, { ratios, count, r, cos }: randomMatrices.SpacingRatios): Figure {
  const { ginibre, poisson } = randomMatrices.SPACING_RATIO_MEANS;
  return {
    name: 'spacing-ratios',
    title: 'Complex spacing ratios',
    description: `${count} complex spacing ratios in the unit disc; mean modulus ${numeral(r!.mean, 3)}, mean cosine of the angle ${numeral(cos!.mean, 3)}.`,
    caption: prose`ξ = (λ_NN − λ)/(λ_NNN − λ) of ${of}, ${String(count)} in all: ⟨r⟩ ${numeral(r!.mean, 3)} ± ${numeral(r!.error, 2)}, ⟨cos θ⟩ ${numeral(cos!.mean, 3)} ± ${numeral(cos!.error, 2)}. Ginibre ${String(ginibre.r)}, ${String(ginibre.cos)}: few near 0 and to the right; independent points ${numeral(poisson.r, 3)}, 0: even.`,
    ...chart({
      width: SIDE + 68,
      height: SIDE + 86,
      x: linearAxis('Re ξ', [-1.05, 1.05]),
      y: valueAxis('Im ξ', { domain: [-1.05, 1.05], nice: false }),
      legend: [{ label: 'ratios', colour: colour('blue'), symbol: 'dot' }],
      marks: [
        Plot.line(ellipse(1, 1), { x: 'x', y: 'y', stroke: colour('soft') }),
        Plot.dot([{ x: 0, y: 0 }], { x: 'x', y: 'y', stroke: colour('soft'), symbol: 'plus', r: 4 }),
        Plot.dot(pointsOf(ratios), { x: 'x', y: 'y', fill: colour('blue'), r: 2.5 }),
      ],
    }),
  };
}

/** n(1 − ρ²)/O against the density x e^{−x}. */
function overlapFigure(of: string, { reduced, mean, distance }: randomMatrices.OverlapStatistics): Figure {
  const end = Math.max(8, Math.min(40, 1.05 * reduced.reduce((a, b) => Math.max(a, b), 0)));
  const bars = histogram(reduced, 0, end);
  return {
    name: 'overlaps',
    title: 'Eigenvector overlaps',
    description: `Histogram of ${reduced.length} reduced eigenvector overlaps with mean ${numeral(mean, 3)}, and the density of Ginibre matrices with mean 2.`,
    caption: prose`n(1 − ρ²)/O of ${of} for ${String(reduced.length)} eigenvalues in the bulk, O the squared condition number, and the law of Ginibre matrices, x·exp(−x): mean ${numeral(mean, 3)} (Ginibre 2; more is nearer to normal), distance ${numeral(distance, 2)}.`,
    ...chart({
      x: linearAxis('n(1 − ρ²)/O', [0, end]),
      y: valueAxis('density', { zero: true }),
      legend: [
        { label: 'matrix', colour: colour('blue'), symbol: 'bar' },
        { label: 'Ginibre', colour: colour('vermilion'), symbol: 'line' },
      ],
      marks: [
        gridLines(),
        Plot.rectY(bars, { ...BARS, fill: colour('blue'), fillOpacity: 0.55 }),
        Plot.line(
          curve(0, end, (x) => x * Math.exp(-x)),
          { x: 'x', y: 'y', stroke: colour('vermilion'), strokeWidth: 2 },
        ),
        zeroLine(),
      ],
    }),
  };
}

/** Each statistic in standard deviations of the null model. */
function causalFigure(of: string, { statistics, scale }: randomMatrices.CausalComparison): Figure {
  const data = Object.entries(CAUSAL_STATISTICS).map(([name, label]) => {
    const { observed, mean, deviation } = statistics[name as keyof typeof CAUSAL_STATISTICS];
    return { label, z: deviation > 0 ? (observed - mean) / deviation : 0 };
  });
  const most = data.reduce((high, { z }) => Math.max(high, Math.abs(z)), 3);
  return {
    name: 'causal',
    title: 'Attention against random causal attention',
    description: `Six statistics of the attention matrix in standard deviations from random causal attention: ${data.map(({ label, z }) => `${label} ${numeral(z, 2)}`).join(', ')}.`,
    caption: prose`Statistics of ${of} in standard deviations from their mean over softmaxes of independent scores of standard deviation ${numeral(scale, 3)}, as even as the head on average; the band is ±2.`,
    ...chart({
      marginLeft: 130,
      x: linearAxis('standard deviations from the mean', [-1.08 * most, 1.08 * most]),
      y: { type: 'band', domain: data.map(({ label }) => label), label: null, tickSize: 0 },
      marks: [
        Plot.rectX([{ from: -2, to: 2 }], { x1: 'from', x2: 'to', fill: colour('rule'), fillOpacity: 0.6 }),
        Plot.ruleX([0], { stroke: colour('soft') }),
        Plot.dot(data, { x: 'z', y: 'label', fill: colour('blue'), r: 5 }),
      ],
    }),
  };
}
