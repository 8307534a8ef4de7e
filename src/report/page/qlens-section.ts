import type { QLensResult } from '../../qlens/result.ts';
import { qlensFigures } from '../figures/qlens.ts';
import { plainTick } from '../svg/axes.ts';
import { figureMarkup } from '../svg/figure.ts';
import { html, Markup } from '../text/html.ts';
import { count, numeral, percent, signedNumeral } from '../text/numerals.ts';
import { prose } from '../text/prose.ts';
import { stageLabel, stepBetween } from '../text/stage-names.ts';
import { type Table, tableMarkup, tokenMarkup } from './table.ts';

/** Tokens in a row of the logit-lens table, and changes in a row of the transition table. */
const LENS_TOKENS = 6;
const CHANGES = 4;

/** Printable text of a token id. */
export type LabelOf = (id: number) => string;

/** Looks ids up in a result's labels; an id without one is ⟨id 17⟩. */
export function labelsFrom(labels: Readonly<Record<string, string>>): LabelOf {
  return (id) => (Object.hasOwn(labels, String(id)) ? labels[String(id)]! : `⟨id ${id}⟩`);
}

/** The state-vector picture (QLens). */
export function qlensSection(qlens: QLensResult, label: LabelOf): Markup {
  const { operator, alpha, V, stages } = qlens;
  const step = stepBetween(stages.map(({ name }) => name));
  return html`<section id="state-vector">
<h2>State vector</h2>
<p class="lead">A logit lens reads a law p over the ${count(V)} tokens out of the residual stream after every ${step}; ψ = √p is a unit vector (QLens, eqs. 5–7), and every ${step} is a unitary U = exp(iαH) that turns one into the next. Of the infinitely many such unitaries this report takes “${operator}”, α = ${plainTick(alpha)}.</p>
<div class="figures">${qlensFigures(qlens).map(figureMarkup)}</div>
<div class="tables">
${lensTable(qlens, label)}
${tableMarkup(stageTable(qlens, label))}
${tableMarkup(operatorTable(qlens))}
${tableMarkup(changeTable(qlens, label))}
</div>
</section>
`;
}

function lensTable({ stages }: QLensResult, label: LabelOf): Markup {
  const width = Math.min(LENS_TOKENS, Math.max(1, ...stages.map(({ top }) => top.length)));
  const title = 'Logit lens';
  const heads = Array.from(
    { length: width },
    (_, i) => html`<th scope="col">${i === 0 ? 'likeliest' : `${i + 1}.`}</th>`,
  );
  const rows = stages.map(
    ({ name, top }) =>
      html`<tr><th scope="row">${stageLabel(name)}</th>${Array.from({ length: width }, (_, i) =>
        lensCell(top[i], label),
      )}</tr>\n`,
  );
  return html`<div><h3>${title}</h3>
<div class="scroll" role="region" tabindex="0" aria-label="${title}"><table class="lens">
<caption><div>The likeliest tokens of every stage, read with the final norm and the unembedding; the deeper the shade, the more probable. Early stages were not trained to be read this way.</div></caption>
<thead><tr><th scope="col">stage</th>${heads}</tr></thead>
<tbody>
${rows}</tbody>
</table></div></div>
`;
}

function lensCell(entry: QLensResult['stages'][number]['top'][number] | undefined, label: LabelOf): Markup {
  if (entry === undefined) return html`<td></td>`;
  const { id, probability } = entry;
  const share = Math.min(1, Math.max(0, Number.isFinite(probability) ? probability : 0));
  return html`<td${new Markup(` style="--p:${Number(share.toFixed(3))}"`)}>${tokenMarkup(label(id))}<small>${percent(probability)}</small></td>`;
}

function stageTable({ stages }: QLensResult, label: LabelOf): Table {
  return {
    title: 'Stages',
    caption:
      'Laws against the final one. Jensen–Shannon divergence is at most ln 2 = 0.693 nats and total variation at most 1. The last column ranks the model’s final top token, 1 being the most probable.',
    columns: [
      { head: 'stage' },
      { head: 'entropy (nats)', numeric: true },
      { head: 'KL(final ‖ stage) (nats)', numeric: true },
      { head: 'Jensen–Shannon (nats)', numeric: true },
      { head: 'total variation', numeric: true },
      { head: 'largest p', numeric: true },
      { head: 'top token' },
      { head: 'rank of final token', numeric: true },
    ],
    rows: stages.map((stage) => [
      stage.name,
      numeral(stage.entropy),
      numeral(stage.klFinal),
      numeral(stage.jensenShannon),
      numeral(stage.totalVariation),
      numeral(stage.maxProbability),
      stage.top[0] === undefined ? '' : tokenMarkup(label(stage.top[0].id)),
      count(stage.finalTopRank),
    ]),
  };
}

function operatorTable({ transitions, alpha }: QLensResult): Table {
  return {
    title: 'Operators',
    caption: prose`U = exp(iαH), α = ${plainTick(alpha)}: the eigenvalues of H other than 0, its mean and spread in ψ_{in}, both sides of the Robertson–Schrödinger relation with the sampling operator S, and residuals that exact arithmetic would make 0 (Theorem 1: Δψ from the eigenpairs of H).`,
    columns: [
      { head: 'into stage' },
      { head: 'angle (rad)', numeric: true },
      { head: 'eigenvalues ≠ 0', numeric: true },
      { head: '⟨H⟩', numeric: true },
      { head: 'ΔH', numeric: true },
      { head: '(ΔS)²(ΔH)²', numeric: true },
      { head: 'lower bound', numeric: true },
      { head: '‖Uψ − ψ′‖', numeric: true },
      { head: 'unitarity', numeric: true },
      { head: 'Theorem 1', numeric: true },
    ],
    rows: transitions.map((step) => [
      stageLabel(step.to),
      numeral(step.buresAngle),
      step.identity ? 'none (identity)' : step.eigenvalues.map((value) => numeral(value)).join(', '),
      numeral(step.energy.mean),
      numeral(step.energy.deviation),
      numeral(step.uncertainty.product, 3),
      numeral(step.uncertainty.bound, 3),
      numeral(step.residuals.mapping, 2),
      numeral(step.residuals.unitarity, 2),
      numeral(step.residuals.theorem1, 2),
    ]),
  };
}

function changeTable({ transitions }: QLensResult, label: LabelOf): Table {
  const step = stepBetween(transitions.map(({ to }) => to));
  return {
    title: `What each ${step} changes`,
    caption: prose`The components of Δψ = ψ_{out} − ψ_{in} largest in size, with sign: amplitudes that the ${step} raises (+) and lowers (−).`,
    columns: [{ head: 'into stage' }, { head: '‖Δψ‖', numeric: true }, { head: 'largest components of Δψ' }],
    rows: transitions.map(({ to, distance, top }) => [
      stageLabel(to),
      numeral(distance),
      top.slice(0, CHANGES).map(({ id, change }) => {
        const sign = new Markup(change < 0 ? 'down' : 'up');
        return html`<span class="change"><span class="${sign}">${signedNumeral(change, 2)}</span> ${tokenMarkup(label(id))}</span>`;
      }),
    ]),
  };
}
