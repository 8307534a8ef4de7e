import type { Analysis } from '../../analyses/analyse-prompt.ts';
import type { ChenResult } from '../../fock/chen-result.ts';
import type { DataSetResult } from '../../qlens/data-set/result.ts';
import { figuresOfChen } from '../figures/files.ts';
import { html, Markup } from '../text/html.ts';
import { clipEnd, clipStart, printable } from '../text/printable.ts';
import { chenSection } from './chen-section.ts';
import { type DataSetRun, dataSetBody } from './data-set.ts';
import { dysonSection } from './dyson-section.ts';
import { nextTokenSection, opening, provenanceSection } from './opening.ts';
import { labelsFrom, qlensSection } from './qlens-section.ts';
import { STYLESHEET } from './stylesheet.ts';

/** What the page may load: nothing. Its own style and data: images only, no script. */
export const CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** In place of a picture that a model of masked words does not have. */
const NO_CHEN = html`<section id="chen">
<h2>Open quantum system</h2>
<p>It grows a text by the law of the token that follows. In this model every token sees the whole text, and there is no such law: the other two pictures are taken at the masked word.</p>
</section>
`;

/**
 * An analysis as one self-contained HTML page: inline SVG, no script, nothing from the network. Every text of the analysis
 * is escaped. Equal analyses give equal bytes.
 *
 * @cost well under 3 MB and a second for 60 sublayers and any V; grows with the square of the number of sublayers.
 * @example
 * await writeFile('report.html', renderReport(analysePrompt(model, prompt)));
 */
export function renderReport(analysis: Analysis): string {
  const { checkpoint, prompt } = analysis;
  const about = prompt.text === null ? `${prompt.ids.length} tokens` : `“${clipStart(printable(prompt.text), 60)}”`;
  return page(
    `${clipEnd(checkpoint.label, 80)}: ${about}`,
    html`${opening(analysis)}<main>
${nextTokenSection(analysis)}${analysis.chen === null ? NO_CHEN : chenSection(analysis.chen)}${qlensSection(
  analysis.qlens,
  labelsFrom(analysis.labels),
)}${dysonSection(analysis.dyson)}${provenanceSection(analysis)}</main>`,
    analysis.provenance.version,
  );
}

/**
 * A run of Chen's model alone as such a page.
 *
 * @example
 * await writeFile('chen.html', renderChenPage(runChen(system), VERSION));
 */
export function renderChenPage(chen: ChenResult, version: string): string {
  const title = clipEnd(printable(chen.name), 80);
  return page(
    title,
    html`<header class="top">
<p class="kicker">transformer-mechanics ${version}</p>
<h1>${title}</h1>
</header>
<main>
${chenSection(chen, figuresOfChen(chen))}</main>`,
    version,
  );
}

/**
 * A data set of QLens as such a page: its tables, and the figures of every step.
 *
 * @cost about 100 bytes for each point of a figure.
 * @example
 * await writeFile('qlens.html', renderDataSetPage(analyseDataSet(backend, operators), run));
 */
export function renderDataSetPage(result: DataSetResult, run: DataSetRun): string {
  const about = run.checkpoint === undefined ? 'laws of another program' : clipEnd(printable(run.checkpoint.label), 60);
  const title = `${about}: ${result.texts} predictions`;
  return page(title, dataSetBody(title, result, run), run.provenance.version);
}

/** A whole page round a body. */
export function page(title: string, body: Markup, version: string): string {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(CONTENT_SECURITY_POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title} – transformer-mechanics</title>
<style>${new Markup(STYLESHEET)}</style>
</head>
<body>
${body}
<footer>Written by transformer-mechanics ${version}. Equation numbers are those of the three papers the package implements. Nats throughout: natural logarithms.</footer>
</body>
</html>
`.source;
}
