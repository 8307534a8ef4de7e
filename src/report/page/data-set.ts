import type { CheckpointSummary, Provenance } from '../../analyses/provenance.ts';
import type { DataSetResult, StepRow } from '../../qlens/data-set/result.ts';
import { dataSetFigures } from '../figures/data-set.ts';
import { figureMarkup } from '../svg/figure.ts';
import { baselineCells, otherOperatorRows } from '../text/data-set-rows.ts';
import { html, type Markup } from '../text/html.ts';
import { count, numeral, signedNumeral } from '../text/numerals.ts';
import { clipEnd, printable } from '../text/printable.ts';
import { prose } from '../text/prose.ts';
import { stageLabel } from '../text/stage-names.ts';
import { commandMarkup, streamedFacts } from './opening.ts';
import { labelsFrom } from './qlens-section.ts';
import { factsMarkup, type Table, tableMarkup, tokenMarkup } from './table.ts';

/** Tokens of the mean change of a step. */
const TOKENS = 6;

/** Prompts that are listed, and their characters. */
const PREDICTIONS = 1000;
const PROMPT_LENGTH = 160;

/** What a page says about a run besides its numbers. */
export interface DataSetRun {
  /** How it was made. */
  readonly provenance: Provenance;
  /** Absent for laws of another program. */
  readonly checkpoint?: CheckpointSummary;
  /** Everything else that determines the numbers. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Text of every unit that is named, by its number. */
  readonly labels: Readonly<Record<string, string>>;
  /** What the predictions are, first to last, where that is known: their prompts. */
  readonly names?: readonly string[];
}

/** Heading and sections of a data set. */
export function dataSetBody(title: string, result: DataSetResult, run: DataSetRun): Markup {
  const { V, texts, steps, permutations } = result;
  const coinciding = steps.reduce((sum, step) => sum + step.coinciding, 0);
  const figures = dataSetFigures(result, run.names);
  return html`<header class="top">
<p class="kicker">transformer-mechanics ${run.provenance.version}</p>
<h1>${title}</h1>
</header>
<main>
<section id="data-set">
<h2>State vector over a data set</h2>
<p class="lead">${prose`Every prediction gives every step the reflection U = 1 − 2vvᵀ, v along Δψ = ψ_out − ψ_in (QLens, section 5). ${count(texts)} predictions, V = ${count(V)}, ${count(steps.length)} steps. p of a test is at least ${numeral(1 / (permutations + 1), 3)}; – is a number that is undefined. ${coinciding === 0 ? '' : `${count(coinciding)} times the states before and after a step coincide: these are left out.`}`}</p>
<div class="tables">
${tableMarkup(similarityTable(result))}
${otherTables(result).map(tableMarkup)}
${tableMarkup(changeTable(result, run))}
${result.dependence.length === 0 ? '' : tableMarkup(dependenceTable(result))}
</div>
</section>
${steps.map((step, i) =>
  figures[i]!.length === 0
    ? ''
    : html`<section id="step-${String(i + 1)}">
<h2>Step to ${stageLabel(step.to)}</h2>
<div class="figures">${figures[i]!.map(figureMarkup)}</div>
</section>
`,
)}
${
  run.names === undefined || run.names.length === 0
    ? ''
    : html`<section id="predictions">
<h2>Predictions</h2>
<div class="tables">
${tableMarkup(predictionTable(run.names, texts))}
</div>
</section>
`
}<section id="provenance">
<h2>Provenance</h2>
<div class="tables">
${provenance(result, run)}
</div>
</section>
</main>`;
}

function predictionTable(names: readonly string[], texts: number): Table {
  const shown = names.slice(0, PREDICTIONS);
  return {
    title: 'Predictions by number',
    caption: 'The numbers beside the points of the figures.',
    columns: [{ head: '#' }, { head: 'prompt', wrap: true }],
    rows: shown.map((name, i) => [String(i + 1), html`<bdi>${clipEnd(printable(name), PROMPT_LENGTH)}</bdi>`]),
    left: texts - shown.length,
  };
}

function similarityTable({ steps }: DataSetResult): Table {
  return {
    title: 'Similarity of operators',
    caption: prose`sim_H = c_ij² and sim_U = (1 − 4/V) + (4/V)·c_ij² over pairs, c_ij = v_i·v_j, against operators that know nothing of a text. d is the difference of the means of sim_H in pooled deviations. Permutation tests: more alike than the baseline; another law (energy); larger ‖mean Δψ‖. For large V, sim_U lies near 1 − 4/V whatever a layer does.`,
    columns: [
      { head: 'step to' },
      { head: 'n', numeric: true },
      { head: 'sim_H', numeric: true },
      { head: 'sim_U', numeric: true },
      { head: 'against' },
      { head: 'its sim_H', numeric: true },
      { head: 'd', numeric: true },
      { head: 'p alike', numeric: true },
      { head: 'p energy', numeric: true },
      { head: 'p ‖mean Δψ‖', numeric: true },
    ],
    rows: steps.flatMap(({ to, operators, statistics }) => {
      const own = [
        stageLabel(to),
        count(operators),
        numeral(statistics?.similarityH),
        numeral(statistics?.similarityU, 8),
      ];
      if (statistics === null) return [[...own, '', '', '', '', '', '']];
      return statistics.baselines.map((baseline, i) => [
        ...(i === 0 ? own : [stageLabel(to), '', '', '']),
        ...baselineCells(baseline),
      ]);
    }),
  };
}

