import { PUBLISHED, type Similarities } from '../../analyses/sentiment/published.ts';
import type { OverSeeds, SentimentResult, SentimentRun, SentimentStep } from '../../analyses/sentiment/result.ts';
import { TOY_SHAPE } from '../../transformer/encoder/shape.ts';
import { ABSENT, count, numeral } from './numerals.ts';

/** A table for a terminal and for a page. */
export interface SentimentTable {
  readonly title: string;
  readonly caption: string;
  readonly columns: readonly { readonly head: string; readonly numeric?: boolean }[];
  readonly rows: readonly (readonly string[])[];
}

/** What was trained on what, in a sentence. */
export function corpusLine({ corpus, embeddings, runs }: SentimentResult): string {
  const { train, test } = runs[0]!.texts;
  const start =
    embeddings === null
      ? ''
      : `; embeddings and tokenizer from ${embeddings.label}, ${embeddings.width} → ${TOY_SHAPE.D}`;
  return `${corpus.name}: ${count(corpus.texts)} texts, ${count(corpus.positive)} positive and ${count(corpus.negative)} negative; balanced, ${count(train)} to train and ${count(test)} to test${start}`;
}

const numeric = (head: string) => ({ head, numeric: true });

/** Mean similarities here beside those that were published. */
export function comparisonTable({ attention, mlp, runs }: SentimentResult): SentimentTable {
  const pair = ({ similarityU, similarityH }: Similarities): string[] => [numeral(similarityU), numeral(similarityH)];
  return {
    title: 'Mean pairwise similarity of operators',
    caption: `sim_U and sim_H of the unitaries and Hamiltonians of attention and MLP on the test texts; here: mean and standard deviation over ${runs.length} seeds. The last columns are each source’s baseline; here two random states, which is the hardest.`,
    columns: [
      { head: 'source' },
      numeric('attn sim_U'),
      numeric('sim_H'),
      numeric('MLP sim_U'),
      numeric('sim_H'),
      { head: 'baseline' },
      numeric('sim_U'),
      numeric('sim_H'),
    ],
    rows: [
      ...PUBLISHED.map((row) => [
        row.source,
        ...pair(row.attention),
        ...pair(row.mlp),
        row.baselineKind,
        ...pair(row.baseline),
      ]),
      [
        'here, mean',
        ...[attention, mlp].flatMap((step) => [numeral(step.similarityU.mean), numeral(step.similarityH.mean)]),
        'random-states',
        ...pair(RANDOM_STATES),
      ],
      [
        'here, ±',
        ...[attention, mlp].flatMap((step) => [spread(step.similarityU), spread(step.similarityH)]),
        '',
        '',
        '',
      ],
    ],
  };
}

/** Exact means of the baseline of two random states at V = 2: 64/π⁴ and 1/2 + 32/π⁴. */
const RANDOM_STATES: Similarities = { similarityU: 64 / Math.PI ** 4, similarityH: 0.5 + 32 / Math.PI ** 4 };

function spread({ deviation }: OverSeeds): string {
  return numeral(deviation, 2);
}

/** One line for each seed. */
export function seedTable({ runs }: SentimentResult): SentimentTable {
  return {
    title: 'Seeds',
    caption:
      'Accuracy on the test texts, similarities of either step, mean ‖Δψ‖, states that coincide and are left out, and the distance correlation R* of the two steps’ operators with its p by permutation.',
    columns: [
      { head: 'seed' },
      numeric('accuracy'),
      numeric('attention sim_H'),
      numeric('MLP sim_H'),
      numeric('attention ‖Δψ‖'),
      numeric('MLP ‖Δψ‖'),
      numeric('coinciding'),
      numeric('R*'),
      numeric('p'),
    ],
    rows: runs.map(({ seed, accuracy, attention, mlp, dependence }) => [
      seed,
      numeral(accuracy.test),
      numeral(attention.similarityH),
      numeral(mlp.similarityH),
      numeral(attention.meanLength, 3),
      numeral(mlp.meanLength, 3),
      count(attention.coinciding + mlp.coinciding),
      numeral(dependence.correlation, 3),
      numeral(dependence.p, 3),
    ]),
  };
}

/** Every step of every seed against every baseline. */
export function baselineTable({ runs }: SentimentResult, permutations: number): SentimentTable {
  const rows = runs.flatMap((run) => [...stepRows(run, 'attention', run.attention), ...stepRows(run, 'MLP', run.mlp)]);
  return {
    title: 'Against baselines',
    caption: `Mean similarities of as many operators of chance, Cohen’s d of the pairs, and p of the one-sided permutation test of the means; p is at least ${numeral(1 / (permutations + 1), 3)}.`,
    columns: [
      { head: 'seed' },
      { head: 'step' },
      { head: 'baseline' },
      numeric('sim_U'),
      numeric('sim_H'),
      numeric('d'),
      numeric('p'),
    ],
    rows,
  };
}

function stepRows({ seed }: SentimentRun, name: string, { baselines, operators }: SentimentStep): string[][] {
  if (baselines.length === 0) return [[seed, name, `${operators} operators`, ABSENT, ABSENT, ABSENT, ABSENT]];
  return baselines.map(({ baseline, similarityU, similarityH, effectSize, p }) => [
    seed,
    name,
    baseline,
    numeral(similarityU),
    numeral(similarityH),
    numeral(effectSize, 3),
    numeral(p, 3),
  ]);
}

/** What came out, in sentences. */
export function findings(result: SentimentResult): string[] {
  return [accuracyFinding(result), cohesionFinding(result), chanceFinding(result)];
}

function accuracyFinding({ accuracy, runs }: SentimentResult): string {
  const { mean, deviation, published, standardError, least, passes } = accuracy;
  const each = runs.map((run) => numeral(run.accuracy.test, 3)).join(', ');
  return `Test accuracy: ${numeral(mean)}${deviation === null ? '' : ` ± ${numeral(deviation, 2)}`} (${each}); the paper has ${numeral(published)} on one split of SentiHood. Its standard error on ${runs[0]!.texts.test} texts is ${numeral(standardError, 3)}, so three below is ${numeral(least)}: ${passes ? 'within' : 'BELOW'}.`;
}

function cohesionFinding({ attention, mlp, attentionAbove: { seeds, of } }: SentimentResult): string {
  const [a, b] = [attention.similarityH.mean, mlp.similarityH.mean];
  if (a === null || b === null || of === 0) return 'Cohesion: too few operators to compare attention and MLP.';
  const measured = `mean sim_H ${numeral(a)} of attention, ${numeral(b)} of the MLP; attention is above in ${seeds} of ${of} seeds`;
  if (seeds === of) return `Cohesion: attention is above the MLP, as the paper finds (${measured}).`;
  if (seeds === 0) return `Cohesion: attention is NOT above the MLP, against the paper (${measured}).`;
  return `Cohesion: it depends on the seed (${measured}); the paper has one model.`;
}

function chanceFinding({ runs }: SentimentResult): string {
  const above = (step: 'attention' | 'mlp', baseline: string): number =>
    runs.filter((run) => run[step].baselines.some((row) => row.baseline === baseline && row.p < 0.05)).length;
  const of = (step: 'attention' | 'mlp'): string =>
    ['circle', 'feasible-arc', 'random-states'].map((baseline) => `${baseline} ${above(step, baseline)}`).join(', ');
  return `Above chance at p < 0.05, of ${runs.length} seeds: attention ${of('attention')}; MLP ${of('mlp')}.`;
}
