import { type Content, html, Markup } from '../text/html.ts';
import { more } from '../text/more.ts';
import { tokenLabel } from '../text/printable.ts';

/** A column of a table. */
export interface Column {
  readonly head: Content;
  /** Numbers: aligned to the right. */
  readonly numeric?: boolean;
  /** Long text: may break. */
  readonly wrap?: boolean;
}

/** A table of a page. */
export interface Table {
  /** Half of the page's width. */
  readonly half?: boolean;
  readonly title: string;
  /** One to three sentences on what the columns are. */
  readonly caption: Content;
  readonly columns: readonly Column[];
  /** One cell for each column; the first is the row's head. */
  readonly rows: readonly (readonly Content[])[];
  /** Rows left out after these. */
  readonly left?: number;
}

/** The table with its caption, in a box that scrolls if it is long. */
export function tableMarkup({ title, caption, columns, rows, left = 0, half = false }: Table): Markup {
  const classes = columns.map(({ numeric, wrap }) => new Markup(numeric ? ' class="n"' : wrap ? ' class="wrap"' : ''));
  const body = rows.map(
    (row) => html`<tr>${row.map((content, i) =>
      i === 0 ? html`<th scope="row"${classes[i]}>${content}</th>` : html`<td${classes[i]}>${content}</td>`,
    )}</tr>
`,
  );
  return html`<div${new Markup(half ? ' class="half"' : '')}><h3>${title}</h3>
<div class="scroll" role="region" tabindex="0" aria-label="${title}"><table>
<caption><div>${caption}</div></caption>
<thead><tr>${columns.map(({ head }, i) => html`<th scope="col"${classes[i]}>${head}</th>`)}</tr></thead>
<tbody>
${body}${left > 0 ? html`<tr><th scope="row" colspan="${String(columns.length)}">${more(left)}</th></tr>\n` : ''}</tbody>
</table></div></div>
`;
}

/** Names and values, one below the other. */
export interface Facts {
  readonly title: string;
  readonly caption: Content;
  readonly facts: readonly (readonly [name: Content, value: Content])[];
  readonly half?: boolean;
}

/** A table of two columns, name and value. */
export function factsMarkup({ title, caption, facts, half = false }: Facts): Markup {
  return html`<div${new Markup(half ? ' class="half"' : '')}><h3>${title}</h3>
<div class="scroll" role="region" tabindex="0" aria-label="${title}"><table class="facts">
<caption><div>${caption}</div></caption>
<tbody>
${facts.map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>\n`)}</tbody>
</table></div></div>
`;
}

/** A token by itself, isolated from the direction of the text around it. */
export function tokenMarkup(token: string): Markup {
  return html`<bdi class="token">${tokenLabel(token)}</bdi>`;
}

/** Tokens in a row, with a dot between them. */
export function tokensMarkup(tokens: readonly string[]): Markup {
  return html`${tokens.map((token, i) => [i > 0 ? ' · ' : '', tokenMarkup(token)])}`;
}
