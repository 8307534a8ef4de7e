import type { StatisticsResult } from '../../fock/statistics-result.ts';
import { count, numeral, percent } from '../text/numerals.ts';
import { clipEnd, printable } from '../text/printable.ts';
import { Paint, shownToken, someRows, type TerminalOptions, terminalTable } from './terminal-text.ts';

const ROWS = 12;

/** Statistics of many trajectories for a terminal. */
export function renderStatistics(result: StatisticsResult, options: TerminalOptions = {}): string {
  const paint = new Paint(options);
  const { table, entropyEstimate, entropyStandardError: error } = result;
  const lines = [
    paint.heading('Open quantum system (Chen), sampled'),
    ...paint.paragraph(
      `${clipEnd(printable(result.name), 60)}: V = ${count(result.V)}, ${count(result.steps)} steps, ${count(result.count)} trajectories, seed ${result.seed}`,
    ),
    ...paint.paragraph(
      `Entropy ${numeral(entropyEstimate, 6)}${error === null ? '' : ` ± ${numeral(error, 2)}`} nats (mean of −ln P, one standard error)`,
    ),
    '',
    terminalTable(
      paint,
      [{ head: 'step', numeric: true }, { head: 'most frequent tokens with 95 % intervals' }],
      someRows(table, ROWS, ({ step, tokens }) => [
        String(step),
        tokens
          .slice(0, 3)
          .map(({ label, low, high }) => `${shownToken(label, 10)} ${percent(low)} – ${percent(high)}`)
          .join(', '),
      ]),
    ),
  ];
  return `${lines.join('\n')}\n`;
}
