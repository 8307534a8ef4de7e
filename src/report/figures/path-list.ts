import type { DysonResult } from '../../dyson/dyson-result.ts';
import type { TopPaths } from '../../dyson/path-search.ts';
import type { Figure } from '../svg/figure.ts';
import { colour } from '../svg/palette.ts';
import { type SvgElement, svg } from '../svg/tree.ts';
import { more } from '../text/more.ts';
import { count, numeral, percent, signedNumeral } from '../text/numerals.ts';
import { quoted } from '../text/printable.ts';
import { prose } from '../text/prose.ts';
import { pathLabel } from '../text/stage-names.ts';

const [WIDTH, LEFT, RIGHT, TOP, ROW] = [660, 270, 60, 10, 20];
/** Paths that are drawn. */
const SHOWN = 20;

/** The largest paths as signed bars, one below the other. */
export function pathFigure({ top }: DysonResult, found: TopPaths): Figure {
  const paths = found.paths.slice(0, SHOWN);
  const most = Math.max(...paths.map(({ contribution }) => Math.abs(contribution)).filter(Number.isFinite), 1e-300);
  const middle = LEFT + (WIDTH - LEFT - RIGHT) / 2;
  const scale = (WIDTH - LEFT - RIGHT) / 2 / most;
  const height = TOP + paths.length * ROW + 10;
  const to = found.token === top.id ? `the logit of ${quoted(top.token)}` : `the logit of token ${found.token}`;
  const against = found.against === null ? '' : ` less that of token ${found.against}`;
  const how =
    found.search === 'heuristic'
      ? `a heuristic choice of ${count(found.allPaths)}`
      : `the largest of all ${count(found.allPaths)}`;
  return {
    name: 'dyson-paths',
    title: 'Largest paths',
    tall: true,
    description: `Signed bars of the ${paths.length} largest paths to ${to}${against}, ${how}; the first is ${pathLabel(paths[0]?.channels ?? [])} with ${signedNumeral(paths[0]?.contribution)}.`,
    caption: prose`Ordered paths and what each adds to ${to}${against}: ${how}. They hold ${percent(found.compared.share)} of the size Σ|contribution| of the paths compared; their sum is ${numeral(found.listed)} of ${numeral(found.total)}.${found.paths.length > SHOWN ? ` Not drawn: ${more(found.paths.length - SHOWN)} of them.` : ''}`,
    width: WIDTH,
    height,
    content: [
      ...paths.flatMap(({ channels, contribution }, i) =>
        row(pathLabel(channels), contribution, TOP + i * ROW, middle, scale),
      ),
      svg('line', { x1: middle, x2: middle, y1: TOP, y2: height - 6, stroke: colour('soft') }),
    ],
  };
}

function row(label: string, contribution: number, y: number, middle: number, scale: number): SvgElement[] {
  const length = Number.isFinite(contribution) ? Math.abs(contribution) * scale : 0;
  const negative = contribution < 0;
  return [
    svg('text', { x: LEFT - 8, y: y + 13, 'text-anchor': 'end', 'font-size': 11 }, [label]),
    svg('rect', {
      x: negative ? middle - length : middle,
      y: y + 3,
      width: length,
      height: ROW - 6,
      fill: colour(negative ? 'vermilion' : 'blue'),
    }),
    svg('text', { x: WIDTH - 4, y: y + 13, 'text-anchor': 'end', 'font-size': 11 }, [signedNumeral(contribution, 3)]),
  ];
}
