import type { Analysis } from '../../analyses/analyse-prompt.ts';
import type { Provenance } from '../../analyses/provenance.ts';
import type { ChenResult } from '../../fock/chen-result.ts';
import { nextTokenFigure } from '../figures/next-token.ts';
import { figureMarkup } from '../svg/figure.ts';
import { html, type Markup } from '../text/html.ts';
import { count, numeral, percent } from '../text/numerals.ts';
import { clipEnd, printable } from '../text/printable.ts';
import { factsMarkup, tokenMarkup } from './table.ts';

/** Chips drawn of a long prompt: the first and the last of its tokens. */
const CHIPS_FIRST = 200;
const CHIPS_LAST = 400;
/** Characters shown of a long prompt. */
const PROMPT_CHARACTERS = 8000;

/** Name, prompt, numbers at a glance, warnings. */
export function opening(analysis: Analysis): Markup {
  const { checkpoint, prompt, provenance } = analysis;
  return html`<header class="top">
<p class="kicker">transformer-mechanics ${provenance.version} · ${minuteOf(provenance.createdAt)}</p>
<h1>${checkpoint.label}</h1>
<p class="soft">${checkpoint.family}, ${count(checkpoint.parameterCount)} parameters, ${plural(checkpoint.sizes.L ?? Number.NaN, 'layer')}</p>
${warnings(checkpoint.warnings)}
${prompt.text === null ? '' : html`<div class="prompt" role="region" tabindex="0" aria-label="Prompt"><bdi>${linesOf(prompt.text)}</bdi></div>\n`}
<p class="kicker">${plural(prompt.ids.length, 'token')}${prompt.bos ? (analysis.chen === null ? ', those around the text added' : ', the first one added to begin the text') : ''}; small numbers are ids</p>
${chips(analysis)}
${cards(analysis)}
</header>
`;
}

/** Distribution of the next token and the greedy continuation. */
export function nextTokenSection({ next, chen, parameters }: Analysis): Markup {
  const { greedy } = next;
  const continuation =
    greedy.ids.length > 0 &&
    html`<div><h3>Greedy continuation</h3>
<div class="prompt" role="region" tabindex="0" aria-label="Greedy continuation"><bdi>${greedy.text === null ? 'no tokenizer' : linesOf(greedy.text)}</bdi></div>
<p class="caption">The likeliest token, ${count(greedy.ids.length)} times in a row: ids ${greedy.ids.join(', ')}.</p></div>
`;
  return html`<section id="next">
<h2>${chen === null ? `Masked word, token ${parameters.position}` : 'Next token'}</h2>
<div class="figures">${figureMarkup(nextTokenFigure(next.top, chen === null))}${continuation}</div>
</section>
`;
}

/** What was read of weights that stayed in their files; nothing where none did. */
export function streamedFacts({ streamed }: Pick<Provenance, 'streamed'>): readonly (readonly [string, string])[] {
  if (streamed === undefined) return [];
  const { budget, bytesPerSweep, bytesRead } = streamed;
  return [
    ['Memory for weights', `${count(budget)} bytes`],
    ['Weights read from files', `${count(bytesPerSweep)} bytes a sweep, ${count(bytesRead)} in all`],
  ];
}

/** How the report was made. */
export function provenanceSection({ provenance, checkpoint, parameters, prompt }: Analysis): Markup {
  const { command } = provenance;
  return html`<section id="provenance">
<h2>Provenance</h2>
<div class="tables">
${factsMarkup({
  title: 'How this was made',
  caption: 'The same checkpoint, prompt, parameters, backend and version give the same numbers.',
  facts: [
    ['Package', `${provenance.package} ${provenance.version}`],
    ['Date (UTC)', provenance.createdAt],
    ['Command', commandMarkup(command)],
    ['Backend', provenance.backend],
    ['Threads', `${provenance.threads.count} (${provenance.threads.why})`],
    ['Precision', provenance.precision],
    ...streamedFacts(provenance),
    ['Checkpoint', `${checkpoint.label} (${checkpoint.family})`],
    ['Parameters of the model', count(checkpoint.parameterCount)],
    [
      'Sizes',
      Object.entries(checkpoint.sizes)
        .map(([name, size]) => `${name} = ${count(size)}`)
        .join(', '),
    ],
    ['Prompt ids', clipEnd(prompt.ids.join(', '), 2000)],
    ...Object.entries(checkpoint.fingerprint).map(
      ([file, hash]) => [`SHA-256 of ${file}`, html`<code>${hash}</code>`] as const,
    ),
    ...Object.entries(parameters).map(([name, value]) => [name, String(value)] as const),
  ],
})}
</div>
</section>
`;
}

