import type { Analysis } from '../../analyses/analyse-prompt.ts';
import { more } from '../text/more.ts';
import { count, percent } from '../text/numerals.ts';
import { clipEnd, clipStart, printable } from '../text/printable.ts';
import { chenLines, dysonLines, qlensLines } from './pictures.ts';
import { bar, firstRows, Paint, shownToken, type TerminalOptions, terminalTable } from './terminal-text.ts';

const WARNINGS = 3;

/**
 * An analysis as about 50 lines of text. Nothing from a checkpoint or a prompt reaches the terminal unescaped: the only
 * control characters are line feeds and, with `colour`, the escape sequences of this package.
 */
export function renderSummary(analysis: Analysis, options: TerminalOptions = {}): string {
  const paint = new Paint(options);
  const { checkpoint, prompt, next, parameters, provenance, chen, qlens, dyson, labels } = analysis;
  const text =
    prompt.text === null
      ? `ids ${prompt.ids.join(' ')}`
      : `“${clipStart(printable(prompt.text), Math.max(20, paint.width - 30))}”`;
  const largest = Math.exp(next.top[0]?.logProb ?? 0);
  const greedy = next.greedy.text ?? next.greedy.ids.join(' ');
  const facts = `${checkpoint.family}, ${count(checkpoint.parameterCount)} parameters; ${provenance.backend}, ${provenance.precision}`;
  const lines = [
    `${paint.as('bold', clipEnd(printable(checkpoint.label), Math.max(12, paint.width - facts.length - 2)))}  ${facts}`,
    ...checkpoint.warnings
      .slice(0, WARNINGS)
      .flatMap((warning) => paint.paragraph(`Warning: ${warning}`, 2))
      .map((line) => paint.as('red', line)),
    ...(checkpoint.warnings.length > WARNINGS
      ? [paint.as('red', more(checkpoint.warnings.length - WARNINGS, 'warnings'))]
      : []),
    paint.line(`Prompt ${text}, ${count(prompt.ids.length)} tokens`),
    paint.heading(chen === null ? `Masked word, token ${parameters.position}` : 'Next token'),
    terminalTable(
      paint,
      [{ head: 'token' }, { head: 'id', numeric: true }, { head: 'probability', numeric: true }, { head: '' }],
      firstRows(
        next.top,
        4,
        ({ id, token, logProb }) => {
          const probability = Math.exp(logProb);
          return [
            shownToken(token),
            String(id),
            percent(probability),
            paint.as('blue', bar(probability / largest, 24)),
          ];
        },
        qlens.V,
      ),
    ),
    ...(next.greedy.ids.length > 0 ? paint.paragraph(`Greedy: ${printable(greedy)}`) : []),
    ...(chen === null
      ? paint.paragraph(
          'Open quantum system: none, since every token sees the whole text and no law says what follows.',
        )
      : chenLines(chen, paint, 4)),
    ...qlensLines(qlens, labels, paint, 9),
    ...dysonLines(dyson, paint, { orders: 9, sublayers: 4 }),
  ];
  return `${lines.join('\n')}\n`;
}
