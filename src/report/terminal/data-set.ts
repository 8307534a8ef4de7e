import type { DataSetResult, StepRow } from '../../qlens/data-set/result.ts';
import { baselineCells, otherOperatorRows } from '../text/data-set-rows.ts';
import { count, numeral } from '../text/numerals.ts';
import { stageLabel } from '../text/stage-names.ts';
import { Paint, shownToken, type TerminalOptions, terminalTable } from './terminal-text.ts';

const TOKENS = 3;

/** Statistics of a data set for a terminal: similarities with their tests, dependence, structure. */
export function renderDataSet(
  result: DataSetResult,
  labels: Readonly<Record<string, string>>,
  options: TerminalOptions = {},
): string {
  const paint = new Paint(options);
  const { V, texts, steps, permutations } = result;
  const undefinedSteps = steps.filter(({ statistics }) => statistics === null).length;
  const coinciding = steps.reduce((sum, step) => sum + step.coinciding, 0);
  const lines = [
    paint.heading('State vector over a data set (QLens)'),
    ...paint.paragraph(
      `${count(texts)} predictions, V = ${count(V)}, ${steps.length} steps; p is at least ${numeral(1 / (permutations + 1), 3)}`,
    ),
    ...(coinciding > 0
      ? paint.paragraph(`${count(coinciding)} times the states before and after a step coincide: left out`)
      : []),
    ...(undefinedSteps > 0
      ? paint.paragraph(`${undefinedSteps} steps have fewer than two operators: their statistics are undefined (–)`)
      : []),
    '',
    terminalTable(paint, SIMILARITY, steps.flatMap(similarityRows)),
    '',
    terminalTable(
      paint,
      STRUCTURE,
      steps.map((step) => structureRow(step, labels)),
    ),
    ...otherLines(paint, result),
    ...dependenceLines(paint, result),
  ];
  return `${lines.join('\n')}\n`;
}

const SIMILARITY = [
  { head: 'step to' },
  { head: 'n', numeric: true },
  { head: 'sim_H', numeric: true },
  { head: 'sim_U', numeric: true },
  { head: 'against' },
  { head: 'sim_H', numeric: true },
  { head: 'd', numeric: true },
  { head: 'p alike', numeric: true },
  { head: 'p energy', numeric: true },
  { head: 'p ‖mean Δψ‖', numeric: true },
] as const;

function similarityRows({ to, operators, statistics }: StepRow): string[][] {
  const own = [stageLabel(to), count(operators), numeral(statistics?.similarityH), numeral(statistics?.similarityU, 8)];
  if (statistics === null) return [own];
  return statistics.baselines.map((baseline, i) => [
    ...(i === 0 ? own : own.map(() => '')),
    ...baselineCells(baseline),
  ]);
}

const STRUCTURE = [
  { head: 'step to' },
  { head: 'mean ‖Δψ‖', numeric: true },
  { head: '‖mean Δψ‖', numeric: true },
  { head: 'PCA of v, first two', numeric: true },
  { head: 'clusters', numeric: true },
  { head: 'mean Δψ, largest' },
] as const;

function structureRow(
  { to, meanLength, meanChange, statistics, top }: StepRow,
  labels: Readonly<Record<string, string>>,
): string[] {
  const shares = statistics?.structures[0]?.shares.slice(0, 2) ?? [];
  return [
    stageLabel(to),
    numeral(meanLength),
    numeral(meanChange),
    shares.map((share) => numeral(share, 3)).join(' '),
    numeral(statistics?.clusters.k, 1),
    top
      .slice(0, TOKENS)
      .map(({ id, change }) => `${change < 0 ? '−' : '+'}${shownToken(labels[id] ?? String(id), 10)}`)
      .join(' '),
  ];
}

function otherLines(paint: Paint, result: DataSetResult): string[] {
  const rows = otherOperatorRows(result);
  const columns = [
    { head: 'step to' },
    { head: 'mean θ', numeric: true },
    { head: 'sim_H of rotations', numeric: true },
    { head: 'random', numeric: true },
    { head: 'p alike', numeric: true },
    { head: 'one U leaves', numeric: true },
    { head: 'explains', numeric: true },
    { head: 'random', numeric: true },
  ] as const;
  return rows.length === 0 ? [] : ['', terminalTable(paint, columns, rows)];
}

function dependenceLines(paint: Paint, { dependence }: DataSetResult): string[] {
  if (dependence.length === 0) return [];
  const table = terminalTable(
    paint,
    [
      { head: 'steps to' },
      { head: 'R*', numeric: true },
      { head: 't', numeric: true },
      { head: 'p of t (high V only)', numeric: true },
      { head: 'p by permutation', numeric: true },
    ],
    dependence.map(({ steps, correlation, tTest, permutationTest }) => [
      steps.map(stageLabel).join(' and '),
      numeral(correlation),
      numeral(tTest?.t),
      numeral(tTest?.p, 3),
      numeral(permutationTest?.p, 3),
    ]),
  );
  return ['', table];
}
