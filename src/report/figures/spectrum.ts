import * as Plot from '@observablehq/plot';
import type { GridPicture, GrowthPicture, SpectrumReport } from '../../analyses/spectra/analyse-spectrum.ts';
import { countAxis, logAxis, plainTick } from '../svg/axes.ts';
import { chart, gridLines, MARGINS, zeroLine } from '../svg/chart.ts';
import { type Figure, figureFile } from '../svg/figure.ts';
import { colour } from '../svg/palette.ts';
import { numeral } from '../text/numerals.ts';
import { prose } from '../text/prose.ts';
import { contourLabels, LABEL_SIZE } from './contour-labels.ts';
import { linearAxis, outlineWithin, type PlaneWindow, pointsOf, span, within } from './plane.ts';

const SIDE = 480;

/** The figures of a spectrum as SVG files by name. */
export function renderSpectrumFigures(result: SpectrumReport): Map<string, string> {
  const figures = [
    ...(result.grid === null ? [] : [planeFigure(result, result.grid)]),
    ...(result.singularValues.length === 0 ? [] : [singularFigure(result.singularValues)]),
    ...growthFigure('spectra-powers', 'Norms of powers', '‖Aᵏ‖', 'k', result.powers),
    ...growthFigure('spectra-exponentials', 'Norms of exponentials', '‖exp(tA)‖', 't', result.exponentials),
  ];
  return new Map(figures.map((figure) => [`${figure.name}.svg`, figureFile(figure)]));
}

/** Eigenvalues, level lines of the resolvent norm and the numerical range. */
function planeFigure({ summary }: SpectrumReport, { re, im, contours }: GridPicture): Figure {
  const window: PlaneWindow = { x: [re[0]!, re.at(-1)!], y: [im[0]!, im.at(-1)!] };
  const [width, height] = [window.x[1] - window.x[0], window.y[1] - window.y[0]];
  const eigenvalues = pointsOf(summary?.eigenvalues ?? new Float64Array()).filter((point) => within(window, point));
  const boundary = outlineWithin(window, pointsOf(summary?.numericalRange.boundary ?? new Float64Array()));
  const levels = contours.map(({ level }) => plainTick(level));
  const plotHeight = Math.round(Math.min(2, Math.max(0.4, height / width)) * SIDE);
  const labels = contourLabels(contours, window, {
    width: SIDE,
    height: plotHeight,
    obstacles: [...eigenvalues, ...boundary],
  });
  const shade = (k: number): number => 1 - (0.75 * k) / Math.max(1, contours.length - 1);
  return {
    name: 'spectra-plane',
    title: 'Eigenvalues and pseudospectra',
    description: `The complex plane with ${eigenvalues.length} eigenvalues, lines where the least singular value of z − A is ${levels.join(', ')}, and the boundary of the numerical range.`,
    caption: prose`Lines σ_min(z − A) = ε for ε = ${levels.join(', ')}, with ε on the lines, darkest for the largest: eigenvalues of A + E with ‖E‖ ≤ ε lie within.`,
    ...chart({
      width: SIDE + MARGINS.left + MARGINS.right,
      height: plotHeight + MARGINS.top + MARGINS.legend + MARGINS.bottom,
      x: linearAxis('Re z', window.x),
      y: { ...span(window.y), label: 'Im z', labelAnchor: 'top', labelArrow: 'none', tickFormat: plainTick },
      legend: [
        { label: 'eigenvalues', colour: colour('vermilion'), symbol: 'dot' },
        { label: `pseudospectra, ε = ${shortened(levels)}`, colour: colour('blue'), symbol: 'line' },
        { label: 'numerical range', colour: colour('teal'), symbol: 'dashed' },
      ],
      marks: [
        ...contours.flatMap(({ lines }, k) =>
          lines.map((line) =>
            Plot.line(pointsOf(line), {
              x: 'x',
              y: 'y',
              stroke: colour('blue'),
              strokeWidth: 1.3,
              strokeOpacity: shade(k),
            }),
          ),
        ),
        Plot.line(boundary, {
          x: 'x',
          y: 'y',
          z: 'piece',
          stroke: colour('teal'),
          strokeDasharray: '4 3',
          strokeWidth: 1.5,
        }),
        Plot.dot(eigenvalues, { x: 'x', y: 'y', fill: colour('vermilion'), r: 2.5 }),
        Plot.text(labels, {
          x: 'x',
          y: 'y',
          text: 'text',
          rotate: 'rotate',
          fontSize: LABEL_SIZE,
          fill: colour('ink'),
          stroke: colour('paper'),
          strokeWidth: 4,
        }),
      ],
    }),
  };
}

