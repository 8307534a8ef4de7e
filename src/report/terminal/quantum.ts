import type { quantum } from '../../fock/index.ts';
import { count, numeral } from '../text/numerals.ts';
import { clipEnd, printable, tokenLabel } from '../text/printable.ts';
import { Paint, type TerminalOptions, terminalTable } from './terminal-text.ts';

/** Certificates, witnesses and entanglement for a terminal. */
export function renderQuantum(result: quantum.QuantumResult, options: TerminalOptions = {}): string {
  const paint = new Paint(options);
  const { blocks, parameters } = result;
  const lines = [
    paint.heading('Open quantum system (Chen), off the diagonal'),
    ...paint.paragraph(`${clipEnd(printable(result.name), 60)}: V = ${count(result.V)}, ${count(result.steps)} steps`),
    ...paint.paragraph(`Certified on texts of up to ${parameters.sectors} tokens, ${count(result.strings)} strings`),
    terminalTable(
      paint,
      [
        { head: 'block', numeric: true },
        { head: 'step' },
        { head: 'Kraus rank', numeric: true },
        { head: 'least Choi', numeric: true },
        { head: '|ΣK†K − 1|', numeric: true },
        { head: '|Tr E − Tr|', numeric: true },
        { head: 'Kraus − action', numeric: true },
      ],
      blocks.flatMap(({ block, certificates }) =>
        certificates.map((one) => [
          String(block),
          one.step,
          count(one.krausRank),
          numeral(one.choiSmallest, 2),
          numeral(one.krausResidual, 2),
          numeral(one.traceResidual, 2),
          numeral(one.krausDisagreement, 2),
        ]),
      ),
    ),
    '',
    ...blocks.flatMap(({ block, witnesses }) =>
      witnesses.flatMap(({ steps, strings, distance }) =>
        paint.paragraph(
          `Block ${block}: ${steps[0]} and ${steps[1]} differ on (|${ket(strings[0])}⟩ + |${ket(strings[1])}⟩)/√2 by T = ${numeral(distance)}`,
          2,
        ),
      ),
    ),
    ...coherentLines(result, paint),
  ];
  return `${lines.join('\n')}\n`;
}

function ket(labels: readonly string[]): string {
  return labels.length === 0 ? 'vac' : clipEnd(labels.map(tokenLabel).join(' '), 24);
}

function coherentLines({ coherent, coherentRefused }: quantum.QuantumResult, paint: Paint): string[] {
  if (coherent === null) return ['', ...paint.paragraph(`No coherent state: ${coherentRefused}`, 2)];
  if (coherent.cuts.length === 0) return ['', '  No cut: one token is generated.'];
  return [
    '',
    ...paint.paragraph(`Coherent state of ${count(coherent.strings)} strings, cut between the tokens generated (nats)`),
    terminalTable(
      paint,
      [
        { head: 'after token', numeric: true },
        { head: 'entanglement', numeric: true },
        { head: 'classical', numeric: true },
        { head: 'Schmidt coefficients' },
      ],
      coherent.cuts.map(({ after, entanglement, classical, schmidt }) => [
        String(after),
        numeral(entanglement),
        numeral(classical),
        `${schmidt
          .slice(0, 5)
          .map((s) => numeral(s, 3))
          .join(', ')}${schmidt.length > 5 ? ', …' : ''}`,
      ]),
    ),
  ];
}
