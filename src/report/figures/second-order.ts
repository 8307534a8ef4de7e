import type { DysonResult } from '../../dyson/dyson-result.ts';
import { indexTicks } from '../svg/axes.ts';
import type { Figure } from '../svg/figure.ts';
import { colour } from '../svg/palette.ts';
import { type SvgElement, svg } from '../svg/tree.ts';
import { numeral } from '../text/numerals.ts';
import { predictingToken } from '../text/predicting-token.ts';
import { prose } from '../text/prose.ts';
import { stageLabel } from '../text/stage-names.ts';

const SIDE = 480;
const LEFT = 62;
const TOP = 10;
/** Decades that a logarithmic colour scale shows. */
const DECADES = 4;
/** Up to this many cells each has a title; up to this many sublayers each cell shows its number. */
const TITLED_CELLS = 2500;
const NUMBERED = 12;

/** Where a value lies on the colour scale, 0 to 1. */
interface HeatScale {
  readonly logarithmic: boolean;
  readonly low: number;
  readonly high: number;
  readonly of: (value: number) => number;
}

/** The second-order map: size of every path through exactly two sublayers. */
export function secondOrderFigure({ secondOrder, sublayers, steps, row, ids }: DysonResult): Figure {
  const token = predictingToken({ row, ids });
  const names = sublayers.map(({ name }) => name);
  const n = Math.max(1, names.length);
  const values = secondOrder.flatMap((row, l1) => row.filter((_, l2) => l2 > l1));
  const scale = heatScale(values);
  const cell = SIDE / n;
  const [a, b, largest] = largestPair(secondOrder);
  const sized = scale.logarithmic ? 'log colour scale' : 'linear colour scale';
  return {
    name: 'dyson-second-order',
    title: 'Second order, path by path',
    description: `Heat map of the size of every path through two of ${names.length} ${steps}s, first ${steps} downwards, second to the right, ${sized}. Largest: ${names[a] ?? 'none'} then ${names[b] ?? 'none'}, ${numeral(largest)}.`,
    tall: true,
    caption: prose`‖V^(l₂)(V^(l₁)x_0 + B^(l₁))‖₂ at ${token} for l₁ < l₂: the parts of T_2 in eq. 7 of the Dyson paper (${sized}). The largest is ${stageLabel(names[a] ?? '')} → ${stageLabel(names[b] ?? '')} with ${numeral(largest)}.`,
    width: LEFT + SIDE + 18,
    height: TOP + SIDE + 46,
    content: [
      svg('rect', { x: LEFT, y: TOP, width: SIDE, height: SIDE, fill: colour('panel') }),
      cells(secondOrder, names, cell, scale),
      ...(names.length <= NUMBERED ? numbers(secondOrder, cell, scale) : []),
      ...axes(names, steps, cell),
      ...legend(scale),
    ],
  };
}

function heatScale(values: readonly number[]): HeatScale {
  const shown = values.filter((value) => Number.isFinite(value) && value > 0);
  const high = Math.max(...shown, Number.MIN_VALUE);
  const least = Math.min(...shown, high);
  const logarithmic = high > 100 * least;
  const low = logarithmic ? Math.max(least, high / 10 ** DECADES) : 0;
  const share = logarithmic
    ? (value: number) => Math.log(value / low) / Math.log(high / low)
    : (value: number) => value / high;
  return {
    logarithmic,
    low,
    high: shown.length === 0 ? 0 : high,
    of: (value) => (value > 0 && Number.isFinite(value) ? Math.min(1, Math.max(0, share(value))) : 0),
  };
}

