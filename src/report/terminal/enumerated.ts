import type { EnumeratedResult } from '../../fock/enumerated-result.ts';
import { count, numeral } from '../text/numerals.ts';
import { clipEnd, printable } from '../text/printable.ts';
import { likeliestColumn, Paint, shownTokens, someRows, type TerminalOptions, terminalTable } from './terminal-text.ts';

const ROWS = 12;

/** Sums over all strings for a terminal. */
export function renderEnumerated(result: EnumeratedResult, options: TerminalOptions = {}): string {
  const paint = new Paint(options);
  const { table, mostProbable, texts } = result;
  const text = texts.length > 1 ? ` after text ${mostProbable.text}` : '';
  const lines = [
    paint.heading('Open quantum system (Chen), all strings'),
    ...paint.paragraph(`${clipEnd(printable(result.name), 60)}: V = ${count(result.V)}, ${count(result.steps)} steps`),
    ...paint.paragraph(`${count(result.strings)} strings of total probability ${numeral(result.probability, 6)}`),
    ...paint.paragraph(
      `Entropy ${numeral(result.entropy, 6)} nats, min-entropy ${numeral(result.minEntropy, 6)} nats, purity ${numeral(result.purity, 6)}`,
    ),
    ...paint.paragraph(`Most probable (P = ${numeral(mostProbable.probability)})${text}:`),
    paint.line(`  ${shownTokens(mostProbable.labels, paint.width - 4)}`),
    '',
    terminalTable(
      paint,
      [{ head: 'step', numeric: true }, { head: 'likeliest tokens' }],
      someRows(table, ROWS, ({ step, marginal }) => [String(step), likeliestColumn(marginal)]),
    ),
  ];
  return `${lines.join('\n')}\n`;
}
