import type { LumpedResult } from '../../fock/lumping/lumped-result.ts';
import { count, numeral } from '../text/numerals.ts';
import { clipEnd, printable } from '../text/printable.ts';
import {
  firstRows,
  likeliestColumn,
  Paint,
  shownToken,
  shownTokens,
  someRows,
  type TerminalOptions,
  terminalTable,
} from './terminal-text.ts';

const ROWS = 12;
const TOKENS = 8;

/** An exact run by lumping for a terminal: steps, the most probable text, counts. About 30 lines. */
export function renderLumped(result: LumpedResult, options: TerminalOptions = {}): string {
  const paint = new Paint(options);
  const { table, mostProbable, texts, counts } = result;
  const text = texts.length > 1 ? ` after text ${mostProbable.text}` : '';
  const lines = [
    paint.heading('Open quantum system (Chen), exact by lumping'),
    ...paint.paragraph(
      `${clipEnd(printable(result.name), 60)}: V = ${count(result.V)}, ${count(result.steps)} steps, ${count(table.at(-1)!.states)} lumped states`,
    ),
    terminalTable(
      paint,
      [
        { head: 'step', numeric: true },
        { head: 'entropy', numeric: true },
        { head: 'conditional', numeric: true },
        { head: 'min-entropy', numeric: true },
        { head: 'ln Tr ρ²', numeric: true },
        ...table[0]!.renyi.map(({ order }) => ({ head: `Rényi ${order === 'Infinity' ? '∞' : order}`, numeric: true })),
        { head: 'states', numeric: true },
        { head: 'likeliest tokens' },
      ],
      someRows(table, ROWS, (step) => [
        String(step.step),
        numeral(step.entropy, 6),
        numeral(step.conditionalEntropy),
        numeral(step.minEntropy, 6),
        numeral(step.logPurity, 6),
        ...step.renyi.map(({ entropy }) => numeral(entropy, 6)),
        count(step.states),
        likeliestColumn(step.marginal),
      ]),
    ),
    '',
    terminalTable(
      paint,
      [{ head: 'token' }, { head: 'mean count', numeric: true }, { head: 'deviation', numeric: true }],
      firstRows(counts, TOKENS, ({ label, mean, variance }) => [
        shownToken(label, 16),
        numeral(mean),
        numeral(Math.sqrt(variance)),
      ]),
    ),
    ...paint.paragraph(`Most probable (ln P = ${numeral(mostProbable.logProbability, 6)})${text}:`),
    paint.line(`  ${shownTokens(mostProbable.labels, paint.width - 4)}`),
  ];
  return `${lines.join('\n')}\n`;
}
