import type { AblationReport, InterventionEffect } from '../../dyson/ablation.ts';
import type { DysonResult } from '../../dyson/dyson-result.ts';
import type { TopPaths } from '../../dyson/path-search.ts';
import type { ChenResult } from '../../fock/chen-result.ts';
import type { QLensResult } from '../../qlens/result.ts';
import { entropyInterval } from '../text/estimates.ts';
import { count, countOfDigits, numeral, percent, signedNumeral } from '../text/numerals.ts';
import { tokenLabelOf } from '../text/predicting-token.ts';
import { clipEnd } from '../text/printable.ts';
import { pathLabel, stageLabel } from '../text/stage-names.ts';
import {
  bar,
  firstRows,
  likeliestColumn,
  Paint,
  shownToken,
  shownTokens,
  someRows,
  type TerminalOptions,
  terminalTable,
} from './terminal-text.ts';

/** Chen's picture for a terminal: steps, heaviest strings, certificate, trajectories. About 30 lines. */
export function renderChen(result: ChenResult, options: TerminalOptions = {}): string {
  const paint = new Paint(options);
  return `${chenLines(result, paint, 10).join('\n')}\n`;
}

/** The state-vector picture for a terminal: stages with their top tokens, geometry. `labels` names the ids of tokens. */
export function renderQLens(
  result: QLensResult,
  labels: Readonly<Record<string, string>>,
  options: TerminalOptions = {},
): string {
  const paint = new Paint(options);
  return `${qlensLines(result, labels, paint, 25).join('\n')}\n`;
}

/** The Dyson picture for a terminal: orders, largest contributions, identity. */
export function renderDyson(result: DysonResult, options: TerminalOptions = {}): string {
  const paint = new Paint(options);
  const paths = result.paths === null ? [] : pathLines(result.paths, paint);
  return `${[...dysonLines(result, paint, { orders: 17, sublayers: 8 }), ...paths].join('\n')}\n`;
}

/** What an intervention did, on a terminal. */
export function renderIntervention(effect: InterventionEffect, token: string, changedTop: string): string {
  const { clean, changed, against } = effect;
  const of = against === null ? '' : ` less that of token ${against}`;
  return `  Intervention: the logit of ${shownToken(token)}${of} goes from ${numeral(clean)} to ${numeral(changed)} (${signedNumeral(effect.effect)}); top token ${shownToken(changedTop)}.\n`;
}

