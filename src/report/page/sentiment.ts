import { SLIPS } from '../../analyses/sentiment/published.ts';
import type { SentimentResult } from '../../analyses/sentiment/result.ts';
import { dataSetFigures } from '../figures/data-set.ts';
import { figureMarkup } from '../svg/figure.ts';
import { html, type Markup } from '../text/html.ts';
import {
  baselineTable,
  comparisonTable,
  corpusLine,
  findings,
  type SentimentTable,
  seedTable,
} from '../text/sentiment-tables.ts';
import { page } from './report.ts';
import { tableMarkup } from './table.ts';

/** The sentiment experiment as one self-contained page. */
export function renderSentimentPage(result: SentimentResult, version: string): string {
  const { runs, first } = result;
  const table = (content: SentimentTable): Markup => tableMarkup(content);
  return page(
    'Sentiment experiment of QLens',
    html`<header class="top">
<p class="kicker">transformer-mechanics ${version}</p>
<h1>Sentiment experiment of QLens</h1>
<p class="soft">${corpusLine(result)}</p>
</header>
<main>
<section id="findings">
<h2>What came out</h2>
${findings(result).map((finding) => html`<p>${finding}</p>\n`)}<div class="tables">
${table(comparisonTable(result))}${table(seedTable(result))}</div>
</section>
<section id="operators">
<h2>Operators of seed ${runs[0]!.seed}</h2>
<p>Attention moves the state from the embedding to the stage after the first norm, the MLP from there to the output. Unit 1 is “negative”, unit 2 “positive”. The class token has the same embedding in every text, so all texts start from one state, and attention’s Δψ lie on one arc.</p>
<div class="figures">${dataSetFigures(first).flat().map(figureMarkup)}</div>
</section>
<section id="baselines">
<h2>Chance</h2>
<div class="tables">
${table(baselineTable(result, first.permutations))}</div>
</section>
<section id="slips">
<h2>Known slips of the published numbers</h2>
<ol>
${SLIPS.map((slip) => html`<li>${slip}</li>\n`)}</ol>
</section>
</main>`,
    version,
  );
}
