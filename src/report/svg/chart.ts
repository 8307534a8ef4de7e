import * as Plot from '@observablehq/plot';
import { textWidth } from '../text/width.ts';
import { colour } from './palette.ts';
import { type Attributes, SVG_DOCUMENT, SvgElement, svg } from './tree.ts';

/** Width of a figure in half a page, in user units. */
export const CHART_WIDTH = 560;

/** Space around what is drawn, unless a chart says otherwise; a legend takes its part above. */
export const MARGINS = { left: 52, right: 16, top: 26, bottom: 40, legend: 20 } as const;

/** One entry of a legend. */
export interface LegendEntry {
  readonly label: string;
  readonly colour: string;
  readonly symbol: 'line' | 'dashed' | 'bar' | 'dot' | 'tick';
}

export interface ChartOptions extends Omit<Plot.PlotOptions, 'document' | 'className' | 'style' | 'caption' | 'title'> {
  readonly legend?: readonly LegendEntry[];
}

/** What a chart draws: its size and its elements. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly content: readonly SvgElement[];
}

/** A chart by Plot with this report's margins, lines and legend. Equal options give equal elements. */
export function chart({ legend = [], ...options }: ChartOptions): Drawing {
  const { width = CHART_WIDTH, height = 270, marginTop = MARGINS.top } = options;
  const legendHeight = legend.length > 0 ? MARGINS.legend : 0;
  const plotted = Plot.plot({
    marginLeft: MARGINS.left,
    marginRight: MARGINS.right,
    marginBottom: MARGINS.bottom,
    ...options,
    width,
    height,
    marginTop: marginTop + legendHeight,
    document: SVG_DOCUMENT,
    className: 'chart',
    figure: false,
  }) as unknown as SvgElement;
  const marks = plotted.children.filter((child) => child instanceof SvgElement && child.tagName !== 'style');
  for (const mark of marks) withoutAria(mark as SvgElement);
  const legendStart = Math.max(options.marginLeft ?? MARGINS.left, 22 + 10 * textWidth(options.y?.label ?? ''));
  return { width, height, content: [...(marks as SvgElement[]), ...legendElements(legend, legendStart)] };
}

/** The figure is one image to assistive technology, so what Plot says about its parts is dead weight. */
function withoutAria(element: SvgElement): void {
  for (const name of element.attributes.keys()) if (name.startsWith('aria-')) element.removeAttribute(name);
  for (const child of element.children) if (child instanceof SvgElement) withoutAria(child);
}

function legendElements(legend: readonly LegendEntry[], left: number): SvgElement[] {
  let x = left;
  return legend.map(({ label, ...entry }) => {
    const at = x;
    x += 36 + 11 * textWidth(label);
    const text = svg('text', { x: at + 22, y: 13, 'text-anchor': 'start', fill: colour('soft') }, [label]);
    return svg('g', {}, [symbolElement(entry, at), text]);
  });
}

function symbolElement({ colour: paint, symbol }: Omit<LegendEntry, 'label'>, x: number): SvgElement {
  const line: Attributes = { stroke: paint, 'stroke-width': 2 };
  if (symbol === 'bar') return svg('rect', { x: x + 4, y: 4, width: 11, height: 11, fill: paint });
  if (symbol === 'dot') return svg('circle', { cx: x + 10, cy: 9.5, r: 4, fill: paint });
  if (symbol === 'tick') return svg('path', { d: `M${x + 10},3V16`, ...line });
  return svg('path', { d: `M${x},9.5H${x + 18}`, ...line, 'stroke-dasharray': symbol === 'dashed' ? '4 3' : null });
}

/** A line through y = 0. */
export function zeroLine(): Plot.Markish {
  return Plot.ruleY([0], { stroke: colour('soft') });
}

/** Horizontal grid lines behind the marks, at the axis's ticks where it names them. */
export function gridLines({ ticks }: Plot.ScaleOptions = {}): Plot.Markish {
  return Plot.gridY({ stroke: colour('rule'), strokeOpacity: 1, ...(ticks === undefined ? {} : { ticks }) });
}
