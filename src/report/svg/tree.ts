/**
 * A document that holds SVG and nothing else: as much of the DOM as Plot needs, and a serialiser. So a figure
 * can be drawn in Node, in a page and in a worker, which has no `document`, and no DOM library is shipped.
 */
import { escapeMarkup } from '../text/html.ts';

/** The namespace of SVG. */
export const SVG_NAMESPACE = 'http://www.w3.org/2000/svg';

/** An element of a figure. The members are those of the DOM that d3-selection calls. */
export class SvgElement {
  readonly tagName: string;
  readonly namespaceURI = SVG_NAMESPACE;
  readonly attributes = new Map<string, string>();
  children: (SvgElement | string)[] = [];
  parentNode: SvgElement | null = null;

  constructor(tagName: string) {
    this.tagName = tagName;
  }

  get ownerDocument(): SvgDocument {
    return DOCUMENT;
  }

  hasAttribute(name: string): boolean {
    return this.attributes.has(name);
  }

  getAttribute(name: string): string | null {
    return this.attributes.get(name) ?? null;
  }

  setAttribute(name: string, value: unknown): void {
    this.attributes.set(name, String(value));
  }

  removeAttribute(name: string): void {
    this.attributes.delete(name);
  }

  appendChild(child: SvgElement | SvgText): SvgElement | SvgText {
    return this.insertBefore(child, null);
  }

  insertBefore(child: SvgElement | SvgText, next: SvgElement | null): SvgElement | SvgText {
    const at = next === null ? -1 : this.children.indexOf(next);
    const node = child instanceof SvgText ? child.text : child;
    if (at < 0) this.children.push(node);
    else this.children.splice(at, 0, node);
    if (child instanceof SvgElement) child.parentNode = this;
    return child;
  }

  get textContent(): string {
    return this.children.map((child) => (typeof child === 'string' ? child : child.textContent)).join('');
  }

  set textContent(text: string) {
    this.children = text === '' ? [] : [text];
  }
}

/** A text node on its way into an element. */
class SvgText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What Plot takes for `document`. */
export class SvgDocument {
  readonly documentElement: SvgElement = new SvgElement('svg');

  createElementNS(_namespace: string, tagName: string): SvgElement {
    return new SvgElement(tagName);
  }

  createElement(tagName: string): SvgElement {
    return new SvgElement(tagName);
  }

  createTextNode(text: string): SvgText {
    return new SvgText(text);
  }
}

const DOCUMENT = new SvgDocument();

/** The document to give to Plot: its `document` option wants the DOM's type, of which it calls what {@link SvgElement} has. */
export const SVG_DOCUMENT: Document = DOCUMENT as unknown as Document;

/** Attributes of an element to make; null and undefined leave one out. */
export type Attributes = Readonly<Record<string, string | number | null | undefined>>;

/** A new element. */
export function svg(tagName: string, attributes: Attributes = {}, children: readonly (SvgElement | string)[] = []) {
  const element = new SvgElement(tagName);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  for (const child of children) {
    if (typeof child === 'string') element.children.push(child);
    else element.appendChild(child);
  }
  return element;
}

const GEOMETRY = /^(?:x|y|[xy][12]|c[xy]|r|d|width|height|transform|points|viewBox|(?:\w+-)?opacity|stroke-width)$/;
const LONG_NUMBER = /-?\d+\.\d{3,}(?:e[+-]?\d+)?|-?\d+(?:\.\d+)?e-\d+/g;

/**
 * `element` as XML. Coordinates are rounded to 0.01, opacities to 0.001; text and attributes are escaped and made printable.
 */
export function serialise(element: SvgElement): string {
  let attributes = '';
  for (const [name, value] of element.attributes) attributes += ` ${name}="${attributeText(name, value)}"`;
  if (element.children.length === 0) return `<${element.tagName}${attributes}/>`;
  const inside = element.children.map((child) => (typeof child === 'string' ? escapeMarkup(child) : serialise(child)));
  return `<${element.tagName}${attributes}>${inside.join('')}</${element.tagName}>`;
}

function attributeText(name: string, value: string): string {
  if (!GEOMETRY.test(name)) return escapeMarkup(value);
  const scale = name.endsWith('opacity') ? 1000 : 100;
  return escapeMarkup(value.replace(LONG_NUMBER, (number) => String(Math.round(Number(number) * scale) / scale + 0)));
}
