import { printable } from './printable.ts';

/** HTML that is known to be safe: made by {@link html} or by the serialiser of figures. */
export class Markup {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}

/** What {@link html} takes: strings are escaped, markup is not. Numbers must be formatted first. */
export type Content = Markup | string | null | undefined | false | readonly Content[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** `text`, printable (see {@link printable}) and escaped for HTML and XML, in text and in quoted attributes. */
export function escapeMarkup(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/**
 * A tagged template of HTML in which every string between ${} is escaped.
 *
 * @example
 * html`<td>${'<script>'}</td>`.source; // '<td>&lt;script&gt;</td>'
 */
export function html(literals: TemplateStringsArray, ...values: readonly Content[]): Markup {
  let source = literals[0]!;
  values.forEach((value, i) => {
    source += sourceOf(value) + literals[i + 1]!;
  });
  return new Markup(source);
}

function sourceOf(content: Content): string {
  if (content === null || content === undefined || content === false) return '';
  if (typeof content === 'string') return escapeMarkup(content);
  return content instanceof Markup ? content.source : content.map(sourceOf).join('');
}
