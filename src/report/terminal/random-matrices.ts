import type { NamedComparison } from '../../analyses/spectra/named-comparison.ts';
import { randomMatrices } from '../../linalg/index.ts';
import { CAUSAL_STATISTICS } from '../text/causal-statistics.ts';
import { numeral } from '../text/numerals.ts';
import { Paint, type TerminalOptions, terminalTable } from './terminal-text.ts';

/** Comparisons with random matrices for a terminal, about ten lines each; nothing for none. */
export function renderRandom(comparisons: readonly NamedComparison[], options: TerminalOptions = {}): string {
  const paint = new Paint(options);
  return comparisons.map((comparison) => `${linesOf(comparison, paint).join('\n')}\n`).join('');
}

function linesOf(comparison: NamedComparison, paint: Paint): string[] {
  const { of, marchenkoPastur, tail, elliptic, spacingRatios, overlaps, causal, flags } = comparison;
  const lines = [
    ...(marchenkoPastur === null ? [] : bulkLines(marchenkoPastur)),
    ...(tail === null ? [] : tailLines(tail)),
    ...(elliptic === null ? [] : ellipticLines(elliptic)),
    ...(spacingRatios === null ? [] : spacingLines(spacingRatios)),
    ...(overlaps === null ? [] : [overlapLine(overlaps)]),
  ];
  return [
    paint.heading('Random matrices'),
    ...paint.paragraph(`${of}: ${comparison.rows}×${comparison.columns}`, 2),
    ...lines.flatMap((line) => paint.paragraph(line, 2)),
    ...(causal === null ? [] : causalLines(causal, paint)),
    ...(flags.length === 0
      ? paint.paragraph('Nothing tells it from its null model.')
      : paint.paragraph(`Flags: ${flags.join(', ')}`, 2).map((line) => paint.as('red', line))),
  ];
}

function bulkLines(fit: randomMatrices.MarchenkoPasturFit): string[] {
  const { variance, ratio, edges, distance, pValue, spikes, spikeEdge, threshold } = fit;
  const strongest = spikes[0];
  return [
    `Marchenko–Pastur: s² ${numeral(variance)}, c ${numeral(ratio, 3)}, distance ${numeral(distance, 2)}, p ${numeral(pValue, 2)}`,
    `  bulk σ²/n from ${numeral(edges[0])} to ${numeral(edges[1])}; ${spikes.length} spikes beyond ${numeral(spikeEdge)}`,
    ...(strongest === undefined
      ? []
      : [
          `  largest spike ${numeral(strongest.eigenvalue)}: a direction of variance ${numeral(strongest.strength)} (up to ${numeral(threshold)} they hide)`,
        ]),
  ];
}

function tailLines({ alpha, standardError, xmin, count, pValue, exponential, logNormal }: randomMatrices.PowerLawFit) {
  const against = ({ ratio, pValue: level }: randomMatrices.LikelihoodRatio) =>
    `${numeral(ratio, 3)} (p ${numeral(level, 2)})`;
  return [
    `tail: α ${numeral(alpha, 3)} ± ${numeral(standardError, 2)} for the ${count} beyond ${numeral(xmin)}, p ${numeral(pValue, 2)}`,
    `  log-likelihood above an exponential ${against(exponential)}, above a log-normal ${against(logNormal)}`,
  ];
}

function ellipticLines({ tau, semiAxes, outliers, distance, pValue }: randomMatrices.EllipticLawFit): string[] {
  return [
    `elliptic law: τ ${numeral(tau, 3)} (0: circular), distance ${numeral(distance, 2)}, p ${numeral(pValue, 2)}`,
    `  semi-axes ${numeral(semiAxes[0])} and ${numeral(semiAxes[1])}, ${outliers.length} eigenvalues far outside`,
  ];
}

/** Fewer ratios have no error worth a line. */
const FEW = 3;

function spacingLines({ count, r, cos }: randomMatrices.SpacingRatios): string[] {
  if (r === null || cos === null || count < FEW) return [`spacing ratios: ${count}, too few`];
  const { ginibre, poisson } = randomMatrices.SPACING_RATIO_MEANS;
  return [
    `spacing ratios, ${count}: ⟨r⟩ ${numeral(r.mean, 3)} ± ${numeral(r.error, 2)}, ⟨cos θ⟩ ${numeral(cos.mean, 3)} ± ${numeral(cos.error, 2)}`,
    `  Ginibre ${ginibre.r} and ${numeral(ginibre.cos, 3)}; independent points ${numeral(poisson.r, 3)} and 0`,
  ];
}

function overlapLine({ reduced, mean, distance }: randomMatrices.OverlapStatistics): string {
  if (reduced.length === 0) return 'eigenvector overlaps: no eigenvalue in the bulk';
  return `eigenvector overlaps, ${reduced.length}: mean of n(1 − ρ²)/O ${numeral(mean, 3)} (Ginibre 2), distance ${numeral(distance, 2)}`;
}

function causalLines({ scale, evenness, statistics }: randomMatrices.CausalComparison, paint: Paint): string[] {
  return [
    ...paint.paragraph(
      `evenness ${numeral(evenness, 3)}: as of independent scores of standard deviation ${numeral(scale, 3)}, the null model`,
    ),
    terminalTable(
      paint,
      [
        { head: 'attention' },
        { head: 'here', numeric: true },
        { head: 'null mean', numeric: true },
        { head: 'deviation', numeric: true },
        { head: 'p', numeric: true },
      ],
      Object.entries(CAUSAL_STATISTICS).map(([name, label]) => {
        const { observed, mean, deviation, pValue } = statistics[name as keyof typeof CAUSAL_STATISTICS];
        return [label, numeral(observed), numeral(mean), numeral(deviation, 2), numeral(pValue, 2)];
      }),
    ),
  ];
}
