import { type Content, html, Markup } from '../text/html.ts';
import { LIGHT, resolveColours } from './palette.ts';
import { SVG_NAMESPACE, type SvgElement, serialise, svg } from './tree.ts';

/** A picture with the words that belong to it. */
export interface Figure {
  /** File name without its ending; unique in a report. */
  readonly name: string;
  readonly title: string;
  /** What a reader who does not see the picture is told: what is drawn against what, and the main numbers. */
  readonly description: string;
  /** One to three sentences on what the picture shows, with its equation and its limits. */
  readonly caption: Content;
  readonly width: number;
  readonly height: number;
  readonly content: readonly SvgElement[];
  /** Takes the whole width of the page. */
  readonly wide?: boolean;
  /** Stands beside two others. */
  readonly tall?: boolean;
}

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

function rootOf({ width, height, description, content }: Figure, attributes: Readonly<Record<string, string>>) {
  return svg(
    'svg',
    {
      ...attributes,
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'aria-label': description,
      fill: 'currentColor',
      'font-size': 11,
      'text-anchor': 'middle',
    },
    content,
  );
}

/** The figure inside a page that declares the colours. */
export function figureMarkup(figure: Figure): Markup {
  const { name, title, caption, width, wide, tall } = figure;
  const style = `min-width:${Math.round(0.8 * width)}px;max-width:${Math.round(1.2 * width)}px`;
  const picture = new Markup(serialise(rootOf(figure, { class: 'chart', style })));
  const size = new Markup(wide ? ' class="wide"' : tall ? ' class="tall"' : '');
  return html`<figure id="${name}"${size}>
<h3>${title}</h3>
<div class="drawing">${picture}</div>
<figcaption>${caption}</figcaption>
</figure>
`;
}

/** The figure as a file of its own: light colours, white ground. */
export function figureFile(figure: Figure): string {
  const { width, height, title, content } = figure;
  const ground = svg('rect', { width, height, fill: LIGHT.paper });
  const root = rootOf(
    { ...figure, content: [svg('title', {}, [title]), ground, ...content] },
    { xmlns: SVG_NAMESPACE, width: String(width), height: String(height), color: LIGHT.ink, 'font-family': FONT },
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${resolveColours(serialise(root))}\n`;
}
