import type { ChenNode, ChenResult } from '../../fock/chen-result.ts';
import type { Figure } from '../svg/figure.ts';
import { colour } from '../svg/palette.ts';
import { type SvgElement, svg } from '../svg/tree.ts';
import { count, numeral, percent } from '../text/numerals.ts';
import { tokenLabel } from '../text/printable.ts';
import { prose } from '../text/prose.ts';
import { fitEnd, fitStart, textWidth } from '../text/width.ts';

/** Leaves drawn. */
const LEAVES = 40;
const ROW = 17;
const TOP = 30;
const ROOT_WIDTH = 132;
/** From the texts to step 1. */
const FIRST_GAP = 84;
const FONT_SIZE = 11;

interface Placed {
  readonly node: ChenNode;
  readonly children: Placed[];
  y: number;
}

/** The tree of outcomes by step, pruned to its heaviest leaves. */
export function measurementTree({ tree, steps, texts }: ChenResult): Figure {
  const leaves = tree.filter(({ step }) => step === steps).sort((a, b) => b.probability - a.probability || a.id - b.id);
  const drawn = leaves.slice(0, LEAVES);
  const roots = placed(tree, drawn);
  const column = Math.min(230, Math.max(112, 900 / Math.max(1, steps)));
  const width = Math.max(560, ROOT_WIDTH + FIRST_GAP + column * Math.max(0, steps - 1) + Math.min(column, 170));
  const height = TOP + ROW * Math.max(1, drawn.length) + 12;
  const links: SvgElement[] = [];
  const marks: SvgElement[] = [];
  const x = (step: number) => (step === 0 ? ROOT_WIDTH : ROOT_WIDTH + FIRST_GAP + column * (step - 1));
  const room = Math.max(2, (column - 84) / FONT_SIZE);
  const labelOf = ({ step, id, label }: ChenNode) =>
    step === 0 ? fitStart(outcomeLabel(texts[id]?.labels ?? [label]), 9.5) : fitEnd(tokenLabel(label), room);
  const draw = (parent: Placed) => {
    const label = labelOf(parent.node);
    marks.push(...nodeElements(parent, x(parent.node.step), label));
    const from = x(parent.node.step) + (parent.node.step === 0 ? 0 : labelWidth(parent.node, label));
    for (const child of parent.children) {
      links.push(linkElement(parent, child, from, x(child.node.step)));
      draw(child);
    }
  };
  roots.forEach(draw);
  const weight = drawn.reduce((sum, { probability }) => sum + probability, 0);
  const extent = `${drawn.length === leaves.length ? 'all' : 'the heaviest'} ${count(drawn.length)} of ${count(leaves.length)} strings kept, together ${percent(weight)} of the probability`;
  return {
    name: 'chen-tree',
    title: 'Measurement tree',
    description: `Tree of the outcomes of ${steps} measurements: ${extent}.`,
    caption: prose`Each column is one measurement (X_ℓ, D) of the last site (Chen, eqs. 8–10): a branch is an outcome token, and the area of its disc is the probability of the whole string up to there, which the label repeats. Drawn: ${extent}.`,
    width,
    height,
    content: [...headings(steps, x), svg('g', { fill: 'none', stroke: colour('blue') }, links), ...marks],
    wide: true,
  };
}

/** The drawn part of the tree; leaves lie one row apart, every other node at the weighted mean of its children. */
function placed(tree: readonly ChenNode[], leaves: readonly ChenNode[]): Placed[] {
  const byId = new Map(tree.map((node) => [node.id, node]));
  const kept = new Map<number, Placed>();
  const roots: Placed[] = [];
  const keep = (node: ChenNode): Placed => {
    const known = kept.get(node.id);
    if (known !== undefined) return known;
    const entry: Placed = { node, children: [], y: 0 };
    kept.set(node.id, entry);
    const parent = node.parent === null ? undefined : byId.get(node.parent);
    (parent === undefined ? roots : keep(parent).children).push(entry);
    return entry;
  };
  leaves.forEach(keep);
  let row = 0;
  const place = (entry: Placed) => {
    entry.children.sort((a, b) => b.node.probability - a.node.probability || a.node.id - b.node.id);
    entry.children.forEach(place);
    const weight = entry.children.reduce((sum, { node }) => sum + node.probability, 0);
    const mean = entry.children.reduce((sum, { node, y }) => sum + node.probability * y, 0) / weight;
    entry.y = Number.isFinite(mean) ? mean : TOP + ROW * (row++ + 0.5);
  };
  roots.forEach(place);
  return roots;
}

function headings(steps: number, x: (step: number) => number): SvgElement[] {
  return Array.from({ length: steps + 1 }, (_, step) =>
    svg('text', { x: x(step), y: 14, fill: colour('soft'), 'text-anchor': step === 0 ? 'end' : 'start' }, [
      step === 0 ? 'text' : `step ${step}`,
    ]),
  );
}

function linkElement(from: Placed, to: Placed, x1: number, x2: number): SvgElement {
  const middle = (x1 + x2) / 2;
  const share = diameterShare(to.node);
  return svg('path', {
    d: `M${x1},${from.y}C${middle},${from.y} ${middle},${to.y} ${x2},${to.y}`,
    'stroke-width': 0.6 + 5 * share,
    'stroke-opacity': 0.25 + 0.4 * share,
  });
}

/** √probability, 0 where it is no probability. */
function diameterShare({ probability }: ChenNode): number {
  return probability > 0 ? Math.sqrt(Math.min(1, probability)) : 0;
}

/** Radius of a node's disc: its area is proportional to the probability. */
function radiusOf(node: ChenNode): number {
  return Math.max(1.6, 9 * diameterShare(node));
}

/** From a node's centre to the end of its label. */
function labelWidth(node: ChenNode, label: string): number {
  return radiusOf(node) + 16 + FONT_SIZE * textWidth(label) + (FONT_SIZE - 1) * textWidth(percent(node.probability));
}

function nodeElements({ node, y }: Placed, x: number, label: string): SvgElement[] {
  const { step, probability, conditional } = node;
  const radius = radiusOf(node);
  const share = svg('tspan', { fill: colour('soft'), dx: 5, 'font-size': 10 }, [percent(probability)]);
  const hint = step === 0 ? '' : `p(token | history) = ${numeral(conditional)}, `;
  return [
    svg('circle', { cx: x, cy: y, r: radius, fill: colour('blue'), 'fill-opacity': 0.5 + 0.5 * diameterShare(node) }, [
      svg('title', {}, [`${label}: ${hint}probability of the string ${numeral(probability)}`]),
    ]),
    step === 0
      ? svg('text', { x: x - radius - 5, y: y + 3.6, 'text-anchor': 'end' }, [label])
      : svg('text', { x: x + radius + 5, y: y + 3.6, 'text-anchor': 'start' }, [label, share]),
  ];
}

/** Outcomes y_1 … y_L, or the tokens of a text, as one label. */
export function outcomeLabel(labels: readonly string[]): string {
  return labels.map(tokenLabel).join(' · ');
}
