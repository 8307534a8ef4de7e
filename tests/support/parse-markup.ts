/** Reads markup back with the page's own parser in a browser, with linkedom in Node. */

/** An element as both parsers have it. */
export interface ParsedElement {
  readonly localName: string;
  readonly textContent: string | null;
  readonly attributes: ArrayLike<{ readonly name: string; readonly value: string }>;
  getAttribute(name: string): string | null;
  querySelector(selector: string): ParsedElement | null;
  querySelectorAll(selector: string): Iterable<ParsedElement>;
}

/** The root of `source` parsed as HTML. */
export async function parseHtml(source: string): Promise<ParsedElement> {
  if (typeof DOMParser !== 'undefined') return new DOMParser().parseFromString(source, 'text/html').documentElement;
  const { parseHTML } = await import('linkedom');
  return parseHTML(source).document.documentElement as unknown as ParsedElement;
}

/** The root of `source` parsed as a file of SVG; a browser's parser refuses what is not well-formed. */
export async function parseSvg(source: string): Promise<ParsedElement> {
  if (typeof DOMParser !== 'undefined') {
    const root = new DOMParser().parseFromString(source, 'image/svg+xml').documentElement;
    if (root.querySelector('parsererror') !== null) throw new Error(`not well-formed: ${root.textContent}`);
    return root;
  }
  const { DOMParser: Parser } = await import('linkedom');
  return new Parser().parseFromString(source, 'image/svg+xml').documentElement as unknown as ParsedElement;
}

/** Every element below and including `root`. */
export function elementsOf(root: ParsedElement): ParsedElement[] {
  return [root, ...root.querySelectorAll('*')];
}

/** Attributes of an element, name and value. */
export function attributesOf(element: ParsedElement): [string, string][] {
  return Array.from(element.attributes, ({ name, value }) => [name.toLowerCase(), value]);
}

/** What `pattern`, a global expression, finds in `source`: a readable failure where `not.toMatch` would print it all. */
export function matches(source: string, pattern: RegExp): string[] {
  return source.match(pattern)?.slice(0, 5) ?? [];
}
