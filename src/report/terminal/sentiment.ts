import { SLIPS } from '../../analyses/sentiment/published.ts';
import type { SentimentResult } from '../../analyses/sentiment/result.ts';
import {
  baselineTable,
  comparisonTable,
  corpusLine,
  findings,
  type SentimentTable,
  seedTable,
} from '../text/sentiment-tables.ts';
import { Paint, type TerminalOptions, terminalTable } from './terminal-text.ts';

/** The sentiment experiment for a terminal: its table beside the published ones, and what came out. */
export function renderSentiment(result: SentimentResult, options: TerminalOptions = {}): string {
  const paint = new Paint(options);
  const table = ({ title, columns, rows }: SentimentTable): string =>
    `${paint.heading(title)}\n${terminalTable(paint, columns, rows)}`;
  const paragraph = (text: string): string[] => paint.paragraph(text);
  const lines = [
    paint.heading('Sentiment experiment (QLens, section 5)'),
    ...paragraph(`${corpusLine(result)}.`),
    table(comparisonTable(result)),
    table(seedTable(result)),
    table(baselineTable(result, result.first.permutations)),
    paint.heading('What came out'),
    ...findings(result).flatMap(paragraph),
    paint.heading('Known slips of the published numbers'),
    ...SLIPS.flatMap((slip, i) => paragraph(`${i + 1}. ${slip}`)),
  ];
  return `${lines.join('\n')}\n`;
}
