import type { LyapunovResult, RankCollapseResult } from '../../dyson/run-stability.ts';
import { count, numeral } from '../text/numerals.ts';
import { stageLabel } from '../text/stage-names.ts';
import { Paint, spacedRows, type TerminalOptions, terminalTable } from './terminal-text.ts';

/** Exponents and stages with a row of their own. */
const ROWS = 14;

/** Lyapunov exponents for a terminal: some of them, the largest and the smallest among them. */
export function renderLyapunov(result: LyapunovResult, options: TerminalOptions = {}): string {
  const { at, steps, dimension, qr, singular, logDeterminant, residual } = result;
  const paint = new Paint(options);
  const growing = qr.filter((value) => value > 0).length;
  const lines = [
    paint.heading('Lyapunov exponents (nats per step)'),
    ...paint.paragraph(
      `${at === 'tangent' ? 'Derivatives of the real steps' : 'Frozen operators'}, S = ${steps} steps, T·D = ${count(dimension)}.`,
    ),
    terminalTable(
      paint,
      ['exponent', 'QR', 'singular values'].map((head) => ({ head, numeric: true })),
      spacedRows(dimension, ROWS).map((i) => [count(i + 1), numeral(qr[i]), numeral(singular[i])]),
    ),
    ...paint.paragraph(
      `${count(growing)} of ${count(dimension)} are positive; they sum to log |det P|/S = ${numeral(logDeterminant)} ` +
        `to ${numeral(residual.qr, 2)} (QR) and ${numeral(residual.singular, 2)} (singular values).`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** Rank collapse for a terminal: a row for each stage, or for some of many. */
export function renderRankCollapse({ stages }: RankCollapseResult, options: TerminalOptions = {}): string {
  const paint = new Paint(options);
  const rows = spacedRows(stages.length, ROWS).map((i) => stages[i]!);
  const more = stages.length - rows.length;
  const lines = [
    paint.heading('Rank collapse along depth'),
    terminalTable(
      paint,
      [
        { head: 'stage' },
        ...['deviation', 'stable rank', 'effective rank', 'least gap', 'largest gap'].map((head) => ({
          head,
          numeric: true,
        })),
      ],
      rows.map(({ name, deviation, stableRank, effectiveRank, attentionGaps }) => {
        const gaps = (attentionGaps ?? []).filter((gap) => gap !== null).sort((a, b) => a - b);
        return [
          stageLabel(name),
          ...[deviation, stableRank, effectiveRank, gaps[0], gaps.at(-1)].map((value) => numeral(value)),
        ];
      }),
    ),
    ...(more > 0 ? paint.paragraph(`… ${more} more stages.`) : []),
    ...paint.paragraph('Deviation ‖X − 1x̄ᵀ‖/‖X‖; gaps 1 − |λ₂| of the heads of the attention before a stage.'),
  ];
  return `${lines.join('\n')}\n`;
}
