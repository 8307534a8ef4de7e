import { SLIPS } from '../sentiment/published.ts';
import type { SentimentResult } from '../sentiment/result.ts';
import { baselineTable, comparisonTable, findings, type SentimentTable, seedTable } from '../sentiment/tables.ts';
import { count } from '../text/numerals.ts';
import { wrapped } from '../text/wrapped.ts';
import { Paint, type TerminalOptions, terminalTable } from './terminal-text.ts';

/** The sentiment experiment for a terminal: its table beside the published ones, and what came out. */
export function renderSentiment(result: SentimentResult, options: TerminalOptions = {}): string {
  const paint = new Paint(options);
  const { corpus, runs, first } = result;
  const { train, test } = runs[0]!.texts;
  const table = ({ title, columns, rows }: SentimentTable): string =>
    `${paint.heading(title)}\n${terminalTable(paint, columns, rows)}`;
  const paragraph = (text: string): string[] => wrapped(text, paint.width - 2).map((line) => paint.line(`  ${line}`));
  const lines = [
    paint.heading('Sentiment experiment (QLens, section 5)'),
    ...paragraph(
      `${corpus.name}: ${count(corpus.texts)} texts, ${count(corpus.positive)} positive and ${count(corpus.negative)} negative; balanced, ${count(train)} to train and ${count(test)} to test.`,
    ),
    table(comparisonTable(result)),
    table(seedTable(result)),
    table(baselineTable(result, first.permutations)),
    paint.heading('What came out'),
    ...findings(result).flatMap(paragraph),
    paint.heading('Known slips of the published numbers'),
    ...SLIPS.flatMap((slip, i) => paragraph(`${i + 1}. ${slip}`)),
  ];
  return `${lines.join('\n')}\n`;
}