function cells(map: DysonResult['secondOrder'], names: readonly string[], cell: number, scale: HeatScale): SvgElement {
  const titled = (names.length * (names.length - 1)) / 2 <= TITLED_CELLS;
  const size = Math.max(cell - (cell > 12 ? 1 : 0.25), 0.5);
  const rectangles: SvgElement[] = [];
  map.forEach((row, l1) => {
    for (let l2 = l1 + 1; l2 < row.length; l2++) {
      const value = row[l2]!;
      const title = () =>
        svg('title', {}, [`${stageLabel(names[l1]!)} → ${stageLabel(names[l2]!)}: ${numeral(value)}`]);
      rectangles.push(
        svg(
          'rect',
          {
            x: LEFT + l2 * cell,
            y: TOP + l1 * cell,
            width: size,
            height: size,
            'fill-opacity': 0.03 + 0.97 * scale.of(value),
          },
          titled ? [title()] : [],
        ),
      );
    }
  });
  return svg('g', { fill: colour('heat') }, rectangles);
}

function numbers(map: DysonResult['secondOrder'], cell: number, scale: HeatScale): SvgElement[] {
  return map.flatMap((row, l1) =>
    row.flatMap((value, l2) =>
      l2 <= l1
        ? []
        : [
            svg(
              'text',
              {
                x: LEFT + (l2 + 0.5) * cell,
                y: TOP + (l1 + 0.5) * cell + 3.6,
                'font-size': 10,
                'pointer-events': 'none',
                fill: colour(scale.of(value) > 0.58 ? 'paper' : 'ink'),
              },
              [numeral(value, 2)],
            ),
          ],
    ),
  );
}

function axes(names: readonly string[], steps: DysonResult['steps'], cell: number): SvgElement[] {
  const { ticks, label, thinned } = indexTicks(names);
  const what = thinned && steps === 'sublayer' ? 'sublayer (block number; attention, then MLP)' : steps;
  const middle = TOP + SIDE / 2;
  return [
    ...ticks.flatMap((i) => [
      svg('text', { x: LEFT + (i + 0.5) * cell, y: TOP + SIDE + 14, 'font-size': 10 }, [label(i)]),
      svg('text', { x: LEFT - 6, y: TOP + (i + 0.5) * cell + 3.5, 'text-anchor': 'end', 'font-size': 10 }, [label(i)]),
    ]),
    svg('text', { x: LEFT + SIDE / 2, y: TOP + SIDE + 34 }, [`second ${what} l₂`]),
    svg('text', { x: 14, y: middle, transform: `rotate(-90 14 ${middle})` }, [`first ${what} l₁`]),
  ];
}

/** A ramp in the empty lower triangle. */
function legend({ logarithmic, low, high, of }: HeatScale): SvgElement[] {
  const [x, y, width] = [LEFT + 24, TOP + SIDE - 62, 170];
  const steps = 24;
  const at = (share: number) => (logarithmic ? low * (high / low) ** share : high * share);
  const ramp = Array.from({ length: steps }, (_, i) =>
    svg('rect', {
      x: x + (i * width) / steps,
      y,
      width: width / steps,
      height: 12,
      'fill-opacity': 0.03 + 0.97 * of(at((i + 0.5) / steps)),
    }),
  );
  const anchors = ['start', 'middle', 'end'];
  const labels = [0, 0.5, 1].map((share, i) =>
    svg('text', { x: x + width * share, y: y + 26, 'font-size': 10, fill: colour('soft'), 'text-anchor': anchors[i] }, [
      `${share === 0 && logarithmic ? '≤ ' : ''}${numeral(at(share), 2)}`,
    ]),
  );
  const title = `Euclidean norm, ${logarithmic ? 'log' : 'linear'} scale`;
  return [
    svg('text', { x, y: y - 7, 'text-anchor': 'start', fill: colour('soft') }, [title]),
    svg('g', { fill: colour('heat') }, ramp),
    ...labels,
  ];
}

function largestPair(map: DysonResult['secondOrder']): [number, number, number] {
  let best: [number, number, number] = [-1, -1, 0];
  map.forEach((row, l1) => {
    row.forEach((value, l2) => {
      if (l2 > l1 && value > best[2]) best = [l1, l2, value];
    });
  });
  return best;
}