/** Attributions beside ablations, on a terminal. */
export function renderAblations({ steps, kind, correlation }: AblationReport, options: TerminalOptions = {}): string {
  const paint = new Paint(options);
  const r = (value: number | null) => (value === null ? 'undefined' : numeral(value, 3));
  const lines = [
    paint.heading(`Attributions beside ${kind === 'zero' ? 'zero' : 'mean'} ablation`),
    terminalTable(
      paint,
      [
        { head: 'sublayer' },
        { head: 'direct', numeric: true },
        { head: 'all paths', numeric: true },
        { head: 'ablated', numeric: true },
      ],
      steps.map(({ name, direct, total, ablated }) => [
        stageLabel(name),
        ...[direct, total, ablated].map((value) => signed(paint, value)),
      ]),
    ),
    ...paint.paragraph(
      `Correlation with the ablation: direct ${r(correlation.direct)}, all paths ${r(correlation.total)}.`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** Lines of {@link renderChen} with so many strings. */
export function chenLines(result: ChenResult, paint: Paint, strings: number): string[] {
  const { table, joint, certificate, trajectories, texts } = result;
  const exact = certificate.discarded === 0;
  const bound = exact ? '' : '≥';
  // Of an exact state an estimate says nothing more.
  const estimates = exact ? null : (trajectories?.entropies ?? null);
  const largest = joint[0]?.probability ?? 1;
  const lines = [
    paint.heading('Open quantum system (Chen)'),
    ...paint.paragraph(
      `${clipEnd(result.name, 60)}: V = ${count(result.V)}, ${count(result.steps)} steps, M = ${count(result.cutoff)}, dimension ${countOfDigits(result.dimension)}`,
    ),
    terminalTable(
      paint,
      [
        { head: 'step', numeric: true },
        { head: `entropy ${bound}`.trim(), numeric: true },
        ...(estimates === null ? [] : [{ head: 'estimated', numeric: true }]),
        { head: `conditional ${bound}`.trim(), numeric: true },
        { head: `purity ${bound}`.trim(), numeric: true },
        { head: 'strings', numeric: true },
        { head: 'kept', numeric: true },
        { head: 'likeliest tokens' },
      ],
      table.map((step, l) => [
        String(step.step),
        numeral(step.entropy),
        ...(estimates === null ? [] : [entropyInterval(estimates[l]!)]),
        numeral(step.conditionalEntropy),
        numeral(step.purity, 3),
        count(step.strings),
        percent(step.kept),
        likeliestColumn(step.marginal),
      ]),
    ),
    '',
    terminalTable(
      paint,
      [
        { head: 'probability', numeric: true },
        { head: texts.length > 1 ? 'outcomes (text)' : 'outcomes' },
        { head: '' },
      ],
      firstRows(joint, strings, ({ probability, labels, text }) => [
        numeral(probability),
        `${shownTokens(labels)}${texts.length > 1 ? ` (${text})` : ''}`,
        paint.as('blue', bar(probability / largest, 20)),
      ]),
    ),
    ...paint.paragraph(
      exact
        ? `Exact: nothing was dropped. ${count(joint.length)} strings.`
        : `Kept ${count(joint.length)} strings, ${percent(certificate.kept)} of the weight; exact P(A) in [σ(A), σ(A) + ${numeral(certificate.discarded)}].`,
    ),
  ];
  if (trajectories !== null) {
    const { entropyEstimate, entropyStandardError: error } = trajectories;
    const spread = error === null ? '' : ` ± ${numeral(error, 2)}`;
    lines.push(
      ...paint.paragraph(
        `${count(trajectories.count)} trajectories, ${count(trajectories.distinct)} different: entropy ${numeral(entropyEstimate)}${spread} nats`,
      ),
    );
  }
  return lines;
}

/** Lines of {@link renderQLens} with so many stages. */
export function qlensLines(
  { stages, transitions, summary, operator, alpha, V }: QLensResult,
  labels: Readonly<Record<string, string>>,
  paint: Paint,
  most: number,
): string[] {
  const label = (id: number) => shownToken(Object.hasOwn(labels, String(id)) ? labels[String(id)]! : `⟨id ${id}⟩`, 12);
  return [
    paint.heading('State vector (QLens)'),
    terminalTable(
      paint,
      [
        { head: 'stage' },
        { head: 'entropy', numeric: true },
        { head: 'KL to final', numeric: true },
        { head: 'angle', numeric: true },
        { head: 'rank', numeric: true },
        { head: 'likeliest tokens' },
      ],
      someRows(stages, most, (stage, i) => {
        const step = transitions[i - 1];
        return [
          stageLabel(stage.name),
          numeral(stage.entropy),
          numeral(stage.klFinal),
          step === undefined ? '' : numeral(step.buresAngle),
          count(stage.finalTopRank),
          stage.top
            .slice(0, 3)
            .map(({ id, probability }) => `${label(id)} ${percent(probability)}`)
            .join(', '),
        ];
      }),
    ),
    ...paint.paragraph(`Nats (ln V = ${numeral(Math.log(V))}) and radians; rank is that of the final top token.`),
    ...paint.paragraph(
      `Path ${numeral(summary.pathLength)} rad, geodesic ${numeral(summary.geodesic)} rad, efficiency ${numeral(summary.efficiency, 3)}; operator ${operator}${alpha === 1 ? '' : `, α = ${numeral(alpha)}`}.`,
    ),
  ];
}

/** Lines of {@link renderDyson} with so many orders and sublayers. */
export function dysonLines(
  { ids, row, orders, sublayers, steps, top, residual, cancellation, embeddingTopLogit, logitCap }: DysonResult,
  paint: Paint,
  most: { readonly orders: number; readonly sublayers: number },
): string[] {
  const contributions = [{ name: 'embed', topLogit: embeddingTopLogit, updateRatio: null, scale: null }, ...sublayers];
  const largest = [...contributions].sort((a, b) => Math.abs(b.topLogit) - Math.abs(a.topLogit));
  const token = shownToken(top.token);
  return [
    paint.heading('Dyson series (frozen: an identity, not a prediction)'),
    terminalTable(
      paint,
      [
        { head: 'order', numeric: true },
        { head: '‖T‖ all', numeric: true },
        { head: `‖T‖ ${tokenLabelOf({ row, ids }).replace(/ token$/, '')}`, numeric: true },
        { head: 'logit', numeric: true },
        { head: 'error of sum', numeric: true },
        { head: 'KL of sum', numeric: true },
        { head: 'rank', numeric: true },
      ],
      someRows(orders, most.orders, ({ order, normAll, normLast, topLogit, partialSum }) => [
        String(order),
        numeral(normAll),
        numeral(normLast),
        signed(paint, topLogit),
        numeral(partialSum.relativeError, 3),
        numeral(partialSum.klFinal, 3),
        count(partialSum.rankOfTop),
      ]),
    ),
    '',
    terminalTable(
      paint,
      [
        { head: steps },
        { head: `adds to the logit of ${token}`, numeric: true },
        { head: '‖δx‖/‖x‖', numeric: true },
        { head: 'σ', numeric: true },
      ],
      firstRows(largest, most.sublayers, ({ name, topLogit, updateRatio, scale }) => [
        stageLabel(name),
        signed(paint, topLogit),
        updateRatio === null ? '' : numeral(updateRatio, 3),
        scale === null ? '' : numeral(scale, 3),
      ]),
    ),
    ...paint.paragraph(
      `Logit ${numeral(top.logit)}${logitCap === undefined ? '' : ` (${numeral(logitCap.uncapped)} before its soft cap at ${numeral(logitCap.cap)}, frozen as the factor ${numeral(logitCap.factor)})`}; ‖ΣT − x‖/‖x‖ = ${numeral(residual.relativeToState, 2)}; cancellation Σ‖T‖/‖x‖ = ${numeral(cancellation, 3)}.`,
    ),
  ];
}

/** The largest paths and how they were found. */
function pathLines(found: TopPaths, paint: Paint): string[] {
  const { paths, allPaths, listed, total, compared } = found;
  return [
    '',
    terminalTable(
      paint,
      [{ head: 'path' }, { head: 'adds', numeric: true }],
      paths.map(({ channels, contribution }) => [pathLabel(channels), signed(paint, contribution)]),
    ),
    ...paint.paragraph(
      `${found.search === 'heuristic' ? 'Heuristic choice' : 'The largest'} of ${count(allPaths)} paths: ${numeral(listed)} of ${numeral(total)}, and ${percent(compared.share)} of Σ|adds| of the ${count(compared.paths)} compared.`,
    ),
    ...unseenLines(found).flatMap((line) => paint.paragraph(line)),
  ];
}

/** What is known of the paths that were not compared. */
function unseenLines({ search, unseen }: TopPaths): string[] {
  if (search === 'enumeration') return [];
  return [unseen === null ? 'The others have no bound.' : `None of the others adds more than ${numeral(unseen, 3)}.`];
}

function signed(paint: Paint, value: number): string {
  return paint.as(value < 0 ? 'red' : 'blue', signedNumeral(value, 4));
}
