import { ACCELERATION_METHODS } from '../../dyson/acceleration/methods.ts';
import type { AcceleratedSequence, AccelerationResult } from '../../dyson/acceleration/run-acceleration.ts';
import { METHOD_LABELS } from '../figures/acceleration.ts';
import { count, numeral, percent } from '../text/numerals.ts';
import { Paint, spacedRows, type TerminalOptions, terminalTable } from './terminal-text.ts';

/** Numbers of terms with a column of their own. */
const COLUMNS = 4;

/** Scores of series acceleration for a terminal: a table for each sequence. */
export function renderAcceleration(result: AccelerationResult, options: TerminalOptions = {}): string {
  const paint = new Paint(options);
  const lines = [
    paint.heading('Series acceleration (Dyson, §VI)'),
    ...paint.paragraph(
      `${count(result.prompts)} prompts, S = ${result.S} steps: the predicting token’s final state from the first m of ${result.S + 1} terms.`,
    ),
    ...sequenceLines(result, 'trajectory', 'States along depth', paint),
    ...sequenceLines(result, 'series', 'Partial sums of the frozen Dyson series', paint),
    '',
    ...paint.paragraph(
      'Partial sums use the whole trace. Medians over the prompts. beats: prompts with a smaller error than truncation; fallback: ' +
        'components that broke down and keep their last value. From KL on: the largest m.',
    ),
    ...(result.terms.length > COLUMNS
      ? paint.paragraph(`Errors for ${result.terms.length - COLUMNS} more m stand in the JSON.`)
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

function sequenceLines(
  { scores, terms }: AccelerationResult,
  sequence: AcceleratedSequence,
  title: string,
  paint: Paint,
): string[] {
  const shown = spacedRows(terms.length, COLUMNS).map((i) => terms[i]!);
  const last = terms.at(-1)!;
  const find = (method: string, m: number) =>
    scores.find((score) => score.sequence === sequence && score.method === method && score.terms === m);
  return [
    paint.heading(title),
    terminalTable(
      paint,
      [
        { head: 'method' },
        ...shown.map((m) => ({ head: `error m=${m}`, numeric: true })),
        ...[`KL m=${last}`, 'top-1', 'beats', 'fallback'].map((head) => ({ head, numeric: true })),
      ],
      ACCELERATION_METHODS.map((method) => {
        const end = find(method, last);
        return [
          METHOD_LABELS[method],
          ...shown.map((m) => numeral(find(method, m)?.stateError.median, 3)),
          numeral(end?.kl.median, 3),
          percent(end?.topAgreement),
          percent(end?.beatsTruncation),
          percent(end?.fallbacks),
        ];
      }),
    ),
  ];
}