function warnings(messages: readonly string[]): Markup | string {
  if (messages.length === 0) return '';
  return html`<div class="warning" role="note"><strong>Warnings</strong><ul>${messages.map((message) => html`<li>${message}</li>`)}</ul></div>\n`;
}

/** 1 token, 2 tokens. */
function plural(amount: number, noun: string): string {
  return `${count(amount)} ${noun}${amount === 1 ? '' : 's'}`;
}

/** 2026-11-21 14:03 UTC of an ISO 8601 date. */
function minuteOf(date: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d.*Z$/.test(date) ? `${date.slice(0, 10)} ${date.slice(11, 16)} UTC` : date;
}

/** Text with its line breaks; everything else that acts is spelled out. */
function linesOf(text: string): Markup {
  const lines = clipEnd(text, PROMPT_CHARACTERS).split('\n');
  return html`${lines.map((line, i) => [i > 0 && html`<br>`, line])}`;
}

function chips({ prompt: { ids, tokens } }: Analysis): Markup {
  const hidden = Math.max(0, ids.length - CHIPS_FIRST - CHIPS_LAST);
  const chip = (i: number) => html`<li>${tokenMarkup(tokens[i] ?? '')}<small>${String(ids[i])}</small></li>`;
  const all = Array.from(ids.keys());
  if (hidden === 0) return html`<ol class="chips" tabindex="0" aria-label="Tokens of the prompt">${all.map(chip)}</ol>`;
  const gap = html`<li class="soft">${count(hidden)} more</li>`;
  return html`<ol class="chips" tabindex="0" aria-label="Tokens of the prompt">${all.slice(0, CHIPS_FIRST).map(chip)}${gap}${all.slice(-CHIPS_LAST).map(chip)}</ol>`;
}

function cards({ next, chen, qlens, dyson }: Analysis): Markup {
  const first = next.top[0];
  const end = chen?.table.at(-1);
  const card = (term: string, value: string, note: string) =>
    html`<div><dt>${term}</dt><dd>${value}<small>${note}</small></dd></div>\n`;
  return html`<dl class="cards">
${first === undefined ? '' : html`<div><dt>${chen === null ? 'Masked word' : 'Next token'}</dt><dd>${tokenMarkup(first.token)}<small>probability ${percent(Math.exp(first.logProb))}</small></dd></div>\n`}${
  chen === null || end === undefined ? '' : card(`Entropy after ${plural(end.step, 'step')}`, ...entropyWords(chen))
}${card('Path of the state vector', `${numeral(qlens.summary.pathLength)} rad`, `efficiency ${numeral(qlens.summary.efficiency, 3)}`)}${card(
  'Cancellation of orders',
  `${numeral(dyson.cancellation, 3)} ×`,
  'Σ‖Tₖ‖ / ‖x‖',
)}${card('Dyson identity', numeral(dyson.residual.relativeToState, 2), '‖ΣTₖ − x‖ / ‖x‖: rounding')}</dl>
`;
}

/** The final entropy and where it is from: exact, estimated by trajectories, or a lower bound. */
function entropyWords({ table, certificate, trajectories }: ChenResult): [string, string] {
  const entropy = numeral(table.at(-1)?.entropy, 3);
  if (certificate.discarded === 0) return [`${entropy} nats`, 'exact: nothing was dropped'];
  const kept = `${percent(certificate.kept)} of the weight kept`;
  if (trajectories === null) return [`≥ ${entropy} nats`, kept];
  const error = trajectories.entropyStandardError;
  const spread = error === null ? '' : ` ± ${numeral(error, 2)}`;
  return [
    `${numeral(trajectories.entropyEstimate, 3)}${spread} nats`,
    `from ${count(trajectories.count)} trajectories; ${kept}`,
  ];
}

/** An argument as a shell would need it; display only. */
/** How a shell would be told to do it again. */
export function commandMarkup(command: readonly string[]): Markup | string {
  return command.length === 0 ? 'called from a program' : html`<code>tmech ${command.map(shellWord).join(' ')}</code>`;
}

function shellWord(word: string): string {
  return /^(~\/)?[\w@%+=:,./-]+$/.test(word) ? word : `'${printable(word).replaceAll("'", String.raw`'\''`)}'`;
}
