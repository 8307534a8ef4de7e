import { type Content, escapeMarkup, html, Markup } from './html.ts';

/** x_k, x_{k+1} and x^(l), the notation of the papers in plain text. */
const SCRIPT = /_(?:\{([^}]*)\}|([\p{L}\p{N}]+))|\^\(([^)]*)\)/gu;

/**
 * A tagged template of plain text: in the literals x_k, x_{k+1} and x^(l) become subscripts and superscripts; what stands
 * between ${} is only escaped.
 *
 * @example
 * prose`T_k of ${'a_b'}`.source; // 'T<sub>k</sub> of a_b'
 */
export function prose(literals: TemplateStringsArray, ...values: readonly Content[]): Markup {
  const parts: Content[] = [];
  literals.forEach((literal, i) => {
    parts.push(new Markup(withScripts(literal)), values[i]);
  });
  return html`${parts}`;
}

function withScripts(text: string): string {
  return escapeMarkup(text).replace(SCRIPT, (_match, braced?: string, bare?: string, raised?: string) =>
    raised === undefined ? `<sub>${braced ?? bare ?? ''}</sub>` : `<sup>(${raised})</sup>`,
  );
}
