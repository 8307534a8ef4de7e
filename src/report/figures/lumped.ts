import * as Plot from '@observablehq/plot';
import type { LumpedResult } from '../../fock/lumping/lumped-result.ts';
import { integerAxis, valueAxis } from '../svg/axes.ts';
import { chart, gridLines, zeroLine } from '../svg/chart.ts';
import type { Figure } from '../svg/figure.ts';
import { colour } from '../svg/palette.ts';
import { spacedRows } from '../terminal/terminal-text.ts';
import { numeral } from '../text/numerals.ts';
import { prose } from '../text/prose.ts';

/** A line of more points looks the same. */
const POINTS = 500;

/** Entropies of an exact run by lumping against the step. */
export function lumpedFigure({ table, name }: LumpedResult): Figure {
  const last = table.at(-1)!;
  const points = spacedRows(table.length, POINTS).map((row) => table[row]!);
  const curves = [
    { label: 'von Neumann', paint: colour('blue'), of: (step: (typeof table)[number]) => step.entropy },
    { label: 'Rényi 2', paint: colour('teal'), of: (step: (typeof table)[number]) => -step.logPurity },
    { label: 'min', paint: colour('vermilion'), of: (step: (typeof table)[number]) => step.minEntropy },
  ];
  return {
    name: 'chen-lumped-entropy',
    title: 'Entropy by step',
    description: `Von Neumann, Rényi-2 and min-entropy of ${name} in nats against the step; after step ${last.step} they are ${numeral(last.entropy)}, ${numeral(-last.logPurity)} and ${numeral(last.minEntropy)} nats.`,
    caption: prose`Entropies of the exact state after each operation E_ℓ (Chen, eqs. 7 and 12), by lumping.`,
    ...chart({
      legend: curves.map(({ label, paint }) => ({ label, colour: paint, symbol: 'line' })),
      x: integerAxis(1, table.length, 'step ℓ (generated tokens)'),
      y: valueAxis('nats', { zero: true }),
      marks: [
        gridLines(),
        zeroLine(),
        ...curves.map(({ paint, of }) => Plot.line(points, { x: 'step', y: of, stroke: paint, strokeWidth: 2 })),
      ],
    }),
  };
}
