/** The `@example`s of the doc comments, and what it takes to run them. */
import { readFileSync } from 'node:fs';
import { transformSync } from 'esbuild';

/** One `@example`: where it stands and its lines. */
export interface DocExample {
  readonly file: string;
  readonly line: number;
  readonly code: string;
}

/** All examples of a file. */
export function examplesOf(file: string): DocExample[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/\/\*\*(?:(?!\*\/)[\s\S])*?\*\//g)].flatMap(({ 0: comment, index }) =>
    comment
      .split(/^\s*\* @/m)
      .filter((tag) => tag.startsWith('example\n'))
      .map((tag) => ({
        file,
        line: text.slice(0, index).split('\n').length,
        code: tag
          .slice('example\n'.length)
          .replace(/\s*\*\/$/, '')
          .replace(/^\s*\* ?/gm, '')
          .trim(),
      })),
  );
}

/** A value that an example's comment promises. */
export interface Promised {
  readonly value: unknown;
  readonly comment: string;
}

/**
 * Runs an example with the names of `scope` in reach. Gives the value of each of its statements that has a comment behind it: of an
 * expression its value, of a declaration that of its first name.
 */
export async function runExample({ code }: DocExample, scope: object): Promise<Promised[]> {
  const seen: Promised[] = [];
  const lines = code.split('\n').map((line) => {
    const [, statement, comment] = /^(.*?);? \/\/ (.*)$/.exec(line) ?? [];
    if (statement === undefined || comment === undefined) return line;
    const first = /^(?:const|let) (?:\{ ?|\[ ?)?(\w+)/.exec(statement)?.[1];
    const said = JSON.stringify(comment);
    return first === undefined ? `seen(${statement}, ${said});` : `${statement}; seen(${first}, ${said});`;
  });
  const { code: plain } = transformSync(`async () => {${lines.join('\n')}}`, { loader: 'ts', target: 'es2022' });
  const run = new Function('scope', 'seen', `with (scope) { return (${plain.trim().replace(/;$/, '')})(); }`);
  await run(scope, (value: unknown, comment: string) => seen.push({ value, comment }));
  return seen;
}

/** The numbers that a comment consists of, such as “[[1, 1/e], [0, 1]]” or “√2”; null for a comment in words. */
export function numbersOfComment(comment: string): number[] | null {
  const plain = comment.replaceAll('−', '-').replace(/^(?:±i:|Float64Array) /, '');
  const parts = plain.split(/[\s,[\]]+/).filter((part) => part !== '');
  const numbers = parts.map(numberOf);
  return numbers.length > 0 && numbers.every(Number.isFinite) ? numbers : null;
}

function numberOf(text: string): number {
  const [first = '', ...factors] = text.split('·');
  if (factors.length > 0) return factors.reduce((product, factor) => product * numberOf(factor), numberOf(first));
  const [numerator = '', denominator] = text.split('/');
  if (denominator !== undefined) return numberOf(numerator) / numberOf(denominator);
  if (text === 'e') return Math.E;
  return text.startsWith('√') ? Math.sqrt(Number(text.slice(1))) : Number(text);
}
