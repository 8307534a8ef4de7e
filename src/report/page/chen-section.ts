import type { ChenResult } from '../../fock/chen-result.ts';
import { chenFigures } from '../figures/chen.ts';
import { type Figure, figureMarkup } from '../svg/figure.ts';
import { entropyInterval } from '../text/estimates.ts';
import { html, type Markup } from '../text/html.ts';
import { count, countOfDigits, numeral, percent } from '../text/numerals.ts';
import { clipStart } from '../text/printable.ts';
import { prose } from '../text/prose.ts';
import { factsMarkup, type Table, tableMarkup, tokenMarkup, tokensMarkup } from './table.ts';

/** Rows of the joint law. */
const JOINT_ROWS = 20;
/** Tokens of each step's marginal law. */
const MARGINAL_TOKENS = 4;

/** Chen's picture. */
export function chenSection(chen: ChenResult, figures: readonly Figure[] = chenFigures(chen)): Markup {
  const { certificate, trajectories } = chen;
  return html`<section id="open-system">
<h2>Open quantum system</h2>
<p class="lead">${prose`The text is a basis state of Fock space. Each step applies the quantum operation E_ℓ(|h⟩⟨h|) = Σ_y p_ℓ(y|h) |hy⟩⟨hy| (Chen, eqs. 7 and 12), with the law of the next token for p_ℓ (a checkpoint’s own, or that of attention blocks), and then measures the new last site. The state stays diagonal, so it is a law over strings.`}</p>
<div class="figures">${figures.map(figureMarkup)}</div>
<div class="tables">
${tableMarkup(stepTable(chen))}
${tableMarkup(jointTable(chen))}
${factsMarkup({
  half: true,
  title: 'State and certificate',
  caption:
    certificate.discarded === 0
      ? 'Nothing was dropped: every number of this picture is exact but for rounding.'
      : 'Light strings were dropped and nothing was renormalised, so every event A has its exact probability in [σ(A), σ(A) + δ].',
  facts: [
    ['Weight kept, Tr σ', numeral(certificate.kept, 6)],
    ['Weight dropped, δ = ‖ρ − σ‖₁', numeral(certificate.discarded, 6)],
    ['|Tr σ + δ − 1|', `${numeral(certificate.residual, 3)} (rounding)`],
    ['Tokens V', count(chen.V)],
    ['Fock cut-off M', count(chen.cutoff)],
    ['Dimension Σ Vⁿ, n ≤ M', countOfDigits(chen.dimension)],
    ['Vacuum goes to x₀', tokenMarkup(chen.vacuum.label)],
    ...(trajectories === null
      ? []
      : ([
          [
            'Trajectories',
            `${count(trajectories.count)}, ${count(trajectories.distinct)} different; seed ${trajectories.seed}`,
          ],
          ['Entropy estimated from them', entropyEstimate(trajectories)],
        ] as const)),
    ...Object.entries(chen.parameters).map(([name, value]) => [name, String(value)] as const),
  ],
})}
</div>
</section>
`;
}

function entropyEstimate({
  entropyEstimate: mean,
  entropyStandardError: error,
}: NonNullable<ChenResult['trajectories']>) {
  return `${numeral(mean)}${error === null ? '' : ` ± ${numeral(error, 2)}`} nats (mean of −ln P, one standard error)`;
}

function jointTable({ joint, texts, certificate }: ChenResult): Table {
  const several = texts.length > 1;
  const rows = joint.slice(0, JOINT_ROWS);
  const running = rows.map((_, i) => rows.slice(0, i + 1).reduce((sum, { probability }) => sum + probability, 0));
  return {
    half: true,
    title: 'Joint law of the outcomes',
    caption: prose`P(y_1 … y_L), the heaviest ${count(rows.length)} of ${count(joint.length)} strings kept, which carry ${percent(certificate.kept)} of the probability. Truncation changes none of these numbers.`,
    columns: [
      { head: '#' },
      ...(several ? [{ head: 'text' }] : []),
      { head: 'outcomes' },
      { head: 'probability', numeric: true },
      { head: 'running sum', numeric: true },
      { head: '−ln P (nats)', numeric: true },
    ],
    rows: rows.map(({ text, labels, probability }, i) => [
      String(i + 1),
      ...(several ? [tokenMarkup(clipStart(texts[text]?.labels.join(' ') ?? '', 24))] : []),
      tokensMarkup(labels),
      numeral(probability),
      numeral(running[i]),
      numeral(-Math.log(probability)),
    ]),
    left: joint.length - rows.length,
  };
}

/** A value that is a lower bound once something was dropped. */
function bounded(value: number, dropped: number): string {
  return `${dropped > 0 ? '≥ ' : ''}${numeral(value)}`;
}

function stepTable({ table, certificate, trajectories }: ChenResult): Table {
  const estimates = trajectories?.entropies ?? null;
  return {
    title: 'Step by step',
    caption: `${
      certificate.discarded > 0 ? 'Once weight was dropped, entropies and purity are lower bounds, marked ≥. ' : ''
    }${estimates === null ? '' : 'The estimate is that of the trajectories with its 95 % interval. '}The likeliest tokens are those of the step’s marginal law; where weight was dropped before, each exact probability is at most “missing” higher.`,
    columns: [
      { head: 'step' },
      { head: 'entropy (nats)', numeric: true },
      ...(estimates === null ? [] : [{ head: 'estimated (nats)', numeric: true }]),
      { head: 'conditional entropy (nats)', numeric: true },
      { head: 'purity Tr σ²', numeric: true },
      { head: 'strings', numeric: true },
      { head: 'kept Tr σ', numeric: true },
      { head: 'dropped here', numeric: true },
      { head: 'missing before', numeric: true },
      { head: 'likeliest tokens' },
    ],
    rows: table.map((row, l) => [
      String(row.step),
      bounded(row.entropy, row.missing + row.discarded),
      ...(estimates === null ? [] : [entropyInterval(estimates[l]!)]),
      bounded(row.conditionalEntropy, row.missing),
      bounded(row.purity, row.missing + row.discarded),
      count(row.strings),
      numeral(row.kept),
      numeral(row.discarded),
      numeral(row.missing),
      row.marginal
        .slice(0, MARGINAL_TOKENS)
        .map(({ label, probability }, i) => [
          i > 0 ? ', ' : '',
          tokenMarkup(label),
          html` <span class="soft">${percent(probability)}</span>`,
        ]),
    ]),
  };
}