function otherTables(result: DataSetResult): Table[] {
  const rows = otherOperatorRows(result);
  if (rows.length === 0) return [];
  return [
    {
      title: 'Rotations, and one unitary for all',
      caption: prose`rotation: mean angle θ and similarity of the planes Tr(H_i H_j)/(‖H_i‖ ‖H_j‖), against random states. procrustes: the residual Σ‖Uψ_in − ψ_out‖² = 2m − 2 Σ_k σ_k of the best unitary that is the same for all texts, and the share of Σ‖Δψ‖² that it explains; next to it, of as many steps between random states. σ_k are the singular values of M = Σ ψ_out ψ_inᵀ.`,
      columns: [
        { head: 'step to' },
        { head: 'mean θ (rad)', numeric: true },
        { head: 'sim_H', numeric: true },
        { head: 'random', numeric: true },
        { head: 'p alike', numeric: true },
        { head: 'residual', numeric: true },
        { head: 'explained', numeric: true },
        { head: 'random', numeric: true },
      ],
      rows,
    },
  ];
}

function changeTable({ steps }: DataSetResult, { labels }: DataSetRun): Table {
  const label = labelsFrom(labels);
  return {
    title: 'Mean change and structure',
    caption: prose`Lengths ‖Δψ‖, the length of their mean, the shares of variance of the first two principal components of v, clusters of v by k-means, and the units whose amplitude the mean Δψ changes most.`,
    columns: [
      { head: 'step to' },
      { head: 'mean ‖Δψ‖', numeric: true },
      { head: '‖mean Δψ‖', numeric: true },
      { head: 'PCA of v', numeric: true },
      { head: 'clusters', numeric: true },
      { head: 'largest of mean Δψ', wrap: true },
    ],
    rows: steps.map(({ to, meanLength, meanChange, statistics, top }: StepRow) => [
      stageLabel(to),
      numeral(meanLength),
      numeral(meanChange),
      (statistics?.structures[0]?.shares.slice(0, 2) ?? []).map((share) => numeral(share, 3)).join(' '),
      numeral(statistics?.clusters.k, 1),
      top
        .slice(0, TOKENS)
        .map(({ id, change }, i) => [
          i > 0 ? ', ' : '',
          tokenMarkup(label(id)),
          html` <span class="soft">${signedNumeral(change, 3)}</span>`,
        ]),
    ]),
  };
}

function dependenceTable({ dependence }: DataSetResult): Table {
  return {
    title: 'Dependence of neighbouring steps',
    caption: prose`Bias-corrected squared distance correlation R* between the operators of two steps, distance √(2(1 − c²)). Its t-test holds in high dimension only; the permutation test holds in any.`,
    columns: [
      { head: 'steps to' },
      { head: 'n', numeric: true },
      { head: 'R*', numeric: true },
      { head: 't', numeric: true },
      { head: 'p of t', numeric: true },
      { head: 'p by permutation', numeric: true },
    ],
    rows: dependence.map(({ steps, n, correlation, tTest, permutationTest }) => [
      steps.map(stageLabel).join(' and '),
      count(n),
      numeral(correlation),
      numeral(tTest?.t),
      numeral(tTest?.p, 3),
      numeral(permutationTest?.p, 3),
    ]),
  };
}

function provenance(
  { permutations, seed, backend }: DataSetResult,
  { provenance: made, checkpoint, parameters }: DataSetRun,
) {
  return factsMarkup({
    title: 'How this was made',
    caption:
      'The same checkpoint, texts, parameters, backend and version give the same numbers, except UMAP on another engine.',
    facts: [
      ['Package', `${made.package} ${made.version}`],
      ['Date (UTC)', made.createdAt],
      ['Command', commandMarkup(made.command)],
      ['Backend', backend],
      ['Precision', made.precision],
      ...streamedFacts(made),
      ...(checkpoint === undefined ? [] : [['Checkpoint', `${checkpoint.label} (${checkpoint.family})`] as const]),
      ...Object.entries(checkpoint?.fingerprint ?? {}).map(
        ([file, hash]) => [`SHA-256 of ${file}`, html`<code>${hash}</code>`] as const,
      ),
      ['Relabellings', count(permutations)],
      ['Seed', seed],
      ...Object.entries(parameters).map(([name, value]) => [name, String(value)] as const),
    ],
  });
}
