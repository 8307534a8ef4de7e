/**
 * A one-line notation for weighted regular expressions over words.
 *
 *     the {fisherman:2|sailor} sat on the bank {of the river|} .
 *
 * Words stand for themselves, `{a|b}` chooses, a trailing `:n` weighs an alternative (1 when absent), an empty
 * alternative emits nothing, and `@name` is replaced by the lexicon's expression of that name.
 */

/** A weighted regular expression; the weights of the choices of one `choices` node sum to 1. */
export type Expression =
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'sequence'; readonly parts: readonly Expression[] }
  | { readonly kind: 'choices'; readonly choices: readonly Choice[] };

export interface Choice {
  readonly probability: number;
  readonly expression: Expression;
}

/** Named expressions, written in the notation. */
export type Lexicon = Readonly<Record<string, string>>;

const SYMBOL = /[{}|]|:\d+(?:\.\d+)?|[^\s{}|:]+/g;

/**
 * Parse `text`, replacing every `@name` by its expression in `lexicon`.
 *
 * @throws Error on an unknown name or unbalanced braces.
 */
export function parseExpression(text: string, lexicon: Lexicon): Expression {
  const symbols = text.match(SYMBOL) ?? [];
  let next = 0;

  const alternatives = (): Expression => {
    const weighted: { weight: number; expression: Expression }[] = [];
    for (;;) {
      const expression = sequence();
      const mark = symbols[next] ?? '';
      const weighs = mark.startsWith(':');
      if (weighs) next++;
      const weight = weighs ? Number(mark.slice(1)) : 1;
      weighted.push({ weight, expression });
      if (symbols[next] !== '|') break;
      next++;
    }
    const [only, ...others] = weighted;
    if (only !== undefined && others.length === 0) return only.expression;
    const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
    return {
      kind: 'choices',
      choices: weighted.map(({ weight, expression }) => ({ probability: weight / total, expression })),
    };
  };

  const sequence = (): Expression => {
    const parts: Expression[] = [];
    for (let symbol = symbols[next]; symbol !== undefined && !/^[|}:]/.test(symbol); symbol = symbols[next]) {
      next++;
      if (symbol === '{') {
        parts.push(alternatives());
        if (symbols[next++] !== '}') throw new Error(`parseExpression: '{' must be closed in "${text}".`);
      } else if (symbol.startsWith('@')) {
        const named = lexicon[symbol.slice(1)];
        if (named === undefined) throw new Error(`parseExpression: ${symbol} must be in the lexicon.`);
        parts.push(parseExpression(named, lexicon));
      } else {
        parts.push({ kind: 'word', word: symbol });
      }
    }
    const [only, ...others] = parts;
    return only !== undefined && others.length === 0 ? only : { kind: 'sequence', parts };
  };

  const expression = alternatives();
  if (next !== symbols.length) throw new Error(`parseExpression: unexpected "${symbols[next]}" in "${text}".`);
  return expression;
}