/** The first two and the last of a long list. */
function shortened(items: readonly string[]): string {
  return (items.length > 3 ? [...items.slice(0, 2), '…', ...items.slice(-1)] : items).join(', ');
}

function singularFigure(values: Float64Array): Figure {
  const data = Array.from(values, (value) => ({ value }));
  const y = countAxis('count');
  return {
    name: 'spectra-singular-values',
    title: 'Singular values',
    description: `Histogram of ${values.length} singular values from ${numeral(values.at(-1)!)} to ${numeral(values[0]!)}.`,
    caption: prose`Singular values of A, ${String(values.length)} in all.`,
    ...chart({
      x: linearAxis('singular value'),
      y,
      marks: [
        gridLines(y),
        Plot.rectY(data, { ...Plot.binX({ y: 'count' }, { x: 'value', thresholds: 30 }), fill: colour('blue') }),
        zeroLine(),
      ],
    }),
  };
}

function growthFigure(
  name: string,
  title: string,
  what: string,
  unit: string,
  picture: GrowthPicture | null,
): Figure[] {
  if (picture === null) return [];
  const { growth, bounds, ceiling } = picture;
  const points = (values: Float64Array) =>
    Array.from(values, (value, k) => ({ time: growth.times[k]!, value })).filter(
      ({ value }) => value > 0 && Number.isFinite(value),
    );
  const limits = [
    ...(bounds === null ? [] : [{ label: 'lower bound', stroke: colour('vermilion'), values: bounds }]),
    ...(ceiling === null ? [] : [{ label: 'e·n·K', stroke: colour('teal'), values: growth.times.map(() => ceiling) }]),
  ];
  const y = logAxis(what, [...growth.norms, ...limits.flatMap(({ values }) => [...values])]);
  const shared = { x: 'time', y: 'value', strokeWidth: 2 } as const;
  const below = bounds === null ? '' : '; the lower dashed line bounds the largest norm so far, from resolvent norms';
  const above =
    ceiling === null ? '' : '; the upper one, e·n·K with the Kreiss constant K, is above all norms at all times';
  return [
    {
      name,
      title,
      description: `${what} against ${unit} up to ${numeral(growth.times.at(-1)!, 3)}, largest ${numeral(growth.norms.reduce((a, b) => Math.max(a, b), 0))}${bounds === null ? '' : ', with a lower bound on the largest norm so far'}${ceiling === null ? '' : ` and an upper bound on all, ${numeral(ceiling)}`}.`,
      caption: prose`${what}${below}${above}.`,
      ...chart({
        x: linearAxis(unit),
        y,
        legend: [
          { label: what, colour: colour('blue'), symbol: 'line' },
          ...limits.map(({ label, stroke }) => ({ label, colour: stroke, symbol: 'dashed' }) as const),
        ],
        marks: [
          gridLines(y),
          Plot.line(points(growth.norms), { ...shared, stroke: colour('blue') }),
          ...limits.map(({ stroke, values }) =>
            Plot.line(points(values), { ...shared, stroke, strokeDasharray: '4 3' }),
          ),
        ],
      }),
    },
  ];
}
